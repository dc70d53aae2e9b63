// The papers of a case: the slip to pay by on the applicant's phone and at the desk, form, slip of service and envelope, and
// what those get who may not see the person. Once with script and once without.

import assert from "node:assert/strict";
import { ask, download, finishLetter, journey, letter, look, openRequest, pdfWords, progress, seat, stageOf, take, told, visitDocket } from "./journey.mjs";

const PHONE = { width: 390, height: 844, portal: true };
const DESK = { width: 1280, height: 900 };

const papers = (page) => page.getByRole("region", { name: "打印" });

/** Downloads a paper of the section 打印 as PDF; returns its name and its words. */
async function paper(page, title) {
  const got = await download(page, papers(page).getByRole("link", { name: new RegExp(`^${title}\\s*PDF`) }));
  return [got.name, pdfWords(got.bytes)];
}

journey("the papers of a case are filled from its docket", PHONE, async (page, { tag, script }) => {
  // Unlike each other: the first is still open when the second is asked for, by the same person.
  const subject = script ? "排水管网竣工资料（样例）" : "人行道改造合同文本（样例）";
  const code = await ask(page, subject);
  await progress(page, code);
  await page.getByRole("button", { name: "我确认提交这份申请" }).click();
  await told(page, "您的确认已经提交");

  await page.setViewportSize(DESK);
  const docket = await openRequest(page, subject);
  await take(page, docket, "双方确认", {});
  const number = (await page.getByRole("heading", { level: 1 }).innerText()).replace("申请 ", "");
  let [name, words] = await paper(page, "政府信息公开申请登记表");
  assert.equal(name, `政府信息公开申请登记表（${number}）.pdf`);
  for (const said of [number, "样例申请人", "11010519491231002X", "☑自行领取", "互联网", "申请人网上提交", subject]) {
    assert.ok(words.includes(said), `${said} in ${words}`);
  }
  assert.equal(await papers(page).getByText("信封").count(), 0, "nothing to send yet");

  await letter(page, docket, "登记回执");
  await finishLetter(page);
  await take(page, docket, "送达收费通知", { "^按量": true, 数量: "31", "金额（元）": "10" });
  assert.equal(await stageOf(page), "待缴费");
  [name, words] = await paper(page, "送达回证");
  assert.equal(name, `送达回证（${number}）.pdf`);
  assert.match(words, /受送达人样例申请人.*登记回执.*☑直接送达/);
  [, words] = await paper(page, "信封");
  assert.match(words, /样例申请人收.*政府信息公开文书/);
  [, words] = await paper(page, "政府信息公开信息处理费缴款单");
  assert.match(words, /10元（大写：人民币壹拾元整）/);
  const word = await download(page, papers(page).getByRole("link", { name: /^送达回证\s*Word文档/ }));
  assert.equal(word.name, `送达回证（${number}）.docx`);
  assert.equal(word.bytes.subarray(0, 2).toString(), "PK");
  await look(page, `papers-desk-${tag}`);
  // Of one letter, from its own page.
  await letter(page, docket, "登记回执");
  const slip = await download(page, page.getByRole("link", { name: "送达回证（PDF）" }));
  assert.match(pdfWords(slip.bytes), /登记回执/);
  await look(page, `papers-letter-${tag}`);

  // Who may not see the person gets the form without, and no envelope.
  await seat(page, "secrecy");
  await visitDocket(page, docket);
  assert.equal(await papers(page).getByText("信封").count(), 0);
  await papers(page).getByText("个人信息已经遮盖").waitFor();
  [name, words] = await paper(page, "政府信息公开申请登记表");
  assert.equal(name, `政府信息公开申请登记表（${number}，个人信息已遮盖）.pdf`);
  assert.ok(words.includes("样***") && !words.includes("11010519491231002X"), words);

  await page.setViewportSize({ width: 390, height: 844 });
  await progress(page, code);
  const fee = page.getByRole("region", { name: "信息处理费" });
  for (const said of ["10元", "国办函〔2020〕109号第五条", "收款账号", "（含当日", "视为放弃申请"]) {
    await fee.getByText(said).first().waitFor();
  }
  await look(page, `papers-fee-${tag}`);
  const mine = await download(page, fee.getByRole("button", { name: "下载缴款单（PDF）" }));
  assert.equal(mine.name, `政府信息公开信息处理费缴款单（${number}）.pdf`);
  assert.match(pdfWords(mine.bytes), /缴款人样例申请人.*按量计收，共31页.*前（含当日/);
});
