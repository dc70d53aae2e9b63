// Published reports are read from files, each finding is settled beside the words it is about, and a report becomes the past
// of a unit. The rules are set at the unit that inspects, on a local document. With script and without.

import assert from "node:assert/strict";
import { ENGINE, looks, visit, withPage } from "./harness.mjs";
import { OFFICE, REFUSALS, download, fact, fillIn, heading, journey, look, published, reasons, seat, told } from "./journey.mjs";

const HOME = "/desk/inspections";

/** A report of the office for 2019 with figures that add up, and `granted` in one cell; `before` stands above its title. */
async function report(organization, granted, before = "") {
  const form = await published("forms/2019.json");
  const all = { new_requests: 5, granted: 5, results_total: 5 };
  const cell = (row, column) => {
    if (row === "granted" && column === "natural_person") return granted;
    return column === "natural_person" || column === "total" ? (all[row] ?? 0) : 0;
  };
  const tr = (cells) => `<tr>${cells.map((c) => `<td>${c}</td>`).join("")}</tr>`;
  const two = form.proactive.blocks.map((b) => {
    const head = tr([b.item]) + tr(["信息内容", ...b.columns.map((c) => c.label)]);
    return head + b.rows.map((r) => tr([r.label, ...b.columns.map(() => 0)])).join("");
  });
  const ids = form.requests.columns.map((c) => c.id ?? c);
  const three = form.requests.rows.map((r) => {
    const label = Array.isArray(r.label) ? r.label.at(-1) : r.label;
    return tr([label, ...ids.map((c) => cell(r.id, c))]);
  });
  const heads = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"];
  const outcome = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"];
  const p = (text) => `<p>${text}</p>`;
  const [one, two_, three_, four, five, six] = form.sections;
  return Buffer.from(`<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>${before}<h1>${organization}2019年政府信息公开工作年度报告</h1>
    ${p("本报告所列数据的统计期限为2019年1月1日至2019年12月31日。")}${p(one)}
    ${p("一年来，认真做好政府信息公开各项工作，全年收到政府信息公开申请5件，均已按时答复。")}
    ${p(two_)}<table>${two.join("")}</table>${p(three_)}<table>${tr(["", ...heads])}${three.join("")}</table>
    ${p(four)}<table>${tr([...outcome, ...outcome, ...outcome])}${tr(Array(15).fill(0))}</table>
    ${p(five)}${p("存在的主要问题是公开不够及时，下一步将按月检查，逐项改进。")}${p(six)}${p("没有其他需要报告的事项。")}
    <script>document.title = "不应当执行"</script></body></html>`);
}

const html = (name, buffer) => ({ name, mimeType: "text/html", buffer });

async function send(page, files) {
  await visit(page, HOME);
  await page.getByLabel(/^报告文件/).setInputFiles(files);
  await page.getByRole("button", { name: "读取并核查" }).click();
}

