// The life of an annual report: drafted, stopped by a figure nobody entered, mended, reviewed, approved, published,
// corrected; the public sees each version.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE, visit, withPage } from "./harness.mjs";
import { REFUSALS, UNIT, figures, heading, reasons, signIn, signOut, told } from "./journey.mjs";

// The sample has published 2020 and 2021; the next year is this journey's own.
const YEAR = 2022;
const REPORT = `/desk/reports/${UNIT}/${YEAR}`;
const NAME = `高平市人民政府办公室${YEAR}年度报告`;

/** Somebody signs in, opens the report, does something and signs out. */
async function as(page, login, use) {
  await signIn(page, login);
  await visit(page, REPORT);
  await heading(page, NAME);
  await use();
  await signOut(page);
}

/** Writes a part of the report. */
async function write(page, part, text) {
  await page.getByRole("region", { name: "编写正文" }).getByRole("link", { name: part, exact: true }).click();
  await heading(page, `编写“${part}”`);
  await page.getByLabel("正文").fill(text);
  await page.getByRole("button", { name: "保存" }).click();
  await told(page, "已经保存");
}

/** Presses a button and waits for what it reports. */
async function press(page, button, done) {
  await page.getByRole("button", { name: button, exact: true }).click();
  await told(page, done);
}

test(`a report is drafted, held up, mended, published and corrected (${ENGINE})`, () =>
  withPage({ tolerate: REFUSALS }, async (page) => {
    // Publishing asks once more; the answer is yes.
    page.on("dialog", (dialog) => dialog.accept());

    await signIn(page, "officer");
    await visit(page, `/desk/reports?year=${YEAR}`);
    await page.getByRole("link", { name: "高平市人民政府办公室" }).click();
    await press(page, "起草年度报告", "已经起草");
    await page.getByRole("region", { name: "编写正文" }).getByRole("link", { name: "总体情况", exact: true }).click();

    // A figure is put in by a button, and the preview shows that nobody has entered it.
    const text = page.getByLabel("正文");
    await text.fill("本年收到申请{{requests.new_requests.total}}件，编印政府公报");
    await text.press("End");
    await page.getByRole("button", { name: /^插入政府公报期数/ }).click();
    await page.keyboard.type("期。（样例）");
    assert.equal(await text.inputValue(), "本年收到申请{{requests.new_requests.total}}件，编印政府公报{{gazette.issues}}期。（样例）");
    const preview = page.getByRole("region", { name: "预览" });
    await preview.getByText("本年收到申请0件，编印政府公报（暂无数据：政府公报期数）期。（样例）").waitFor();

    // A name that means nothing is refused, and the text is kept.
    const good = await text.inputValue();
    await text.fill(`${good}{{no.such.figure}}`);
    await page.getByRole("button", { name: "保存" }).click();
    assert.match((await reasons(page)).join("；"), /no\.such\.figure/);
    assert.equal(await text.inputValue(), `${good}{{no.such.figure}}`);
    await text.fill(good);
    await page.getByRole("button", { name: "保存" }).click();
    await told(page, "已经保存");
    await write(page, "存在的主要问题及改进情况", "公文属性认定还不够及时，下一年度逐月核对。（样例）");

    // The page says what stands in the way before anybody tries.
    const findings = page.getByRole("region", { name: "核查意见" });
    const missing = findings.getByRole("listitem").filter({ hasText: "政府公报期数" });
    await missing.getByText("妨碍公布").waitFor();
    await signOut(page);

    await as(page, "reviewer", () => press(page, "审核通过", "已经审核通过"));
    await as(page, "head", async () => {
      await press(page, "批准", "已经批准");
      await page.getByRole("button", { name: "公布", exact: true }).click();
      const said = await reasons(page);
      assert.equal(said.length, 1, said.join("；"));
      assert.match(said[0], /政府公报期数/);
    });
    await visit(page, `/reports/${UNIT}/${YEAR}`, 404);

    // The figure is entered in its register; the text follows it without being touched.
    await as(page, "officer", async () => {
      await visit(page, "/desk/figures/new");
      await page.getByLabel("统计年度").selectOption(String(YEAR));
      await page.getByLabel("指标").selectOption("gazette.issues");
      await page.getByLabel("数值").fill("6");
      await page.getByLabel("数据来源").fill("公报编辑部目录（样例）");
      const measure = page.getByRole("combobox", { name: "计量单位" });
      if (await measure.count()) await measure.selectOption({ label: "期" });
      await page.getByRole("button", { name: "填报数据" }).click();
      await told(page, "已经登记");
      await visit(page, REPORT);
      await page.getByText("编印政府公报6期").waitFor();
      assert.equal(await missing.count(), 0, "nothing stands in the way any more");
    });
    await as(page, "head", () => press(page, "公布", "已经公布"));

    await visit(page, `/reports/${UNIT}/${YEAR}`);
    await page.getByText("编印政府公报6期。（样例）").waitFor();
    const first = await figures(page);
    assert.equal(await page.getByRole("heading", { name: "版本" }).count(), 0, "one version needs no list");

    // A correction goes the whole way again and says why.
    await as(page, "reviewer", async () => {
      await page.getByLabel("需要修改的内容").fill("补充公报的发行方式（样例）");
      await press(page, "退回起草，准备更正", "已经退回修改");
    });
    await as(page, "officer", () => write(page, "其他需要报告的事项", "政府公报在图书馆免费取阅。（样例）"));
    await visit(page, `/reports/${UNIT}/${YEAR}`);
    assert.equal(await page.getByText("图书馆").count(), 0, "a draft is not public");
    await as(page, "reviewer", () => press(page, "审核通过", "已经审核通过"));
    await as(page, "head", async () => {
      await press(page, "批准", "已经批准");
      await page.getByRole("button", { name: "更正后重新公布" }).click();
      assert.match((await reasons(page)).join("；"), /写明原因/);
      await page.getByLabel("更正说明").fill("补充公报的发行方式（样例）");
      await press(page, "更正后重新公布", "已经公布");
    });

    // The public sees the new version, why there is one, and the old one marked as such.
    await visit(page, `/reports/${UNIT}/${YEAR}`);
    await page.getByText("政府公报在图书馆免费取阅。（样例）").waitFor();
    await page.getByText(/^更正说明：补充公报的发行方式（样例）/).waitFor();
    assert.deepEqual(await figures(page), first, "the figures were not touched");
    const versions = page.getByRole("complementary", { name: "版本" });
    assert.equal(await versions.getByRole("listitem").count(), 2);
    await versions.getByRole("link", { name: "首次公布" }).click();
    await page.getByText("这是已被更正的旧版本").waitFor();
    assert.equal(await page.getByText("图书馆").count(), 0, "the old version is as it was");
    await page.getByRole("link", { name: "查看更正后的最新版本" }).click();
    await page.getByText("政府公报在图书馆免费取阅。（样例）").waitFor();
    await visit(page, "/reports");
    const row = page.getByRole("row").filter({ hasText: `${YEAR}年政府信息公开工作年度报告` });
    await row.getByText(/更正$/).waitFor();
  }));

test(`who may not act is offered nothing to act with (${ENGINE})`, () =>
  withPage({ tolerate: REFUSALS }, async (page) => {
    await signIn(page, "supervisor");
    await visit(page, `/desk/reports/${UNIT}/2021`);
    await page.getByText("报告已经公布").waitFor();
    const own = page.getByRole("region", { name: "下一步" });
    assert.equal(await own.getByRole("button").count(), 0);
    assert.equal(await page.getByRole("region", { name: "编写正文" }).count(), 0);
    const answer = await visit(page, `/desk/reports/${UNIT}/2021/text/overview`, null);
    assert.equal(answer.status(), 403);
    await heading(page, "没有权限");
  }));
