// Published reports are read from files, each finding is settled beside the words it is about, and a report becomes the past
// of a unit. With script and without.

import assert from "node:assert/strict";
import { visit } from "./harness.mjs";
import { download, heading, journey, look, published, reasons, seat } from "./journey.mjs";

const HOME = "/desk/inspections";

/** A report of the office for 2019 with figures that add up, and `granted` in one cell. */
async function report(organization, granted) {
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
  return Buffer.from(`<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><h1>${organization}2019年政府信息公开工作年度报告</h1>
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
