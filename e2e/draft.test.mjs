// A document from its draft to its repeal: attribute, reviews, signature, publication, interpretation, amendment, repeal; and
// what the page, the search, the feed, the API and the counts of the report say at each step. With script and without.

import assert from "node:assert/strict";
import { visit } from "./harness.mjs";
import {
  OFFICE, UNIT, attach, download, everywhere, fact, fillIn, get, heading, journey, look, nowhere, offered, reasons, seat, stageOf, take, told,
  visitDocket, whereShown, write,
} from "./journey.mjs";

/** A person takes a step of the draft and the drafter sits down again. */
async function review(page, draft, login, step, values) {
  await seat(page, login);
  await take(page, draft, step, values);
  await seat(page, "officer");
}

/** Whether the report of this year counts a document in a cell. */
async function counted(page, cell, title) {
  const year = new Date(Date.now() + 8 * 3600_000).getUTCFullYear();
  await visit(page, `/desk/reports/${UNIT}/${year}/cells/${cell}`);
  return (await page.getByRole("link", { name: title, exact: true }).count()) > 0;
}

const issued = "proactive.normative_documents.issued";
const repealed = "proactive.normative_documents.repealed";

const publicState = async (page, address) => (await (await get(page, `/api/v1/public${address}`)).json()).validity;