journey("a published report is read, settled and kept", { tolerate: /status of 422/ }, async (page, { how, tag, script }) => {
  const organization = `某县样例${script ? "一" : "二"}局`;
  await seat(page, "reviewer");
  await visit(page, "/desk/reports");
  await page.getByRole("link", { name: "核查已公布的报告" }).click();
  await heading(page, "年度报告核查");
  await look(page, `inspections-empty-${tag}`);
  await page.getByRole("button", { name: "读取并核查" }).click();
  assert.match((await reasons(page)).join("；"), /请选择报告文件，或者填写网址/);
  await page.getByLabel(/^或者网址/).fill("http://127.0.0.1:9/report.html");
  await page.getByRole("button", { name: "读取并核查" }).click();
  assert.match((await reasons(page)).join("；"), /内部网络/);

  const right = await report(organization, 5);
  await send(page, [html("好.html", right), html("通知.html", Buffer.from("<p>关于召开会议的通知</p>"))]);
  await page.getByRole("heading", { name: "本次读取" }).waitFor();
  await page.getByText(/通知\.html：文件中没有政府信息公开工作年度报告/).waitFor();
  await look(page, `inspections-taken-${tag}`);
  await page.getByRole("link", { name: "好.html" }).click();
  await heading(page, `${organization}2019年度报告`);
  await page.getByText(/^错误0项，预警0项/).waitFor();

  const wrong = await report(organization, 6);
  await send(page, html("错.html", wrong));
  await heading(page, `${organization}2019年度报告`);
  await page.getByText(/^错误1项/).waitFor();
  const finding = page.locator(".finding.red");
  assert.match(await finding.innerText(), /予以公开”的“自然人”为6，应为5/);
  assert.equal(await page.locator(".original .found-error").innerText(), "6");
  assert.ok(await page.locator(".report .found-error").count());
  assert.notEqual(await page.title(), "不应当执行");
  await look(page, `inspection-${tag}`);

  await finding.locator("summary").click();
  await finding.getByLabel(/^处理结果/).selectOption({ label: "误报" });
  await finding.getByRole("button", { name: "记录处理结果" }).click();
  assert.match((await reasons(page)).join("；"), /误报应当说明理由/);
  const again = page.locator(".finding.red");
  await again.getByLabel(/^处理结果/).selectOption({ label: "属实" });
  await again.getByRole("button", { name: "记录处理结果" }).click();
  await page.locator(".finding.red .correction").getByText(/属实/).waitFor();

  const letter = await download(page, page.getByRole("link", { name: "核查意见（Word文档）" }));
  assert.equal(letter.name, `关于${organization}2019年度报告的核查意见.docx`);
  assert.equal(letter.bytes.subarray(0, 2).toString(), "PK");
  const read = await download(page, page.getByRole("link", { name: "读取和核查结果（JSON）" }));
  assert.equal(JSON.parse(read.bytes).cells["requests.granted.natural_person"].value, 6);
  const original = await download(page, page.getByRole("link", { name: "原文件" }));
  assert.deepEqual(original.bytes, wrong);

  const discard = page.locator("section.panel").filter({ has: page.getByRole("heading", { name: "作废" }) });
  await discard.getByLabel(/^理由/).fill(`样例核对完毕（${how}）`);
  await discard.getByRole("button", { name: "作废" }).click();
  await page.locator(".docket-head .badge").getByText("已作废").waitFor();
  await visit(page, `${HOME}?year=2019`);
  await page.getByRole("link", { name: `${organization}2019年度报告` }).first().waitFor();
  await look(page, `inspections-${tag}`);
});

/** Opens the rules of the office as its administrator; returns their address. */
async function openRules(page) {
  await seat(page, "admin");
  await visit(page, "/desk/units");
  await page.getByRole("link", { name: OFFICE }).first().click();
  await page.getByRole("link", { name: "核查规则" }).click();
  await heading(page, "核查规则");
  return new URL(page.url()).pathname;
}

/** Gives the settings of the office up, if it has any. */
async function giveUp(page, rules) {
  await visit(page, rules);
  const button = page.getByRole("button", { name: "不再使用本机关的设置" });
  if (!(await button.count())) return;
  await button.click();
  await told(page, "已经保存");
}

const rule = (page, id) => page.locator(".file-list li").filter({ has: page.getByText(id, { exact: true }) });

