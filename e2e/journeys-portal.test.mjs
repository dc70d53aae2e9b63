// The journeys that begin on the phone, without an account: asked and answered the same day; a file in which the person
// in it is made unreadable, and its clean copy downloaded; a withdrawal. Each once with script and once without. They
// happen today, so no day due is asserted here: the letters of 2024 do that.

import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { visit } from "./harness.mjs";
import {
  ID_NUMBER,
  approve,
  ask,
  assertCounted,
  download,
  fact,
  heading,
  journey,
  letter,
  look,
  openRequest,
  pdfWords,
  progress,
  reasons,
  seat,
  stageOf,
  take,
  told,
  visitDocket,
} from "./journey.mjs";

const PHONE = { width: 390, height: 844, portal: true };
const YEAR = new Date().getFullYear();
const DESK = { width: 1280, height: 900 };

/** The officer confirms; the applicant has confirmed on the progress page. Returns the docket's address. */
async function confirmed(page, code, subject) {
  await progress(page, code);
  await page.getByRole("button", { name: "我确认提交这份申请" }).click();
  await told(page, "您的确认已经提交");
  const docket = await openRequest(page, subject);
  assert.equal(await stageOf(page), "已提交待确认");
  await take(page, docket, "双方确认", {});
  assert.equal(await stageOf(page), "已收到(登记)");
  return docket;
}

journey("a citizen asks on the phone and is answered", PHONE, async (page, { how, tag }) => {
  const subject = `公共停车场收费标准（${how}，样例）`;
  const code = await ask(page, subject);
  const docket = await confirmed(page, code, subject);
  const number = (await page.getByRole("heading", { level: 1 }).innerText()).replace("申请 ", "");
  await progress(page, code);
  await page.getByRole("region", { name: "答复期限" }).getByText("20个工作日").first().waitFor();
  assert.equal(await fact(page, "申请编号"), number);

  await page.setViewportSize(DESK);
  const published = "^予以公开（已主动公开";
  await openRequest(page, subject);
  await take(page, docket, "拟办", {
    [published]: true,
    提供方式或者获取途径: "政府网站“价格和收费”栏目，标题《公共停车场收费标准》（样例），网址为 https://example.invalid/1",
  });
  // What is published already is not reviewed for secrets again.
  await approve(page, docket, null, ["legal", "head"]);
  await take(page, docket, "作出决定", { [published]: true });
  await take(page, docket, "送达", { "^电子送达": true });

  await page.setViewportSize({ width: 390, height: 844 });
  await progress(page, code);
  await page.getByText("已送达", { exact: true }).first().waitFor();
  await page.getByText("决定已经送达").waitFor();
  await page.getByRole("region", { name: "救济途径" }).getByText("行政复议").first().waitFor();
  assert.match(await fact(page, "处理结果"), /^予以公开（已主动公开.*高政办公复〔\d{4}〕\d+号$/);
  const said = await page.getByRole("main").innerText();
  for (const inside of ["拟办", "审核审批", "样例签发人"]) assert.ok(!said.includes(inside), `not told: ${inside}`);
  await look(page, `journey-answered-${tag}`);
  await seat(page, "officer");
  await page.setViewportSize(DESK);
  await assertCounted(page, YEAR, "granted.natural_person", subject);
});

