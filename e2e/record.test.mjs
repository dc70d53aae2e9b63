// What stands beside the answer to a request: publication for everybody, reasons of article 35, correction of a record,
// and the schedule of retention.

import assert from "node:assert/strict";
import { visit } from "./harness.mjs";
import {
  OFFICE,
  fact,
  fillIn,
  finishLetter,
  heading,
  journey,
  look,
  pdfWords,
  download,
  registerLetter,
  stageOf,
  take,
  told,
  visitDocket,
} from "./journey.mjs";

journey("what several applicants ask for is proposed for publication", {}, async (page, { how, tag }) => {
  const subject = `山洪灾害防御预案的全文（${how}，样例）`;
  await registerLetter(page, "2024-03-04", subject, { 证件号码: `样例-甲-${tag}` });
  const docket = await registerLetter(page, "2024-03-05", subject, { 证件号码: `样例-乙-${tag}` });
  const section = page.getByRole("region", { name: "转主动公开" });
  await section.getByText(/共有\d+个申请人提出\d+件内容相同或者相近的申请/).waitFor();
  await look(page, `journey-proactive-prompt-${tag}`);
  await section.getByRole("link", { name: "登记拟转主动公开" }).click();
  await heading(page, "登记：拟转主动公开");
  await fillIn(page, { 提出日期: "2024-03-06", 情况说明: "两个申请人申请同一份预案（样例）" });
  await look(page, `journey-proactive-form-${tag}`);
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await told(page, "已经登记");
  await section.getByText(/2024年3月6日，等待审查/).waitFor();
  await take(page, docket, "主动公开审查", {
    审查完成或者公开的日期: "2024-03-11",
    "^不宜主动公开": true,
    理由: "预案正在修订，修订后再公开（样例）",
  });
  await section.getByText(/不宜主动公开：预案正在修订/).waitFor();
  await look(page, `journey-proactive-${tag}`);
});

journey("reasons are received, then judged, and the answer is deferred", {}, async (page, { how, tag }) => {
  const docket = await registerLetter(page, "2024-03-04", `历年全部会议纪要（${how}，样例）`);
  await take(page, docket, "要求说明理由", { 告知日期: "2024-03-06", 申请人答复的截止日期: "2024-03-15" });
  assert.equal(await stageOf(page), "待说明理由");
  await take(page, docket, "收到理由说明", { 收到日期: "2024-03-14" });
  assert.match(await fact(page, "说明理由"), /2024年3月14日收到，等待审查/);
  await visit(page, `${docket}/record/reasons-judged`);
  await look(page, `journey-reasons-form-${tag}`);
  await take(page, docket, "审查理由", {
    审查日期: "2024-03-18",
    "^理由合理，但是": true,
    延迟到的日期: "2024-06-28",
    审查意见: "数量较多，需要分批核对（样例）",
  });
  assert.equal(await stageOf(page), "延迟答复");
  assert.equal(await fact(page, "延迟答复至"), "2024年6月28日");
  await look(page, `journey-reasons-${tag}`);
});

journey("a record about the applicant is corrected, and a letter says so", {}, async (page, { how, tag }) => {
  await visit(page, "/desk/corrections/new");
  await fillIn(page, { 收到日期: "2024-03-04", "^当面提交": true });
  await page.getByLabel("提供该政府信息的机关").selectOption({ label: OFFICE });
  await page.getByRole("radio", { name: "自然人" }).check();
  await fillIn(page, {
    要求更正的政府信息: `某登记表（${how}，样例）`,
    不准确的内容和更正要求: "登记年份记为2018年，应为2019年",
    申请人提供的证据: "原始档案复印件一份",
    申请人姓名或者名称: "样例申请人",
  });
  await look(page, `journey-correction-form-${tag}`);
  await page.getByRole("button", { name: "登记更正申请" }).click();
  await told(page, "已经登记");
  const docket = new URL(page.url()).pathname;
  assert.equal(await stageOf(page), "待审核");
  await take(page, docket, "审核处理", {
    处理日期: "2024-03-11",
    "^予以更正$": true,
    审核查明的情况: "经核对原始档案，登记年份确为2019年。",
  });
  await page.getByRole("link", { name: "政府信息更正告知书" }).click();
  await look(page, `journey-correction-letter-${tag}`);
  await finishLetter(page);
  await page.getByRole("link", { name: "政府信息更正告知书" }).click();
  const pdf = pdfWords((await download(page, page.getByRole("link", { name: "下载PDF" }))).bytes);
  assert.match(pdf, /样例申请人.*登记年份记为2018年.*第四十一条.*予以更正/);
  await visitDocket(page, docket);
  await page.getByRole("link", { name: "查看申请人信息" }).click();
  await page.getByText("样例申请人").waitFor();
  await visitDocket(page, docket);
  await look(page, `journey-correction-${tag}`);
  await visit(page, "/desk/corrections");
  await look(page, `journey-corrections-${tag}`);
});

journey("the schedule of retention lists what ends, what goes to the archive, and what has no period", {}, async (page, { tag }) => {
  for (const schedule of ["ending", "handing-over", "unset"]) {
    await visit(page, `/desk/requests/archive?schedule=${schedule}`);
    await heading(page, "档案保管期限");
    await look(page, `archive-${schedule}-${tag}`);
  }
});
