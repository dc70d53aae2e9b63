// A county of sixty units collects its annual reports: filed, one returned line by line and filed again, all accepted, added
// up, published; the government's table ties out with figures that this test adds up itself. With script and without.
//
// The county is one of its own, made with the program, on the engine that is tested.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ENGINE, assertNoSidewaysScroll, looks, visit, withPage } from "./harness.mjs";
import { REFUSALS, assertFigures, figures, fillSignIn, heading, look, reasons, signOut, told } from "./journey.mjs";

// Last year's reports with script, those of three years ago without: no year is compared with the other.
const LAST = new Date().getFullYear() - 1;
const YEARS = [LAST, LAST - 2];
const PASSWORD = "Yangli-2024-baogao";
const folder = mkdtempSync(join(tmpdir(), "gongkai-collection-"));
const region = "149901";
const env = { ...process.env, GONGKAI_KEY: randomBytes(16).toString("hex"), GONGKAI_PROXY: "1" };
// With a database, files and index lie here; with a folder, everything does.
const place = process.env.DEMO_DATABASE
  ? ["--database", process.env.DEMO_DATABASE, "--region", region]
  : ["--data", join(folder, "data"), "--region", region];
if (process.env.DEMO_DATABASE) {
  env.GONGKAI_FILES = join(folder, "files");
  env.GONGKAI_INDEX = join(folder, "index");
}
let server;

const gongkai = (args, input) =>
  execFileSync(process.env.GONGKAI_PROGRAM, [...args, ...place], { env, input, maxBuffer: 1 << 26, stdio: ["pipe", "pipe", "pipe"] });

/** Sixty units of one county: its office, forty-seven departments, twelve townships. */
const UNITS = [{ code: "yl-office", name: "样例县人民政府办公室", short: "县政府办", kind: "政府办公厅（室）", level: "县级" }];
for (let n = 1; n <= 47; n++) {
  const code = `yl-d${String(n).padStart(2, "0")}`;
  UNITS.push({ code, name: `样例县第${n}局`, short: `第${n}局`, kind: "政府部门", level: "县级" });
}
for (let n = 1; n <= 12; n++) {
  const code = `yl-t${String(n).padStart(2, "0")}`;
  UNITS.push({ code, name: `样例县第${n}镇人民政府`, short: `第${n}镇`, kind: "乡镇（街道）", level: "乡级" });
}
/** The unit that writes its report here and files it in the browser. */
const OWN = UNITS[1];

/** The figures of a unit: so many requests of two kinds of applicants, all but one granted. */
function filled(cells, n) {
  const all = Object.fromEntries(Object.keys(cells).map((cell) => [cell, 0]));
  const row = (name, people, firms) => {
    all[`requests.${name}.natural_person`] = people;
    all[`requests.${name}.commercial_enterprise`] = firms;
    all[`requests.${name}.total`] = people + firms;
  };
  row("new_requests", n, 2);
  row("granted", n - 1, 2);
  row("results_total", n - 1, 2);
  row("carried_over_out", 1, 0);
  all["proactive.licensing.decisions"] = 3 * n;
  all["proactive.charges.amount"] = n + 0.25;
  all["disputes.reconsideration.upheld"] = n % 3;
  all["disputes.reconsideration.total"] = n % 3;
  return all;
}

/** A text of its own for every unit. */
function prose(n) {
  const topics = ["公文公开属性认定", "政策解读", "依申请公开答复", "基层标准目录", "政务新媒体", "培训指导", "网站检索", "热线办理"];
  const pick = (k) => topics[(n * 7 + k * k * 3) % topics.length];
  const own = (k) => String.fromCodePoint(...Array.from({ length: 40 }, (_, i) => 0x4e00 + ((n * 131 + k * 977 + i * (37 + n)) % 6000)));
  return Array.from({ length: 5 }, (_, k) => `${pick(k)}方面，${own(k)}。`).join("\n");
}

