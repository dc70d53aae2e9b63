// A reader looks for the annual report, compares it, takes it along and asks the calendar. All of it once with script
// and once without.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, screenshot, visit, withPage } from "./harness.mjs";
import { REFUSALS, UNIT, assertFigures, figures, heading, published } from "./journey.mjs";

const TITLE = /高平市人民政府办公室\s*2020年政府信息公开工作年度报告/;

// What a file of each kind begins with, and its media type.
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const FILES = [
  ["Word文档", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP],
  ["PDF文件", "pdf", "application/pdf", [...Buffer.from("%PDF-")]],
  ["Excel表格", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP],
  ["CSV数据", "csv", "text/csv", null],
  ["JSON数据", "json", "application/json", [...Buffer.from("{")]],
  ["Markdown文本", "md", "text/markdown", [...Buffer.from("#")]],
];

for (const script of [true, false]) {
  const how = script ? "with script" : "without script";

  test(`a reader finds the report of 2020, and its tables are the published ones (${ENGINE}, ${how})`, async () => {
    const truth = await published("data/reports/gaoping-office-2020.truth.json");
    assert.equal(Object.keys(truth.cells).length, 198);
    await withPage({ script }, async (page) => {
      await visit(page, "/");
      await page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "政府信息公开年报" }).click();
      await heading(page, "政府信息公开年报");
      await page.getByRole("link", { name: TITLE }).click();
      await heading(page, TITLE);
      assertFigures(await figures(page), truth.cells);
      assert.equal(await page.getAttribute("meta[name=ArticleTitle]", "content"), truth.organization + "2020年政府信息公开工作年度报告");
    });
  });

  test(`the report can be taken along as six kinds of file (${ENGINE}, ${how})`, async () => {
    const truth = await published("data/reports/gaoping-office-2020.truth.json");
    await withPage({ script }, async (page) => {
      await visit(page, `/reports/${UNIT}/2020`);
      for (const [label, ending, type, start] of FILES) {
        const link = page.getByRole("navigation", { name: "下载本报告" }).getByRole("link", { name: label });
        const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
        assert.equal(download.suggestedFilename(), `高平市人民政府办公室2020年政府信息公开工作年度报告.${ending}`);
        const bytes = await readFile(await download.path());
        if (start) assert.deepEqual([...bytes.subarray(0, start.length)], start, `${label} begins like one`);
        else assert.ok(bytes.includes("requests.new_requests.total"), `${label} names its cells`);
        if (ending === "json") assertFigures(JSON.parse(bytes).cells, truth.cells);
        const answer = await page.context().request.get(download.url());
        assert.equal(answer.headers()["content-type"].split(";")[0], type, label);
      }
    });
  });

  test(`the report of 2021 is on the form of 2021 and its columns balance (${ENGINE}, ${how})`, async () => {
    const form = await published("forms/2021.json");
    await withPage({ script }, async (page) => {
      await visit(page, `/reports/${UNIT}/2021`);
      const shown = await figures(page);
      for (const { columns, rows } of form.proactive.blocks) {
        for (const column of columns) await page.getByRole("columnheader", { name: column.label, exact: true }).first().waitFor();
        for (const row of rows) await page.getByRole("rowheader", { name: row.label, exact: true }).first().waitFor();
      }
      for (const column of [...form.requests.columns.map((c) => c.id), "total"]) {
        const of = (row) => shown[`requests.${row}.${column}`];
        assert.equal(
          of("new_requests") + of("carried_over_in"),
          of("results_total") + of("carried_over_out"),
          `table three balances in the column ${column}`,
        );
      }
      assert.ok(shown["requests.carried_over_out.total"] > 0, "the sample carries a request over, or nothing was compared");
    });
  });

  test(`a reader searches by words, then by year (${ENGINE}, ${how})`, () =>
    withPage({ script }, async (page) => {
      await visit(page, "/");
      await page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "政府信息公开年报" }).click();
      await heading(page, "政府信息公开年报");
      await page.getByLabel("词语").fill("办公室 2020");
      await page.getByRole("button", { name: "查找" }).click();
      await page.getByRole("link", { name: TITLE }).waitFor();

      await page.getByLabel("词语").fill("拖拉机手册");
      await page.getByRole("button", { name: "查找" }).click();
      await page.getByText("找到0份报告").waitFor();
      assert.equal(await page.getByRole("link", { name: TITLE }).count(), 0);
      await page.getByText("没有符合条件的年度报告").waitFor();

      await visit(page, "/reports");
      await page.getByRole("combobox", { name: "年度" }).selectOption("2020");
      // With script the choice applies at once.
      if (!script) await page.getByRole("button", { name: "查找" }).click();
      await page.getByText("找到1份报告").waitFor();
      await page.getByRole("link", { name: TITLE }).waitFor();
    }));

  test(`a reader finds a document by its number and pages through the others (${ENGINE}, ${how})`, () =>
    withPage({ script }, async (page) => {
      await visit(page, "/documents");
      await page.getByLabel("标题或者发文字号").fill("高政办发〔2021〕36号");
      await page.getByRole("button", { name: "查找" }).click();
      await heading(page, "政策文件");
      const found = page.locator(".documents li");
      assert.equal(await found.count(), 1);
      const title = await found.getByRole("link").innerText();
      await found.getByRole("link").click();
      await heading(page, title);
      await page.getByText("高政办发〔2021〕36号").waitFor();
      await assertAccessible(page);
      await assertNoSidewaysScroll(page);
      await screenshot(page, `public-document-${how.replaceAll(" ", "-")}-${ENGINE}`);

      await visit(page, "/documents");
      const first = await page.locator(".documents a").first().innerText();
      await page.getByRole("link", { name: "下一页" }).click();
      await heading(page, "政策文件");
      assert.notEqual(await page.locator(".documents a").first().innerText(), first);
      await page.getByRole("link", { name: "第一页", exact: true }).click();
      await heading(page, "政策文件");
      assert.equal(await page.locator(".documents a").first().innerText(), first);

      // What is in force is a part of what is public.
      await page.getByRole("combobox", { name: "有效性" }).selectOption("yes");
      if (!script) await page.getByRole("button", { name: "查找" }).click();
      await page.waitForURL(/force=yes/);
      assert.deepEqual(new Set(await page.locator(".documents .badge").allInnerTexts()), new Set(["有效"]));
    }));

  test(`the calendar counts the working days of 2020 and reckons a term (${ENGINE}, ${how})`, () =>
    withPage({ script, tolerate: REFUSALS }, async (page) => {
      await visit(page, "/calendar");
      await page.getByRole("combobox", { name: "年度" }).selectOption("2020");
      if (!script) await page.getByRole("button", { name: "查看" }).click();
      await page.getByRole("heading", { name: "2020年", exact: true }).waitFor();
      await page.getByText("249个工作日", { exact: true }).waitFor();

      await page.getByLabel("起算日期").fill("2020-01-15");
      await page.getByLabel("工作日数").fill("20");
      await page.getByRole("button", { name: "计算" }).click();
      const result = page.getByRole("status");
      await result.getByText("2020年1月15日之后第20个工作日是2020年2月19日（星期三）").waitFor();
      await result.getByText("春节放假", { exact: false }).waitFor();

      await page.getByLabel("工作日数").fill("");
      await page.getByRole("button", { name: "计算" }).click();
      await page.getByRole("alert").getByText("工作日数应当填写数字").waitFor();
    }));

  test(`an unknown address says so in a sentence and leads home (${ENGINE}, ${how})`, () =>
    withPage({ script, tolerate: REFUSALS }, async (page) => {
      for (const address of ["/no-such-page", `/reports/${UNIT}/1999`, "/reports/no-such-unit/2020", "/desk/nothing"]) {
        await visit(page, address, 404);
        await heading(page, "没有找到");
        const sentence = await page.locator("main p.lead").innerText();
        assert.match(sentence, /请/, `${address}: the sentence “${sentence}” says what to do`);
        await page.getByRole("main").getByRole("link", { name: "返回首页" }).click();
        await heading(page, "高平市政府信息公开");
      }
    }));
}
