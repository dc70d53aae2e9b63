// What is not public is reviewed, and normative documents are cleaned up: at the desk, and what the portal says of it. With
// script and without; the pages also on a telephone and in text of twice the size.

import assert from "node:assert/strict";
import { ENGINE, looks, visit, withPage } from "./harness.mjs";
import { OFFICE, download, fact, fillIn, heading, journey, look, reasons, seat, take, told, visitDocket } from "./journey.mjs";

const today = () => new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);

journey("an attribute is reviewed and becomes more public", {}, async (page, { how, tag }) => {
  const title = `高平市样例会商情况（${how}，样例）`;
  await visit(page, "/desk/documents/new");
  await fillIn(page, { 成文日期: today(), 标题: title, "^其他公文": true, "^依申请公开": true, 理由和依据条款: "属于过程性信息，条例第十六条第二款" });
  await page.getByLabel("统计单位").selectOption({ label: OFFICE });
  await page.getByRole("button", { name: "登记公文" }).click();
  await told(page, "已经登记，卷宗已建立");
  const document = new URL(page.url()).pathname;
  const row = page.getByRole("row", { name: title });
  await visit(page, "/desk/attribute-reviews");
  assert.equal(await row.count(), 0, "its period is not over");
  await take(page, document, "提请复审公开属性", { "^公众建议": true, 复审期限: today(), 情况: "网上有人建议公开（样例）" });
  await visit(page, "/desk/attribute-reviews");
  await row.getByText("今天到期").waitFor();
  await look(page, `attribute-reviews-${tag}`);
  await row.getByRole("link", { name: title }).click();
  await heading(page, "登记：复审公开属性");
  await fillIn(page, { "^维持": true, 理由和依据条款: "仍不宜公开", 批准人: "样例负责人" });
  await page.getByRole("button", { name: "登记", exact: true }).click();
  assert.match((await reasons(page)).join("；"), /写明理由和依据的条款/);
  await look(page, `attribute-review-refused-${tag}`);
  await fillIn(page, { "^转为主动公开": true, 理由和依据条款: "会商已经结束，可以公开" });
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await told(page, "已经登记");
  assert.equal(await fact(page, "公开属性"), "主动公开");
  await page.getByRole("region", { name: "期限", exact: true }).getByText("20个工作日").first().waitFor();
  await visit(page, "/desk/attribute-reviews");
  await row.getByText("转为主动公开").waitFor();
  const file = await download(page, page.getByRole("link", { name: /Excel/ }));
  assert.match(file.name, /公文公开属性动态调整情况表\.xlsx$/);
  assert.equal(file.bytes.subarray(0, 2).toString(), "PK");
});

