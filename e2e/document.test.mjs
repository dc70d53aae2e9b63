// A document from registration to repeal: its text and attachment, the check before publication, what readers find and
// where, what comes later, what is taken down. At the desk and on the portal, with script and without.

import assert from "node:assert/strict";
import { visit } from "./harness.mjs";
import {
  OFFICE, UNIT, attach, download, everywhere, fillIn, get, heading, journey, look, nowhere, reasons, refused, take, told, visitDocket,
  whereShown, write,
} from "./journey.mjs";

const MOBILE = "13800138000";

async function register(page, title, number, category) {
  await visit(page, "/desk/documents/new");
  await fillIn(page, { 成文日期: "2024-03-04", 标题: title, 发文字号: number, [`^${category}`]: true, "^主动公开": true });
  await page.getByLabel("统计单位").selectOption({ label: OFFICE });
  await page.getByRole("button", { name: "登记公文" }).click();
  await told(page, "已经登记，卷宗已建立");
  return new URL(page.url()).pathname;
}

journey("a document is written, checked, published, amended and repealed", { tolerate: /status of (410|422)/ }, async (page, { how, tag }) => {
  const serial = tag === "with-script" ? 901 : 902;
  const title = `高平市文化礼堂管理办法（${how}，样例）`;
  const words = `${serial === 901 ? "祠堂修缮" : "戏台修缮"}的补助标准`;
  const docket = await register(page, title, `高政办发〔2024〕${serial}号`, "行政规范性文件");
  await look(page, `document-new-${tag}`);
  await write(page, docket, `各乡镇人民政府：\n一、总体要求\n明确${words}，联系电话：${MOBILE}。\n项目\t标准\n屋面\t按实际\n${OFFICE}\n2024年3月4日`);
  await attach(page, docket, "补助标准.csv", "项目,标准\n屋面,按实际\n");
  await look(page, `document-content-${tag}`);

  // Nothing is public before somebody has answered for what the check finds.
  await refused(page, docket, "公开", { 公开日期: "2024-03-11" }, /正文第3段有手机号码/);
  assert.deepEqual(await whereShown(page, title, words), nowhere);
  await visitDocket(page, docket);
  await page.getByRole("link", { name: "公开前检查" }).click();
  await heading(page, "公开前检查");
  await page.getByText("有1处需要处理").waitFor();
  await page.getByRole("button", { name: "可以公开" }).click();
  assert.match((await reasons(page)).join(), /可以公开的理由/);
  await look(page, `document-check-${tag}`);
  await page.getByLabel("可以公开的理由").fill("属于本机关的办公电话（样例）");
  await page.getByRole("button", { name: "可以公开" }).click();
  await told(page, "已经保存");
  await page.getByText("都已经说明").waitFor();
  await take(page, docket, "公开", { 公开日期: "2024-03-11" });
  assert.deepEqual(await whereShown(page, title, words), everywhere);

  await page.getByRole("link", { name: "公开页面" }).click();
  await heading(page, new RegExp(`^${title.replace(/[()（）]/g, ".")}`));
  const address = new URL(page.url()).pathname;
  await page.getByRole("heading", { level: 2, name: "一、总体要求" }).waitFor();
  await page.getByRole("columnheader", { name: "标准" }).waitFor();
  assert.equal(await page.locator(".document-text .signed").count(), 2);
  assert.equal((await download(page, page.getByRole("link", { name: "补助标准.csv" }))).bytes.toString(), "项目,标准\n屋面,按实际\n");
  const annex = await page.getByRole("link", { name: "补助标准.csv" }).getAttribute("href");
  await look(page, `document-public-${tag}`);

  // What comes later waits until it is made public itself.
  await attach(page, docket, "补充说明.csv", "说明\n样例\n");
  await visit(page, address);
  assert.equal(await page.getByText("补充说明.csv").count(), 0);
  await visitDocket(page, docket);
  await page.getByRole("link", { name: "补充说明.csv", exact: true }).click();
  await look(page, `document-file-${tag}`);
  await page.getByRole("button", { name: "公开", exact: true }).click();
  await told(page, "已经公开");
  await visit(page, address);
  await page.getByRole("link", { name: "补充说明.csv" }).waitFor();

  // An attachment is taken down: its address stays and says so.
  await visitDocket(page, docket);
  await page.getByRole("link", { name: "补助标准.csv", exact: true }).click();
  await page.getByLabel("撤下的理由").fill("数据有误，正在核对（样例）");
  await page.getByRole("button", { name: "撤下" }).click();
  await told(page, "已经撤下");
  assert.equal((await get(page, annex)).status(), 410);

  await take(page, docket, "修改", { 修改日期: "2024-06-03", 修改依据的文件: "高政办发〔2024〕9号（样例）" });
  await visit(page, address);
  await page.getByText("本文件已经修改").waitFor();
  await take(page, docket, "废止", { 废止日期: "2024-09-02", 宣布废止的文件: "高政办发〔2024〕10号（样例）" });
  await visit(page, address);
  await page.getByText("本文件已经不再执行").waitFor();
  await look(page, `document-repealed-${tag}`);
  await visit(page, `/search?q=${encodeURIComponent(words)}`);
  await page.locator(".hits > li").filter({ hasText: title }).getByText("废止", { exact: true }).waitFor();
  for (const cell of ["issued", "repealed"]) {
    await visit(page, `/desk/reports/${UNIT}/2024/cells/proactive.normative_documents.${cell}`);
    await page.getByRole("region", { name: "背后的记录" }).last().getByRole("link", { name: title }).first().waitFor();
  }

  await take(page, docket, "撤下", { 撤下日期: "2024-09-03", 原因: "样例", 对外说明: "正在核对（样例）" });
  assert.deepEqual(await whereShown(page, title, words), nowhere);
  assert.equal((await get(page, address)).status(), 410);
  await visit(page, address, 410);
  await page.getByText("2024年9月3日撤下").waitFor();
  await look(page, `document-withdrawn-${tag}`);
});
