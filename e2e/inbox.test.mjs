// Mail comes into the inbox of the sample county: an officer registers one message as a request, files another on it, and
// says of a third that nothing has to be done. Once with script and once without; then the pages in every size.

import assert from "node:assert/strict";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, looks, screenshot, visit, withPage } from "./harness.mjs";
import { REFUSALS, heading, reasons, signIn, told } from "./journey.mjs";

const PDF =
  "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
  "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF\n";

/** Delivers a message as a mail server does: written whole, then moved. */
async function deliver(name, subject, text, { to = "xxgk@gk.example.invalid", from = "yangli@example.invalid" } = {}) {
  const encoded = (words) => `=?utf-8?B?${Buffer.from(words).toString("base64")}?=`;
  const part = (head, body) => `--sample\r\n${head}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(body).toString("base64")}\r\n`;
  const attachment = (file, body) =>
    part(`Content-Type: application/pdf; name="${encoded(file)}"\r\nContent-Disposition: attachment; filename="${encoded(file)}"`, body);
  const message =
    `From: ${encoded("样例甲")} <${from}>\r\nTo: ${to}\r\nSubject: ${encoded(subject)}\r\n` +
    `Message-ID: <${name}@example.invalid>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=sample\r\n\r\n` +
    part("Content-Type: text/plain; charset=utf-8", text) +
    attachment("申请表.pdf", PDF) +
    attachment("附件.pdf", "MZ\x90\0program") +
    "--sample--\r\n";
  const folder = process.env.DEMO_INBOX;
  assert.ok(folder, "DEMO_INBOX is not set: run `cargo xtask test`, which starts the demo and sets it");
  await writeFile(join(folder, "tmp", name), message);
  await rename(join(folder, "tmp", name), join(folder, "new", name));
}

const WAYS = [true, false].map((script) => ({
  script,
  how: script ? "with-script" : "without-script",
}));
const LOOKS = [
  ["phone", { width: 390, height: 844 }],
  ["large-text", { width: 1280, textSize: 200 }],
  ["large-text-phone", { width: 390, height: 844, textSize: 200 }],
];
const asked = (how) => `申请公开样例批复（${how}）`;
const more = (how) => `补充说明（${how}）`;
const advert = (how) => `优惠信息（${how}）`;
const long = (name) => `一封主题很长的来信，用来看看在小屏幕上和大字号下怎样换行（${name}）`;

// Mail is taken once a minute: all of it is delivered before the first test, so that only the first one waits.
before(async () => {
  const text = "您好：\n申请公开样例建设项目的批复文件，以纸质方式提供。\n此致\n<script>alert(1)</script>";
  for (const { how } of WAYS) {
    await deliver(`1-${how}`, asked(how), text);
    await deliver(`2-${how}`, more(how), "补充所需信息的文号。");
    await deliver(`3-${how}`, advert(how), "优惠");
  }
  for (const [name] of LOOKS) {
    await deliver(`look-${name}`, long(name), `${"很长的一段话".repeat(40)}\n${"a".repeat(300)}`);
  }
});

/** Opens a message of the inbox. */
async function openMessage(page, subject) {
  for (let tries = 0; tries < 60; tries += 1) {
    await visit(page, "/desk/inbox");
    const link = page.getByRole("link", { name: subject, exact: true });
    if ((await link.count()) > 0) {
      // Through `visit`, which also sets the size of the text.
      await visit(page, new URL(await link.getAttribute("href"), page.url()).pathname);
      return heading(page, subject);
    }
    await new Promise((resolve) => setTimeout(resolve, 2_500));
  }
  throw new Error(`“${subject}” did not come into the inbox`);
}

/** The page as it is: accessible, never wider than the screen, and in a picture. */
async function look(page, name) {
  await assertAccessible(page);
  await assertNoSidewaysScroll(page);
  await screenshot(page, `${name}-${ENGINE}`);
}

for (const { script, how } of WAYS) {
  const options = { script, width: script ? 1280 : 390, height: 844, tolerate: REFUSALS };

  test(`mail becomes a request, goes to one, or is dismissed (${ENGINE}, ${how})`, () =>
    withPage(options, async (page) => {
      await signIn(page, "officer");

      await openMessage(page, asked(how));
      await page.getByText("<script>alert(1)</script>").waitFor();
      await page.getByText("可执行程序").waitFor();
      await look(page, `message-${how}`);
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: /^下载\s*申请表\.pdf$/ }).click(),
      ]);
      assert.equal(file.suggestedFilename(), "申请表.pdf");

      await page.getByRole("link", { name: "登记为申请" }).click();
      await heading(page, "登记为申请");
      assert.equal(await page.getByLabel("电子邮箱").inputValue(), "yangli@example.invalid");
      assert.ok(await page.getByRole("radio", { name: /^电子邮件/ }).isChecked());
      assert.match(await page.getByLabel("申请内容").inputValue(), /样例建设项目的批复文件/);
      await look(page, `message-register-${how}`);
      await page.getByLabel("申请内容").fill("");
      await page.getByRole("button", { name: "登记申请" }).click();
      assert.ok((await reasons(page)).length > 0, "nothing was entered, and that is said");
      await page.getByLabel("申请内容").fill("样例建设项目的批复文件");
      await page.getByLabel("自然人", { exact: true }).check();
      await page.getByLabel("双方确认之日").fill(new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10));
      await page.getByRole("button", { name: "登记申请" }).click();
      await told(page, "已经登记");
      const number = (await page.locator("h1").innerText()).replace("申请 ", "");
      await page.getByText(`电子邮件（${asked(how)}）.txt`).first().waitFor();

      await openMessage(page, more(how));
      await page.getByLabel("申请编号").fill("1999-99999");
      await page.getByRole("button", { name: "归入申请" }).click();
      assert.match((await reasons(page))[0], /没有找到这个编号/);
      await look(page, `message-refused-${how}`);
      await page.getByLabel("申请编号").fill(number);
      await page.getByRole("button", { name: "归入申请" }).click();
      await told(page, "来信已经归入申请");
      await look(page, `message-filed-${how}`);
      await page.getByRole("link", { name: "查看申请" }).click();
      await page.getByText(`电子邮件（${more(how)}）.txt`).first().waitFor();

      await openMessage(page, advert(how));
      await page.getByRole("button", { name: "登记为无需处理" }).click();
      assert.match((await reasons(page))[0], /理由/);
      await page.getByLabel("理由").fill("广告");
      await page.getByRole("button", { name: "登记为无需处理" }).click();
      await told(page, "来信已经登记为无需处理");
      await look(page, `inbox-${how}`);
      await visit(page, "/desk/inbox?part=done");
      await page.getByRole("link", { name: advert(how), exact: true }).waitFor();
      await look(page, `inbox-done-${how}`);
    }));
}

for (const [name, options] of LOOKS) {
  looks(`the inbox can be read by everybody (${ENGINE}, ${name})`, () =>
    withPage({ ...options, tolerate: REFUSALS }, async (page) => {
      await signIn(page, "officer");
      await openMessage(page, long(name));
      await look(page, `message-${name}`);
      await visit(page, "/desk/inbox");
      await look(page, `inbox-${name}`);
    }));
}