journey("normative documents are cleaned up and the result is published", {}, async (page, { how, tag }) => {
  const name = `样例专项清理（${how}）`;
  await visit(page, "/desk/cleanups");
  await page.getByRole("link", { name: "开展清理" }).click();
  await fillIn(page, { 名称: name, "^专项清理": true, 依据: "样例通知", "^本机关的文件": true, 文件制定日期截至: "2018-12-31", 提出结论的期限: today() });
  await page.getByLabel("组织机关").selectOption({ label: OFFICE });
  await page.getByRole("button", { name: "列出清单" }).click();
  await told(page, "已经登记，卷宗已建立");
  const cleanup = new URL(page.url()).pathname;
  const address = cleanup.replace("/desk", "");
  assert.equal(await page.getByRole("link", { name: "公布清理结果" }).count(), 0, "not before everything is concluded");
  const titles = await page.getByRole("region", { name: "清理清单" }).locator("tbody th").allInnerTexts();
  await look(page, `cleanup-open-${tag}`);
  assert.equal((await page.request.get(new URL(address, page.url()).href)).status(), 404);

  // The first is repealed, the others stay.
  const conclude = async (take, conclusion) => {
    await visit(page, `${cleanup}/conclude`);
    const boxes = page.getByRole("group", { name: /文件/ }).getByRole("checkbox");
    for (const [n, box] of (await boxes.all()).entries()) if (take(n)) await box.check();
    await fillIn(page, { [`^${conclusion}$`]: true, 理由: "样例理由" });
    await page.getByRole("button", { name: "登记", exact: true }).click();
    await told(page, "已经登记");
  };
  await conclude((n) => n === 0, "废止");
  // What waits stands first now.
  await conclude((n) => n < titles.length - 1, "继续有效");
  await page.getByRole("link", { name: "公布清理结果" }).click();
  await fillIn(page, { 公布清理结果的文件: "样例决定" });
  await look(page, `cleanup-close-${tag}`);
  await page.getByRole("button", { name: "公布", exact: true }).click();
  await told(page, "已经登记");
  await look(page, `cleanup-closed-${tag}`);

  await page.getByRole("link", { name: "公开页面" }).click();
  await heading(page, name);
  const repealed = page.getByRole("region", { name: "废止的文件" });
  assert.deepEqual(await repealed.getByRole("link").allInnerTexts(), [titles[0]]);
  assert.equal(await page.getByRole("region", { name: "继续有效的文件" }).getByRole("listitem").count(), titles.length - 1);
  await look(page, `cleanup-result-${tag}`);
  const file = await download(page, page.getByRole("link", { name: /Excel/ }));
  assert.equal(file.name, `${name}清单.xlsx`);
  const gone = await repealed.getByRole("link", { name: titles[0] }).getAttribute("href");
  await repealed.getByRole("link", { name: titles[0] }).click();
  await page.getByText("本文件已经不再执行").waitFor();
  await page.getByText("样例决定").waitFor();
  await visit(page, `/normative-documents?q=${encodeURIComponent(titles[0])}`);
  assert.equal(await page.locator(`ul.documents a[href="${gone}"]`).count(), 0, "it is in force no more");
  await visit(page, "/normative-documents");
  await page.getByRole("link", { name, exact: true }).waitFor();
  await look(page, `normative-documents-${tag}`);
});

journey("a normative document is reported after it is published", {}, async (page, { how, tag }) => {
  const title = `高平市样例备案办法（${how}，样例）`;
  await visit(page, "/desk/documents/new");
  await fillIn(page, { 成文日期: today(), 标题: title, "^行政规范性文件": true, "^主动公开": true });
  await page.getByLabel("统计单位").selectOption({ label: OFFICE });
  await page.getByRole("button", { name: "登记公文" }).click();
  await told(page, "已经登记，卷宗已建立");
  const document = new URL(page.url()).pathname;
  await take(page, document, "公开", {});
  await page.getByText("报送备案").first().waitFor();
  await look(page, `filing-owed-${tag}`);
  const row = page.getByRole("row", { name: title });
  await visit(page, "/desk/filings");
  await row.getByText(/还剩\d+个工作日/).waitFor();
  await take(page, document, "报送备案", { 备案机关: "晋城市人民政府", 备案号: "晋备〔2026〕1号（样例）" });
  assert.match(await fact(page, "备案"), /向晋城市人民政府报送备案/);
  await visit(page, "/desk/filings");
  await row.getByText("已备案", { exact: true }).waitFor();
  await look(page, `filings-${tag}`);
});

for (const [what, options] of [["telephone", { width: 390, height: 844 }], ["large-text", { textSize: 200 }]]) {
  looks(`reviews and clean-ups are read on a ${what} (${ENGINE})`, () =>
    withPage(options, async (page) => {
      await visit(page, "/normative-documents");
      await look(page, `normative-documents-${what}`);
      await page.getByRole("region", { name: "清理结果" }).getByRole("link", { name: /2021年/ }).click();
      await heading(page, /2021年行政规范性文件清理/);
      await look(page, `cleanup-result-${what}`);
      await page.getByRole("region", { name: "继续有效的文件" }).getByRole("link").last().click();
      await page.getByText("清理情况").waitFor();
      await look(page, `cleaned-document-${what}`);
      await seat(page, "officer");
      await visit(page, "/desk/attribute-reviews");
      await look(page, `attribute-reviews-${what}`);
      await visit(page, "/desk/cleanups");
      await look(page, `cleanups-${what}`);
      await visit(page, "/desk/filings?year=2021");
      await look(page, `filings-${what}`);
      await visit(page, "/desk/cleanups");
      await page.getByRole("link", { name: /2021年/ }).click();
      await visitDocket(page, new URL(page.url()).pathname);
      await look(page, `cleanup-${what}`);
    }));
}
