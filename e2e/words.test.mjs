// The lists of words of a unit: written line by line, lines that cannot be read named, and what they find in a document
// before it is public.

import assert from "node:assert/strict";
import { visit } from "./harness.mjs";
import { OFFICE, attach, fillIn, heading, journey, look, reasons, refused, seat, take, told, visitDocket, write } from "./journey.mjs";

/** The lists are kept by the head of the disclosure office. */
async function openLists(page) {
  await seat(page, "unit-head");
  await visit(page, "/desk/units");
  await page.getByRole("link", { name: OFFICE }).first().click();
  await page.getByRole("link", { name: "公开前检查的词表" }).click();
  await heading(page, "公开前检查的词表");
}

journey("a unit keeps lists of words, and the check finds them", { tolerate: /status of 422/ }, async (page, { tag }) => {
  const script = tag === "with-script";
  await openLists(page);
  const kept = await page.getByLabel("敏感词").inputValue();
  await page.locator("summary", { hasText: "错别字" }).click();
  await page.getByText("；按装 → 安装；").waitFor();
  await look(page, `words-${tag}`);

  // A line that cannot be read is named, and nothing that was typed is lost.
  const word = script ? "试行口径" : "暂行口径";
  await page.getByLabel("领导姓名和职务").fill("样明远");
  await page.getByLabel("敏感词").fill(`${kept}\n${word} → 执行标准`);
  await page.getByRole("button", { name: "保存" }).click();
  assert.match((await reasons(page)).join(), /“领导姓名和职务”第1行：“样明远”没有职务/);
  assert.equal(await page.getByLabel("领导姓名和职务").inputValue(), "样明远");
  await look(page, `words-wrong-${tag}`);
  await page.getByLabel("领导姓名和职务").fill("样明远　样例主任");
  await page.getByRole("button", { name: "保存" }).click();
  await told(page, "已经保存");
  assert.match(await page.getByLabel("敏感词").inputValue(), new RegExp(`${word} → 执行标准`));

  await seat(page, "officer");
  await visit(page, "/desk/documents/new");
  const title = `关于布署工作的通知（${word}，样例）`;
  await fillIn(page, { 成文日期: "2024-03-04", 标题: title, "^其他公文": true, "^主动公开": true });
  await page.getByLabel("统计单位").selectOption({ label: OFFICE });
  await page.getByRole("button", { name: "登记公文" }).click();
  await told(page, "已经登记，卷宗已建立");
  const docket = new URL(page.url()).pathname;
  await write(page, docket, "各科室：\n样例主任样名远主持会议。");
  await attach(page, docket, "清单.csv", "项目\n按装费用\n");
  await refused(page, docket, "公开", { 公开日期: "2024-03-11" }, /标题有错别字“布署”，请修改（建议改为“部署”）/);
  await visitDocket(page, docket);
  await page.getByRole("link", { name: "公开前检查" }).click();
  await page.getByText("有4处需要处理").waitFor();
  await page.getByText("词表中样明远为样例主任").waitFor();
  await page.getByRole("heading", { name: "附件《清单.csv》第2段：错别字" }).waitFor();
  await look(page, `words-check-${tag}`);
  for (let n = 4; n > 0; n -= 1) {
    await page.getByLabel("可以公开的理由").first().fill("原文如此（样例）");
    await page.getByRole("button", { name: "可以公开" }).first().click();
    await told(page, "已经保存");
  }
  await take(page, docket, "公开", { 公开日期: "2024-03-11" });

  // The lists are as they were for whoever comes next.
  await openLists(page);
  await page.getByLabel("领导姓名和职务").fill("");
  await page.getByLabel("敏感词").fill(kept);
  await page.getByRole("button", { name: "保存" }).click();
  await told(page, "已经保存");
});