journey("a complaint in the form of a request goes on at 12345, and is counted once", PHONE, async (page, { how, tag }) => {
  const subject = `反映小区夜间施工噪声（${how}，样例）`;
  const code = await ask(page, subject);
  const docket = await confirmed(page, code, subject);
  const number = "2024030100029";
  await page.setViewportSize(DESK);
  const declined = "^信访举报投诉类申请";
  await take(page, docket, "拟办", {
    [declined]: true,
    查明的事实: "申请内容为要求处理施工噪声（样例）",
    理由: "属于投诉事项（样例）",
    提供方式或者获取途径: "12345政务服务便民热线（样例）",
  });
  // Who knows the address is told why not yet, with the article.
  await visit(page, `${docket}/record/handed-out`);
  await page.getByLabel("工单编号").fill(number);
  await page.getByRole("button", { name: "登记", exact: true }).click();
  assert.match((await reasons(page)).join("；"), /尚未作出决定.*条例第三十九条第一款/);
  await approve(page, docket, null, ["legal", "head"]);
  await take(page, docket, "作出决定", { [declined]: true });
  await take(page, docket, "送达", { "^电子送达": true });

  const tickets = page.locator("section[aria-labelledby=tickets]");
  await tickets.getByText("取得工单编号后登记").waitFor();
  await look(page, `handed-out-before-${tag}`);
  const { bytes } = await download(page, tickets.getByRole("link", { name: "下载转办文件（JSON）" }));
  const file = JSON.parse(bytes.toString("utf8"));
  assert.deepEqual(
    [file.content, file.caller.name, file.request.decision, file.request.told],
    [subject, "样例申请人", "declined-petition-or-complaint", "12345政务服务便民热线（样例）"],
  );
  await take(page, docket, "转12345热线等渠道", { 工单编号: number });
  assert.match(await fact(page, "转出的工单"), new RegExp(`^12345政务服务便民热线，工单编号${number}，`));
  await look(page, `handed-out-after-${tag}`);

  await page.setViewportSize({ width: 390, height: 844 });
  await progress(page, code);
  assert.match(await fact(page, "办理渠道"), new RegExp(`^12345政务服务便民热线，工单编号${number}，.*转送办理`));
  await look(page, `journey-handed-out-${tag}`);
  await seat(page, "officer");
  await page.setViewportSize(DESK);
  await assertCounted(page, YEAR, "declined_petition_or_complaint.natural_person", subject);
});

/** A PDF as an office would print it, with a number and a name that are nobody's. */
async function printed(page) {
  const context = await page.context().browser().newContext();
  const sheet = await context.newPage();
  await sheet.setContent(`<meta charset="utf-8"><h1>供水工程验收意见（样例）</h1><p>经验收，工程质量合格，准予交付使用。</p>
    <p>联系人：样例联系人，身份证号 ${ID_NUMBER}。</p><p>内部评分：八十七分。</p>`);
  const pdf = await sheet.pdf({ format: "A4" });
  await context.close();
  return pdf;
}

/** Every stream of a PDF, opened where it is deflated, after the file itself. */
function insides(pdf) {
  const all = [pdf];
  for (let at = 0; (at = pdf.indexOf("stream", at)) >= 0; at += 6) {
    const from = at + (pdf[at + 6] === 13 ? 8 : 7);
    try {
      all.push(inflateSync(pdf.subarray(from, pdf.indexOf("endstream", from)), { finishFlush: 2 }));
    } catch {
      // Not deflated, or the end of a stream.
    }
  }
  return Buffer.concat(all).toString("latin1");
}

