// Papers both ways: an applicant asks with files, which stay while the form is mended; the office reads what was sent and
// gives a finished letter out; the applicant downloads it with code and proof, and the page says so afterwards.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, looks, screenshot, visit, withPage } from "./harness.mjs";
import { REFUSALS, heading, reasons, signIn, told } from "./journey.mjs";

const OFFICE = "高平市人民政府办公室";
// The worked example of GB 11643-1999; nobody's number.
const NUMBER = "11010519491231002X";
const PDF = Buffer.from("%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");

async function look(page, name) {
  await assertAccessible(page);
  await assertNoSidewaysScroll(page);
  await screenshot(page, `${name}-${ENGINE}`);
}

const file = (name, buffer = PDF) => ({ name, mimeType: "application/octet-stream", buffer });

/** Fills the form but for the name, and sends it with files. */
async function askWithFiles(page, subject) {
  await visit(page, "/ask/new");
  await page.getByLabel("受理机关").selectOption({ label: OFFICE });
  await page.getByLabel("所需信息的内容描述").fill(subject);
  await page.getByRole("checkbox", { name: "自行领取" }).check();
  await page.getByRole("radio", { name: "纸质" }).check();
  await page.getByLabel("证件名称", { exact: true }).selectOption("居民身份证");
  await page.getByLabel("证件号码", { exact: true }).fill(NUMBER);
  await page.getByLabel("联系电话", { exact: false }).first().fill("00000000000");
  await page.getByLabel("身份证明").setInputFiles([file("身份证正面.pdf"), file("身份证反面.pdf")]);
  await page.getByLabel("授权委托书").setInputFiles(file("委托书.pdf", Buffer.from("MZ\x90\0program")));
  await page.getByRole("button", { name: "提交申请" }).last().click();
  const said = await reasons(page);
  assert.ok(said.some((t) => t.includes("可执行程序")) && said.some((t) => t.includes("姓名")), said.join());
}

for (const [how, options] of [
  ["with-script", { script: true, width: 390, height: 844 }],
  ["without-script", { script: false, width: 1280 }],
]) {
  test(`papers go both ways through the portal (${ENGINE}, ${how})`, () =>
    withPage({ ...options, tolerate: REFUSALS }, async (page) => {
      // Unlike each other: the same applicant asking for the same again is told so.
      const subject = how === "with-script" ? "样例路灯改造的验收材料" : "社区托育机构备案情况汇总（样例）";
      await askWithFiles(page, subject);
      await page.getByText("已经上传：身份证正面.pdf").waitFor();
      await look(page, `ask-files-refused-${how}`);
      await page.getByRole("button", { name: "移除身份证反面.pdf" }).click();
      await page.getByRole("button", { name: "移除身份证反面.pdf" }).waitFor({ state: "detached" });
      await page.getByLabel("姓名或者名称").fill("样例申请人");
      await page.getByRole("button", { name: "提交申请" }).last().click();
      await heading(page, "申请已经提交");
      const code = await page.locator(".query-code").innerText();
      const query = async () => {
        await visit(page, `/ask/progress?code=${code}`);
        await page.getByLabel("验证信息").fill("002X");
        await page.getByRole("button", { name: "查询" }).click();
        await page.locator("p.stage").waitFor();
      };
      await query();
      await page.getByRole("button", { name: "我确认提交这份申请" }).click();
      await told(page, "您的确认已经提交");

      await signIn(page, "officer");
      await page.getByText("申请人已在网上确认，请当日登记双方确认").first().waitFor();
      await look(page, `board-confirmed-${how}`);
      await visit(page, `/desk/requests?q=${encodeURIComponent(subject)}`);
      const path = await page.locator("table.list tbody a").first().getAttribute("href");
      await visit(page, path);
      await page.getByRole("heading", { name: "申请人提交" }).waitFor();
      await page.getByRole("link", { name: "身份证正面.pdf", exact: true }).waitFor();
      assert.equal(await page.getByText("身份证反面").count(), 0, "what was left out is not handed in");
      await look(page, `submissions-${how}`);
      await page.getByRole("link", { name: "双方确认" }).click();
      await page.getByRole("button", { name: "登记", exact: true }).click();
      await told(page, "已经登记");

      page.on("dialog", (dialog) => dialog.accept());
      await visit(page, `${path}/letters/receipt`);
      await page.getByRole("button", { name: "定稿并编号" }).click();
      await told(page, "文书已经定稿");
      await visit(page, `${path}/letters/receipt`);
      await look(page, `letter-release-${how}`);
      await page.getByRole("button", { name: "提供给申请人下载" }).click();
      await told(page, "已经提供给申请人");

      await query();
      const given = page.locator("section[aria-labelledby=given]");
      await given.getByText("告知书", { exact: true }).waitFor();
      assert.equal(await given.getByText("已下载").count(), 0);
      await look(page, `given-${how}`);
      for (const time of ["first", "again"]) {
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          given.getByRole("button", { name: "下载" }).click(),
        ]);
        assert.match(download.suggestedFilename(), /登记回执.*\.pdf$/, time);
        assert.equal((await readFile(await download.path())).subarray(0, 5).toString(), "%PDF-");
      }
      await query();
      await given.getByText("已下载").waitFor();
      await look(page, `given-collected-${how}`);
    }));
}

for (const [name, options] of [
  ["desktop", { width: 1280 }],
  ["phone", { width: 390, height: 844 }],
  ["large", { width: 1280, textSize: 200 }],
  ["large-phone", { width: 390, height: 844, textSize: 200 }],
]) {
  looks(`the form with files is for everybody (${ENGINE}, ${name})`, () =>
    withPage({ ...options, tolerate: REFUSALS }, async (page) => {
      await visit(page, "/ask/new");
      await look(page, `ask-files-${name}`);
      const long = `关于城区供水管网改造项目可行性研究报告的说明（${name}，样例，含附件一至附件十二）.pdf`;
      await page.getByLabel("其他附件").setInputFiles(file(long));
      await page.getByRole("button", { name: "提交申请" }).last().click();
      await reasons(page);
      await page.getByRole("button", { name: `移除${long}` }).waitFor();
      await look(page, `ask-files-held-${name}`);
    }));
}