before(async () => {
  gongkai(["init", "--name", "样例县"]);
  const heads = "代码,名称,简称,类别,层级,上级机关,汇总机关,设立日期";
  const rows = ["yl,样例县人民政府,县政府,人民政府,县级,,,2010-01-01"];
  rows.push(...UNITS.map((u) => `${u.code},${u.name},${u.short},${u.kind},${u.level},yl,yl,2010-01-01`));
  // Vertically led: it lies in the county and reports to its own system.
  rows.push("yl-tax,样例县税务局,县税务局,政府部门,县级,yl,,2010-01-01");
  writeFileSync(join(folder, "units.csv"), [heads, ...rows].join("\n"));
  gongkai(["import", "units", join(folder, "units.csv")]);
  for (const [login, name, unit, roles] of [
    ["admin", "样例管理员", null, "administrator"],
    ["main", "样例主管人员", "yl-office", "officer,reviewer,head"],
    ["own", "样例报送人员", OWN.code, "officer,reviewer,head"],
  ]) {
    const args = ["user", "add", login, "--name", name, "--role", roles, ...(unit ? ["--unit", unit] : [])];
    gongkai(args, `${PASSWORD}\n`);
  }
  for (const year of YEARS) {
    const empty = JSON.parse(gongkai(["report", "build", "--unit", "yl-office", "--year", String(year)]));
    const files = UNITS.map((unit, n) => {
      const text = prose(n + 1);
      const file = join(folder, `${unit.code}-${year}.json`);
      const texts = { overview: text, problems: [...text].reverse().join(""), other_matters: "本年度没有收取信息处理费，收取0元。" };
      writeFileSync(file, JSON.stringify({ ...empty, unit: { name: unit.name }, cells: filled(empty.cells, n + 1), texts }));
      return file;
    });
    files.splice(UNITS.indexOf(OWN), 1);
    gongkai(["report", "file", ...files]);
  }
  const port = await new Promise((free) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => free(port));
    });
  });
  server = spawn(process.env.GONGKAI_PROGRAM, ["serve", ...place, "--listen", `127.0.0.1:${port}`], { env, stdio: "ignore" });
  process.env.BASE_URL = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const answer = await fetch(process.env.BASE_URL).catch(() => null);
    if (answer?.ok) break;
    assert.ok(tries < 300, "the county is not served");
    await new Promise((later) => setTimeout(later, 100));
  }
});

