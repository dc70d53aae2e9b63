// An officer puts files to a request: a program in disguise is refused at the field, a clean copy is listed, given to the
// applicant, downloaded, taken back and erased. Once with script and once without; then the pages in every size.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, looks, screenshot, visit, withPage } from "./harness.mjs";
import { REFUSALS, heading, reasons, signIn, told } from "./journey.mjs";

// An empty page: whole enough for the gate that reads what is given out.
const PDF = Buffer.from(
  "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF\n",
);

/** The page as it is: accessible, never wider than the screen, and in a picture. */
async function look(page, name) {
  await assertAccessible(page);
  await assertNoSidewaysScroll(page);
  await screenshot(page, `${name}-${ENGINE}`);
}

/** Opens the page of the one request of the sample county whose subject has these words. */
async function openRequest(page, words) {
  await visit(page, `/desk/requests?q=${encodeURIComponent(words)}`);
  const link = page.locator("table.list tbody a");
  const path = new URL(await link.getAttribute("href"), page.url()).pathname;
  await visit(page, path);
  await heading(page, /^申请 /);
  return path;
}

/** Fills the form that adds a file and sends it. */
async function upload(page, role, name, buffer) {
  if (role) await page.getByLabel("用途").selectOption(role);
  if (name) await page.getByLabel("文件").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  await page.getByRole("button", { name: "上传" }).click();
}

for (const script of [true, false]) {
  const how = script ? "with-script" : "without-script";
  const options = { script, width: script ? 1280 : 390, height: 844, tolerate: REFUSALS };

  test(`an officer adds a file, gives it out and erases it (${ENGINE}, ${how})`, () =>
    withPage(options, async (page) => {
      await signIn(page, "officer");
      const request = await openRequest(page, script ? "有关工程建设的全部材料" : "不动产登记资料");
      const section = page.getByRole("region", { name: "材料" }).or(page.locator("section[aria-labelledby=files]")).first();
      await section.getByText("还没有材料").waitFor();
      await look(page, `files-empty-${how}`);

      await upload(page, "原始材料", "检测报告.pdf", Buffer.from("MZ\x90\0program"));
      await heading(page, "添加材料");
      const [reason] = await reasons(page);
      assert.match(reason, /可执行程序/);
      await look(page, `files-refused-${how}`);

      await upload(page, "拟提供材料", "检测报告（公开版）.exe", PDF);
      await told(page, "材料已经添加");
      const link = section.getByRole("link", { name: "检测报告（公开版）.pdf", exact: true });
      await link.waitFor();
      await visit(page, request);
      await look(page, `files-listed-${how}`);

      await link.click();
      await heading(page, "检测报告（公开版）.pdf");
      await look(page, `file-${how}`);
      await page.getByRole("button", { name: "提供给申请人" }).click();
      await told(page, "已经提供给申请人");
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "下载" }).click(),
      ]);
      assert.equal(download.suggestedFilename(), "检测报告（公开版）.pdf");
      assert.deepEqual(await readFile(await download.path()), PDF);
      await look(page, `file-released-${how}`);
      await page.getByRole("button", { name: "停止提供" }).click();
      await told(page, "已经停止提供");

      page.on("dialog", (dialog) => dialog.accept());
      await page.getByRole("button", { name: "删除内容" }).click();
      assert.match((await reasons(page))[0], /理由/);
      await page.getByLabel("删除的理由").fill("样例：上传有误");
      await page.getByRole("button", { name: "删除内容" }).click();
      await told(page, "已经删除");
      await look(page, `file-erased-${how}`);
    }));
}

for (const [name, options] of [
  ["desktop", { width: 1280 }],
  ["phone", { width: 390, height: 844 }],
  ["large", { width: 1280, textSize: 200 }],
  ["large-phone", { width: 390, height: 844, textSize: 200 }],
]) {
  looks(`files are for everybody (${ENGINE}, ${name})`, () =>
    withPage({ ...options, tolerate: REFUSALS }, async (page) => {
      await signIn(page, "officer");
      const request = await openRequest(page, "招商项目会议讨论记录");
      const long = `关于城区供水管网改造项目可行性研究报告的批复（${name}，样例，含附件一至附件十二）.pdf`;
      await upload(page, "拟提供材料", long, PDF);
      await told(page, "材料已经添加");
      await visit(page, request);
      await look(page, `files-${name}`);
      await visit(page, `${request}/files`);
      await look(page, `files-add-${name}`);
      await visit(page, request);
      const path = await page.locator(".file-name a").last().getAttribute("href");
      await visit(page, path);
      await look(page, `file-page-${name}`);
    }));
}