journey("a document goes from its draft to its repeal", { tolerate: /status of (404|410|422)/ }, async (page, { how, tag }) => {
  const serial = tag === "with-script" ? 911 : 912;
  const title = `高平市古树名木保护办法（${how}，样例）`;
  const words = `${serial === 911 ? "国槐" : "油松"}的养护责任`;

  // The draft, with its attribute; one that is not 主动公开 says why.
  await visit(page, "/desk/document-drafts/new");
  await fillIn(page, { 标题: title, "^行政规范性文件": true, "^依申请公开": true });
  await page.getByLabel("统计单位").selectOption({ label: OFFICE });
  await page.getByRole("button", { name: "登记拟稿" }).click();
  assert.match((await reasons(page)).join("；"), /应当写明理由和依据条款/);
  await look(page, `draft-refused-${tag}`);
  await fillIn(page, { "^主动公开": true });
  await page.getByRole("button", { name: "登记拟稿" }).click();
  await told(page, "已经登记，卷宗已建立");
  const draft = new URL(page.url()).pathname;
  await write(page, draft, `各乡镇人民政府：\n一、总体要求\n明确${words}。\n${OFFICE}`);
  await attach(page, draft, "名录.csv", "编号,树种\n1,国槐\n");
  await visitDocket(page, draft);
  assert.deepEqual(await offered(page), ["修改拟稿事项", "终止"], "without its plan it is not reviewed");
  await take(page, draft, "修改拟稿事项", { 解读提纲: "背景、依据、主要内容", "^图解": true, 解读途径: "本机关网站" });
  assert.equal(await stageOf(page), "审核中");
  await look(page, `draft-open-${tag}`);

  // Sent back, changed, reviewed by everybody, signed.
  await review(page, draft, "secrecy", "保密审查", { "^退回修改": true, 审核意见: "请删去定位坐标（样例）" });
  await visitDocket(page, draft);
  assert.equal(await stageOf(page), "已退回修改");
  await write(page, draft, `各乡镇人民政府：\n一、总体要求\n明确${words}，加强日常管护。\n${OFFICE}`);
  for (const [login, step] of [["secrecy", "保密审查"], ["legal", "合法性审核"], ["unit-head", "工作机构审核"]]) {
    await review(page, draft, login, step, { "^审核通过": true });
  }
  await visitDocket(page, draft);
  assert.equal(await stageOf(page), "待签发");
  assert.match(await fact(page, "保密审查"), /通过$/);
  assert.deepEqual(await whereShown(page, title, words), nowhere);
  assert.equal(await counted(page, issued, title), false);
  await review(page, draft, "head", "签发", { 发文字号: `高政办发〔2026〕${serial}号` });
  await visitDocket(page, draft);
  assert.equal(await stageOf(page), "已签发");
  await page.getByRole("link", { name: "签发的公文" }).click();
  await page.getByRole("link", { name: "拟稿和审核记录" }).waitFor();
  const document = new URL(page.url()).pathname;
  const address = document.replace("/desk", "");
  assert.equal(await fact(page, "公开属性"), "主动公开");
  assert.deepEqual(await whereShown(page, title, words), nowhere, "signed is not published");

  // Registered, numbered and issued by one office (三统一).
  await take(page, document, "统一登记、编号、印发", { 统一登记号: `高规〔2026〕${serial}号（样例）`, "登记、编号、印发机构": OFFICE });
  assert.match(await fact(page, "三统一"), new RegExp(`^高规〔2026〕${serial}号（样例），${OFFICE}于`));

  // It waits for who publishes it, on the list with which it is handed over.
  await visit(page, "/desk/publications");
  await page.getByRole("row", { name: title }).getByText("还剩20个工作日").waitFor();
  await look(page, `draft-publications-${tag}`);
  const list = await download(page, page.getByRole("link", { name: "移送明细表（CSV）" }));
  assert.match(list.name, /主动公开政府信息移送明细表\.csv$/);
  assert.match(list.bytes.toString(), new RegExp(title.replace(/[()（）]/g, ".")));

  // Published.
  await take(page, document, "公开", {});
  assert.deepEqual(await whereShown(page, title, words), everywhere);
  assert.equal(await publicState(page, address), "有效");
  await visit(page, address);
  await page.locator("dl.metadata > div", { hasText: `统一登记号高规〔2026〕${serial}号（样例）` }).waitFor();
  assert.equal(await counted(page, issued, title), true);
  assert.equal(await counted(page, repealed, title), false);

  // Interpreted: linked both ways once both are public.
  await visitDocket(page, document);
  await page.getByText("今天到期").first().waitFor();
  await page.getByRole("link", { name: "登记解读材料" }).click();
  await heading(page, "登记解读材料");
  await fillIn(page, { "^图解": true });
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await told(page, "已经登记，卷宗已建立");
  const interpretation = new URL(page.url()).pathname;
  await write(page, interpretation, "一、起草背景\n古树名木是重要的自然资源。");
  await visit(page, address);
  assert.equal(await page.getByRole("heading", { name: "政策解读" }).count(), 0);
  await take(page, interpretation, "公开", {});
  await visit(page, address);
  await page.getByRole("region", { name: "政策解读" }).getByRole("link", { name: `《${title}》解读` }).click();
  await heading(page, `《${title}》解读`);
  await page.getByText("解读的文件").waitFor();
  await look(page, `interpretation-${tag}`);
  await page.getByRole("link", { name: title, exact: true }).click();
  await look(page, `interpreted-${tag}`);
  const api = await (await get(page, `/api/v1/public${address}`)).json();
  assert.deepEqual(api.interpretations.map((i) => [i.title, i.form]), [[`《${title}》解读`, "picture"]]);
  await visit(page, "/desk/interpretations");
  await page.getByRole("row", { name: title }).getByText("已解读", { exact: true }).waitFor();
  await look(page, `interpretations-${tag}`);
  assert.equal(await counted(page, "interpretations.published", `《${title}》解读`), true);

  // Amended, repealed.
  await take(page, document, "修改", { 修改依据的文件: "高政办发〔2026〕9号（样例）" });
  assert.equal(await publicState(page, address), "已修改");
  await visit(page, address);
  await page.getByText("本文件已经修改").waitFor();
  await take(page, document, "废止", { 宣布废止的文件: "高政办发〔2026〕10号（样例）" });
  assert.equal(await publicState(page, address), "废止");
  await visit(page, address);
  await page.getByText("本文件已经不再执行").waitFor();
  assert.deepEqual(await whereShown(page, title, words), everywhere, "what is repealed stays to be found");
  await visit(page, `/search?q=${encodeURIComponent(words)}`);
  await page.locator(".hits > li").filter({ hasText: title }).getByText("废止", { exact: true }).waitFor();
  assert.equal(await counted(page, repealed, title), true);
});