journey("a file is given in part: what must not be told is gone from it", PHONE, async (page, { how, tag, script }) => {
  const subject = `供水工程验收意见（${how}，样例）`;
  const code = await ask(page, subject);
  const docket = await confirmed(page, code, subject);
  await page.setViewportSize(DESK);
  await visitDocket(page, docket);
  const original = await printed(page);
  assert.match(pdfWords(original), new RegExp(`样例联系人.*${ID_NUMBER}.*八十七分`));
  await page.getByLabel("用途").selectOption({ label: "原始材料" });
  await page.getByLabel("文件", { exact: true }).setInputFiles({ name: "验收意见.pdf", mimeType: "application/pdf", buffer: original });
  await page.getByRole("button", { name: "上传" }).click();
  await told(page, "材料已经添加");

  await page.getByRole("link", { name: "验收意见.pdf", exact: true }).click();
  assert.equal(await page.getByRole("button", { name: "提供给申请人" }).count(), 0, "an original is not given out");
  await page.getByRole("link", { name: /^区分处理/ }).click();
  await heading(page, "区分处理");
  await page.getByRole("checkbox", { name: new RegExp(ID_NUMBER) }).check();
  await page.getByLabel("需要遮盖的其他词语").fill("样例联系人");
  await page.getByRole("button", { name: "生成遮盖后的副本" }).click();
  const missing = (await reasons(page)).join("；");
  assert.match(missing, /请选择不予公开的依据/);
  assert.equal(await page.getByLabel("需要遮盖的其他词语").inputValue(), "样例联系人", "what was typed is kept");
  const regions = page.getByLabel("需要遮盖的区域");
  if (script) {
    // A rectangle drawn with the mouse becomes a line of the field, and is seen on the page.
    const sheet = page.locator(".redact-page").first();
    await sheet.scrollIntoViewIfNeeded();
    // Its size is known once the picture is there.
    await page.waitForFunction(() => document.querySelector(".redact-page img").naturalHeight > 0);
    const box = await sheet.boundingBox();
    await page.mouse.move(box.x + box.width * 0.05, box.y + box.height * 0.16);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.2);
    await page.mouse.up();
    assert.match(await regions.inputValue(), /^1 [45]\.\d 1[56]\.\d (59|60)\.\d (19|20)\.\d$/);
    assert.equal(await page.locator(".redact-box").count(), 1);
  } else {
    await regions.fill("1 5 16 60 20");
  }
  await page.getByLabel("需要遮盖的其他词语").fill("样例联系人\n八十七分");
  await page.getByRole("radio", { name: /条例第十五条/ }).check();
  await page.getByRole("checkbox", { name: /已经逐页查看/ }).check();
  await look(page, `journey-redact-${tag}`);
  await page.getByRole("button", { name: "生成遮盖后的副本" }).click();
  await told(page, "副本");
  await look(page, `journey-copy-${tag}`);
  await page.getByRole("button", { name: "提供给申请人" }).click();
  await told(page, "已经提供给申请人");

  const part = "^部分公开";
  await take(page, docket, "拟办", {
    [part]: true,
    查明的事实: "找到验收意见一份，其中含有个人信息（样例）",
    理由: "公开个人身份信息会侵害个人隐私（样例）",
    提供方式或者获取途径: "凭查询码下载（样例）",
    予以公开的部分: "验收意见除联系人身份信息以外的内容",
    "不予公开的第1部分：内容": "联系人身份信息",
    "不予公开的第1部分：依据": "条例第十五条",
    "不予公开的第1部分：理由": "属于个人隐私（样例）",
  });
  await approve(page, docket, null, ["secrecy", "legal", "head"]);
  await take(page, docket, "作出决定", { [part]: true });
  for (const words of await letter(page, docket, "部分公开")) assert.match(words, /联系人身份信息.*第十五条.*应当先申请行政复议/);
  await take(page, docket, "送达", { "^电子送达": true });

  // The applicant, on the phone, finds the copy and not the original.
  await page.setViewportSize({ width: 390, height: 844 });
  await progress(page, code);
  const given = page.getByRole("region", { name: "提供给您的材料" });
  assert.equal(await given.getByRole("listitem").count(), 1);
  await look(page, `journey-given-${tag}`);
  const copy = await download(page, given.getByRole("button", { name: /^下载/ }));
  const words = pdfWords(copy.bytes);
  assert.match(words, /供水工程验收/);
  const everything = insides(copy.bytes);
  for (const secret of [ID_NUMBER, "样例联系人", "八十七分"]) {
    assert.ok(!words.includes(secret), `the text still says ${secret}`);
    const utf16 = Buffer.from(secret, "utf16le").swap16();
    for (const bytes of [Buffer.from(secret), utf16]) {
      assert.ok(!everything.includes(bytes.toString("latin1")), `the bytes still hold ${secret}`);
    }
  }
  // It is there for another click.
  assert.deepEqual((await download(page, given.getByRole("button", { name: /^下载/ }))).bytes, copy.bytes);
  await seat(page, "officer");
  await page.setViewportSize(DESK);
  await assertCounted(page, YEAR, "granted_in_part.natural_person", subject);
});

journey("an applicant withdraws on the phone, and it is counted", PHONE, async (page, { how, tag }) => {
  const subject = `老旧小区改造名单（${how}，样例）`;
  const code = await ask(page, subject);
  await confirmed(page, code, subject);
  await progress(page, code);
  await page.getByRole("button", { name: "撤回申请" }).click();
  assert.match((await reasons(page)).join("；"), /我确认撤回这份申请/);
  await page.getByRole("checkbox", { name: "我确认撤回这份申请" }).check();
  await page.getByRole("button", { name: "撤回申请" }).click();
  await told(page, "申请已经撤回");
  await page.getByText("已撤回", { exact: true }).first().waitFor();
  assert.equal(await page.getByRole("region", { name: "答复期限" }).count(), 0, "nothing is due any more");
  await look(page, `journey-withdrawal-${tag}`);
  await page.setViewportSize(DESK);
  await openRequest(page, subject);
  assert.equal(await stageOf(page), "申请人撤回");
  await assertCounted(page, YEAR, "other_other.natural_person", subject);
});