journey("a unit sets the rules by which it inspects", { tolerate: /status of 422/ }, async (page, { tag, script }) => {
  const organization = `某县规则${script ? "一" : "二"}局`;
  const notice = "样例市政务公开办〔2020〕1号";
  const rules = await openRules(page);
  await giveUp(page, rules);
  await seat(page, "reviewer");
  await send(page, html("期限.html", await report(organization, 5, "<p>发布时间：2020-01-30</p>")));
  await heading(page, `${organization}2019年度报告`);
  await page.getByText(/^错误0项/).waitFor();
  assert.equal(await fact(page, "核查规则"), "法定规则，没有本地设置");
  const inspection = new URL(page.url()).pathname;
  await page.getByRole("link", { name: "法定规则，没有本地设置" }).click();
  await heading(page, "核查规则");
  assert.equal(await page.getByRole("heading", { name: "用文件设置" }).count(), 0, "who inspects sets no rules");

  await seat(page, "admin");
  await visit(page, rules);
  await look(page, `rules-${tag}`);
  const version = await page.locator("input[name=version]").first().inputValue();
  await rule(page, "T3-B").getByText("全国统一，不得调整").waitFor();
  await rule(page, "T3-B").getByRole("link").click();
  await page.getByText("全国统一，不得调整。").waitFor();
  assert.equal(await page.getByRole("button", { name: "保存" }).count(), 0);
  await look(page, `rule-fixed-${tag}`);
  const forced = await page.request.post(page.url(), { form: { do: "set", asked: "no", basis: notice, version } });
  assert.equal(forced.status(), 422);
  assert.match(await forced.text(), /全国统一，不得调整/);

  await visit(page, rules);
  await rule(page, "F-DEADLINE").getByRole("link").click();
  await fillIn(page, { 本机关报告的公布期限: "二月" });
  await page.getByRole("button", { name: "保存" }).click();
  const said = (await reasons(page)).join("；");
  assert.match(said, /本机关报告的公布期限应当填写日期/);
  assert.match(said, /请填写依据文件/);
  await look(page, `rule-wrong-${tag}`);
  await fillIn(page, { 本机关报告的公布期限: "2月15日", 依据文件: notice });
  await page.getByRole("button", { name: "保存" }).click();
  assert.match((await reasons(page)).join("；"), /为2月15日，应当在1月1日至1月31日之间/);
  await fillIn(page, { 本机关报告的公布期限: "1月28日" });
  await page.getByRole("button", { name: "保存" }).click();
  await told(page, "已经保存");
  await rule(page, "F-DEADLINE").getByText("已调整", { exact: true }).waitFor();
  await rule(page, "F-DEADLINE").getByText(`本机关的设置：本机关报告的公布期限：1月28日；依据：${notice}`).waitFor();

  await seat(page, "reviewer");
  await visit(page, inspection);
  await page.getByText(/^核查规则已经改变，现在使用高平市人民政府办公室的核查规则设置（第\d+版，/).waitFor();
  assert.equal(await page.locator(".finding.red").count(), 0, "what was inspected stays until it is inspected again");
  await look(page, `inspection-rules-changed-${tag}`);
  await page.getByRole("button", { name: "按现在的规则重新核查" }).click();
  const late = page.locator(".finding.red");
  assert.match(await late.innerText(), new RegExp(`应当在2020年1月28日前发布（条例第四十九条；${notice}）`));
  assert.match(await fact(page, "核查规则"), /^高平市人民政府办公室的核查规则设置（第\d+版，/);
  await look(page, `inspection-rules-${tag}`);

  // A row of the local form; then all of it out of a file.
  await seat(page, "admin");
  await visit(page, rules);
  if (!(await page.getByLabel("行标题").isVisible())) await page.getByText("增加一行").click();
  await page.getByLabel("行标题").fill("规划计划");
  await page.getByLabel("依据文件").fill(notice);
  await page.getByRole("button", { name: "增加" }).click();
  await told(page, "已经保存");
  const saved = await download(page, page.getByRole("link", { name: "下载设置文件（TOML）" }));
  assert.equal(saved.name, `${OFFICE}核查规则设置.toml`);
  assert.match(saved.bytes.toString(), /\[rules\.F-DEADLINE\][^]*own = 128[^]*label = "规划计划"/);
  await page.locator(".file-list li").filter({ hasText: "规划计划" }).getByRole("button", { name: "删除" }).click();
  await told(page, "已经保存");
  const upload = async (text) => {
    await page.getByLabel("设置文件").setInputFiles({ name: "rules.toml", mimeType: "application/toml", buffer: Buffer.from(text) });
    await page.getByRole("button", { name: "上传并替换" }).click();
  };
  await upload("[rules.T3-B]\noff = true\n");
  assert.match((await reasons(page)).join("；"), /规则T3-B（.*）全国统一，不得调整/);
  await upload(saved.bytes);
  await told(page, "已经保存");
  await page.locator(".file-list li").filter({ hasText: "规划计划" }).waitFor();
  await look(page, `rules-set-${tag}`);
  await rule(page, "F-DEADLINE").getByRole("link").click();
  await page.getByRole("button", { name: "恢复法定设置" }).click();
  await told(page, "已经保存");
  assert.equal(await rule(page, "F-DEADLINE").getByText("已调整").count(), 0);
  await giveUp(page, rules);
  await page.getByText("没有本地设置，全部按法定规则核查。").waitFor();
});

for (const [name, options] of [
  ["phone", { width: 390, height: 844 }],
  ["text200", { width: 1280, textSize: 200 }],
  ["phone-text200", { width: 390, height: 844, textSize: 200 }],
  ["dark", { width: 1280, dark: true }],
]) {
  looks(`the rules are for everybody (${ENGINE}, ${name})`, () =>
    withPage({ ...options, tolerate: REFUSALS }, async (page) => {
      const rules = await openRules(page);
      await look(page, `rules-${name}`);
      await visit(page, `${rules}/F-DEADLINE`);
      await look(page, `rule-${name}`);
      await visit(page, `${rules}/T3-B`);
      await look(page, `rule-fixed-${name}`);
    }));
}