after(() => {
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function as(page, login, use) {
  await visit(page, "/desk/sign-in");
  await fillSignIn(page, login, PASSWORD);
  await page.getByRole("button", { name: "退出登录" }).waitFor();
  await use();
  await signOut(page);
}

async function press(page, button, done) {
  await page.getByRole("button", { name: button, exact: true }).click();
  await told(page, done);
}

/** How many units are in a state, as the list counts them. */
const counted = (page, label) =>
  page.getByRole("list", { name: "报送概况" }).getByRole("link").filter({ hasText: label }).locator("strong").innerText();

for (const [n, script] of [true, false].entries()) {
  const year = YEARS[n];
  const tag = script ? "with-script" : "without-script";
  test(`sixty units are added up (${ENGINE}, ${tag.replace("-", " ")})`, () =>
    withPage({ script, tolerate: REFUSALS }, async (page) => {
      page.on("dialog", (dialog) => dialog.accept());
      const own = `/desk/reports/${OWN.code}/${year}`;
      const filing = `/desk/report-filings/${OWN.code}/${year}`;
      const list = `/desk/collections/yl/${year}`;

      // The office collects, a few days before the law's last day, which nobody may move.
      await as(page, "admin", async () => {
        await visit(page, "/desk/collections/yl/setup");
        await page.getByLabel("政府信息公开工作主管部门").selectOption({ label: UNITS[0].name });
        await page.getByLabel("部门报送期限").fill("2月1日");
        await page.getByRole("button", { name: "保存" }).click();
        assert.match((await reasons(page)).join("；"), /部门报送期限不能晚于1月31日/);
        await look(page, `collection-setup-${tag}`);
        await page.getByLabel("部门报送期限").fill("1月26日");
        await press(page, "保存", "已经保存");
      });

      // A unit files what was approved, not a draft.
      await as(page, "own", async () => {
        await visit(page, own);
        await press(page, "起草年度报告", "已经起草");
        await visit(page, filing);
        await page.getByRole("button", { name: "报送", exact: true }).click();
        assert.match((await reasons(page)).join("；"), /经批准以后才能报送/);
        await visit(page, own);
        await press(page, "审核通过", "已经审核通过");
        await press(page, "批准", "已经批准");
        await page.getByRole("link", { name: "向汇总机关报送" }).click();
        await press(page, "报送", "已经报送");
      });

      // The office sees who has filed, and returns one report with reasons at two figures.
      await as(page, "main", async () => {
        await visit(page, "/desk");
        if (n === 0) await page.getByRole("link", { name: /报送的年度报告待审核/ }).waitFor();
        await visit(page, list);
        assert.equal(await counted(page, "待审核"), "60");
        assert.equal(await counted(page, "已接收"), "0");
        await page.getByText("应当汇总60个机关的报告，已接收0个").waitFor();
        await look(page, `collection-list-${tag}`);
        await page.getByRole("link", { name: OWN.name, exact: true }).click();
        await page.getByRole("button", { name: "标注问题" }).click();
        assert.match((await reasons(page)).join("；"), /请选择有问题的单元格/);
        const wrong = ["表二“行政许可”的“本年处理决定数量”", "表三“一、本年新收政府信息公开申请数量”的“自然人”"];
        for (const cell of wrong) await page.getByRole("checkbox", { name: `标注${cell}` }).check();
        await page.getByLabel("问题和修改要求").fill("与报送的台账不一致，请核实（样例）");
        await press(page, "标注问题", "已经标注");
        assert.equal(await page.getByRole("button", { name: "接收", exact: true }).count(), 0, "marked is not accepted");
        await look(page, `collection-marked-${tag}`);
        await page.getByLabel("退回意见").fill("请核实后重新报送（样例）");
        await press(page, "退回", "已经退回修改");
      });

      // The unit changes one figure in its register and says why the other stays.
      await as(page, "own", async () => {
        await visit(page, filing);
        await page.getByRole("button", { name: "重新报送" }).click();
        assert.match((await reasons(page)).join("；"), /没有修改，请修改，或者说明不修改的理由/);
        await visit(page, "/desk/figures/new");
        await page.getByLabel("统计年度").selectOption(String(year));
        await page.getByLabel("指标").selectOption("proactive.licensing.decisions");
        await page.getByLabel("数值").fill("41");
        await page.getByLabel("数据来源").fill("行政许可台账（样例）");
        const measure = page.getByRole("combobox", { name: "计量单位" });
        if (await measure.count()) await measure.selectOption({ label: "件" });
        await page.getByRole("button", { name: "填报数据" }).click();
        await told(page, "已经登记");
        await visit(page, filing);
        await look(page, `collection-returned-${tag}`);
        await page.getByLabel(/^表三“一、本年新收政府信息公开申请数量”的“自然人”没有修改的理由/).fill("本年确实没有收到申请（样例）");
        await press(page, "重新报送", "已经报送");
      });

      await as(page, "main", async () => {
        // Only what is new has to be looked at again.
        await visit(page, filing);
        await page.getByText("修改了1个数据").waitFor();
        assert.equal(await page.locator("[data-cell='proactive.licensing.decisions'] .was").innerText(), "原0");
        await page.getByText("报送单位说明：本年确实没有收到申请（样例）").waitFor();
        await look(page, `collection-again-${tag}`);
        await press(page, "接收", "已经接收");

        // Everything without findings at once; what has findings is opened.
        await visit(page, list);
        assert.equal(await counted(page, "已接收"), "1");
        await press(page, "接收所选的报告", "已经接收");
        assert.equal(await counted(page, "已接收"), "59", "all without findings");
        await visit(page, `${list}?state=filed`);
        await page.getByRole("link", { name: UNITS[0].name, exact: true }).click();
        await page.getByRole("heading", { name: "核查意见" }).waitFor();
        await look(page, `collection-findings-${tag}`);
        await press(page, "接收", "已经接收");
        await visit(page, list);
        assert.equal(await counted(page, "已接收"), "60", "sixty accepted");
        await page.getByText("可以汇总公布").waitFor();
        await page.getByRole("link", { name: "文字雷同" }).click();
        await page.getByText("没有文字雷同的报告").waitFor();

        // The table is the sum, and each figure opens the units behind it.
        await visit(page, list);
        await page.getByRole("link", { name: "汇总表" }).click();
        await look(page, `collection-sum-${tag}`);
        await page.getByRole("link", { name: "各机关报送情况" }).waitFor();
        await visit(page, `/desk/reports/yl/${year}/government/cells/requests.new_requests.natural_person`);
        const behind = page.getByRole("region", { name: "各机关的数字" }).last();
        assert.equal(await behind.locator("tbody tr").count(), 61, "sixty units and the government itself");
        const values = await behind.locator("tbody td.number").allInnerTexts();
        const whole = values.map(Number).reduce((a, b) => a + b, 0);
        assert.equal(await behind.locator("tfoot td.number").innerText(), String(whole));
        await look(page, `collection-cell-${tag}`);

        const sum = `/desk/reports/yl/${year}/government`;
        await visit(page, sum);
        await press(page, "起草年度报告", "已经起草");
        await press(page, "审核通过", "已经审核通过");
        await press(page, "批准", "已经批准");
        await press(page, "公布", "已经公布");
      });

      // The published table ties out with a sum made here.
      await visit(page, `/reports/yl/${year}/government`);
      const shown = await figures(page);
      const right = Object.fromEntries(Object.keys(shown).map((cell) => [cell, 0]));
      UNITS.forEach((unit, k) => {
        const cells = unit === OWN ? { "proactive.licensing.decisions": 41 } : filled(shown, k + 1);
        for (const [cell, value] of Object.entries(cells)) right[cell] += value;
      });
      assert.ok(right["requests.new_requests.total"] > 1800 && right["proactive.charges.amount"] > 1800);
      assertFigures(shown, right);

      // So does what everybody may download.
      const open = await (await page.request.get(new URL(`/reports/data/all.json?year=${year}`, page.url()).href)).json();
      assert.equal(open.reports.length, 1, "only what is published");
      assertFigures(open.reports[0].cells, right);
      const table = await (await page.request.get(new URL(`/reports/data/all.csv?year=${year}`, page.url()).href)).text();
      const total = right["requests.new_requests.total"];
      assert.ok(table.split("\r\n").some((row) => row.includes("requests.new_requests.total") && row.includes(`,${total},`)));
      const schema = await page.request.get(new URL(open.$schema, page.url()).href);
      assert.equal((await schema.json()).$id, open.$schema);
      await visit(page, "/reports");
      await page.getByRole("link", { name: "年报数据：比较和下载" }).click();
      await heading(page, "年报数据");
      await page.getByLabel("年度", { exact: true }).selectOption(String(year));
      await page.getByRole("button", { name: "查看" }).click();
      await page.getByRole("heading", { name: `${year}年各机关表三“一、本年新收政府信息公开申请数量”的“总计”` }).waitFor();
      const line = page.getByRole("row").filter({ hasText: "样例县人民政府（本级政府）" });
      assert.ok((await line.innerText()).includes(String(total)));
      await look(page, `report-data-${tag}`);

      // The command line says the same.
      const told60 = JSON.parse(gongkai(["report", "consolidate", "--unit", "yl", "--year", String(year)]));
      assertFigures(told60.cells, right);
      assert.equal(told60.consolidation.members.length, 60);
    }));
}

test(`who is not waited for is named with a reason, and a unit takes its filing back (${ENGINE})`, () =>
  withPage({ tolerate: REFUSALS }, async (page) => {
    // The year between, in which nobody has filed.
    const year = LAST - 1;
    const late = UNITS[4];
    await as(page, "main", async () => {
      await visit(page, `/desk/report-filings/${late.code}/${year}`);
      await page.getByLabel("不汇总的理由").fill("撤销");
      await page.getByRole("button", { name: "登记为不汇总" }).click();
      assert.match((await reasons(page)).join("；"), /应当写明理由/);
      await page.getByLabel("不汇总的理由").fill("机构改革中撤销（样例）");
      await press(page, "登记为不汇总", "已经登记");
      await page.locator(".docket-head").getByText("不汇总").waitFor();
      await visit(page, `/desk/reports/yl/${year}/government`);
      await page.getByText(/应当汇总60个机关的报告，已接收0个，还有59个没有接收/).waitFor();
      const stands = page.getByRole("region", { name: "核查意见" }).getByRole("listitem").filter({ hasText: "H-COVER" });
      await stands.getByText("妨碍公布").waitFor();
      await page.getByText("各机关（60个）").click();
      const line = page.getByRole("region", { name: "汇总范围" }).getByRole("row").filter({ hasText: late.short });
      assert.match(await line.first().innerText(), /不汇总\s+机构改革中撤销（样例）/);
    });
    const written = JSON.parse(gongkai(["report", "build", "--unit", OWN.code, "--year", String(year)]));
    const file = join(folder, "own.json");
    writeFileSync(file, JSON.stringify({ ...written, cells: filled(written.cells, 5) }));
    gongkai(["report", "file", file]);
    await as(page, "own", async () => {
      await visit(page, `/desk/report-filings/${OWN.code}/${year}`);
      assert.equal(await page.getByRole("checkbox").count(), 0, "a unit does not mark its own report");
      await page.getByLabel("撤回的理由").fill("数据还要核对（样例）");
      await press(page, "撤回", "已经撤回");
      await page.locator(".docket-head").getByText("已撤回").waitFor();
      await visit(page, `/desk/collections/yl/${year}`, 403);
      await heading(page, "没有权限");
      await visit(page, "/desk");
    });
  }));

for (const [name, options] of [
  ["phone", { width: 390, height: 844 }],
  ["large-text", { textSize: 200 }],
]) {
  looks(`the pages of a collection fit (${ENGINE}, ${name})`, () =>
    withPage(options, (page) =>
      as(page, "main", async () => {
        for (const [what, path] of [
          ["data", "/reports/data?unit=yl"],
          ["list", `/desk/collections/yl/${LAST}`],
          ["filing", `/desk/report-filings/${UNITS[2].code}/${LAST}`],
          ["sum", `/desk/reports/yl/${LAST}/government`],
          ["cell", `/desk/reports/yl/${LAST}/government/cells/requests.granted.total`],
        ]) {
          await visit(page, path);
          await assertNoSidewaysScroll(page);
          await look(page, `collection-${what}-${name}`);
        }
      }),
    ));
}
