// The journeys in which something comes between: a fee that is paid and one that is not, a reconsideration that sends the
// request back, a withdrawal. Each once with script and once without.

import assert from "node:assert/strict";
import { visit } from "./harness.mjs";
import { approve, assertCounted, dueOf, fact, fillIn, finishLetter, heading, journey, letter, look, offered, refused, registerLetter, stageOf, take, told } from "./journey.mjs";

const GRANTED = "^予以公开（条例";

journey("a fee is asked for, paid, and the clock runs anew", {}, async (page, { how, tag }) => {
  const subject = `历年水质检测原始记录（${how}，样例）`;
  // Friday 1 March 2024: 4 to 8, 11 to 15, 18 to 22, 25 to 29 March.
  const docket = await registerLetter(page, "2024-03-01", subject);
  assert.equal((await dueOf(page)).on, "2024年3月29日");
  // By volume the first thirty pages are free, pages 31 to 100 cost ten yuan each: the 31st alone, ten.
  const notice = { 收费通知送达日期: "2024-03-08", "^按量": true, 数量: "31" };
  await refused(page, docket, "送达收费通知", { ...notice, "金额（元）": "310" }, /10元/);
  await take(page, docket, "送达收费通知", { ...notice, "金额（元）": "10" });
  assert.equal(await stageOf(page), "待缴费");
  assert.match(await fact(page, "信息处理费"), /^10元，尚未缴费$/);
  for (const words of await letter(page, docket, "收费")) assert.match(words, /31页.*10元/);
  await look(page, `journey-fee-${tag}`);
  await finishLetter(page);
  await take(page, docket, "缴费", { 缴费日期: "2024-03-20" });
  assert.match(await fact(page, "信息处理费"), /^10元，2024年3月20日缴费$/);
  // From Wednesday 20 March: 21, 22, 25 to 29, 1 to 3 April; 4 to 6 off; Sunday 7 worked; 8 to 12, 15 to 18 April.
  const due = await dueOf(page);
  assert.equal(due.on, "2024年4月18日");
  assert.match(due.steps, /自缴费次日起重新计算.*国办函〔2020〕109号/);
  await take(page, docket, "拟办", { 拟办日期: "2024-04-10", [GRANTED]: true, 提供方式或者获取途径: "提供纸质复印件，共31页。（样例）" });
  await approve(page, docket, "2024-04-11", ["secrecy", "legal", "head"]);
  await take(page, docket, "作出决定", { 决定日期: "2024-04-12", [GRANTED]: true });
  await take(page, docket, "送达", { 送达日期: "2024-04-15", "^邮寄送达": true });
  assert.equal(await stageOf(page), "已送达");
  await assertCounted(page, 2024, "granted.natural_person", subject);
});

journey("a fee that is not paid in time ends the request", {}, async (page, { how, tag }) => {
  const subject = `全部会议材料（${how}，样例）`;
  const docket = await registerLetter(page, "2024-02-05", subject);
  await take(page, docket, "送达收费通知", { 收费通知送达日期: "2024-02-20", "^按量": true, 数量: "31", "金额（元）": "10" });
  // Twenty working days from Tuesday 20 February: 21 to 23, 26 to 1 March, 4 to 8, 11 to 15, 18, 19 March.
  const unpaid = "逾期未按收费通知";
  await refused(page, docket, "拟办", { 拟办日期: "2024-03-19", [unpaid]: true }, /2024年3月19日|缴费/);
  await take(page, docket, "拟办", { 拟办日期: "2024-03-20", [unpaid]: true, 理由: "逾期未缴费。（样例）" });
  await approve(page, docket, "2024-03-20", ["legal", "head"]);
  await take(page, docket, "作出决定", { 决定日期: "2024-03-20", [unpaid]: true });
  assert.equal(await stageOf(page), "已作出决定");
  assert.match(await fact(page, "决定"), /逾期未按收费通知要求缴纳费用/);
  assert.ok(!(await offered(page)).includes("拟办"), "it is closed");
  await look(page, `journey-unpaid-${tag}`);
  await assertCounted(page, 2024, "other_fee_unpaid.natural_person", subject);
});

journey("after reconsideration a request is handled anew", {}, async (page, { how, tag }) => {
  const subject = `内部值班安排（${how}，样例）`;
  const refusal = "属于三类内部事务信息";
  const docket = await registerLetter(page, "2024-03-04", subject);
  await take(page, docket, "拟办", { 拟办日期: "2024-03-12", [refusal]: true, 查明的事实: "找到值班表一份（样例）", 理由: "属于内部工作流程信息。（样例）" });
  await approve(page, docket, "2024-03-13", ["legal", "head"]);
  await take(page, docket, "作出决定", { 决定日期: "2024-03-14", [refusal]: true });
  const first = await fact(page, "文号");
  await take(page, docket, "送达", { 送达日期: "2024-03-15", "^邮寄送达": true });
  await assertCounted(page, 2024, "refused_internal_affairs.natural_person", subject);

  await visit(page, docket);
  await page.getByRole("link", { name: "登记复议或者诉讼" }).click();
  await heading(page, "登记案件");
  await fillIn(page, { "申请（起诉）日期": "2024-04-08", "^行政复议$": true, 案号: `样例复字${tag}`, 复议机关或者法院: "样例市人民政府" });
  await page.getByRole("button", { name: "登记案件" }).click();
  await told(page, "已经登记");
  const dispute = new URL(page.url()).pathname;
  await take(page, dispute, "受理", { 收到副本的日期: "2024-04-10" });
  await take(page, dispute, "答复（答辩）", { "答复（答辩）日期": "2024-04-18" });
  await look(page, `journey-dispute-${tag}`);
  await take(page, dispute, "审结", { 审结日期: "2024-06-03", "^撤销": true, 裁判文书文号: "样例复决〔2024〕1号" });
  await page.getByRole("link", { name: "重新处理这件申请" }).click();
  await heading(page, "登记：重新处理");
  await page.getByLabel("日期", { exact: true }).fill("2024-06-05");
  await fillIn(page, { 重新处理的期限: "2024-07-03" });
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await told(page, "已经登记");
  await visit(page, docket);
  assert.equal(await stageOf(page), "重新处理");
  const due = await dueOf(page);
  // The day is the one that was ordered; no working day is counted.
  assert.equal(due.on, "2024年7月3日");
  assert.match(due.steps, /重新处理应当于2024年7月3日前完成/);
  await look(page, `journey-reopened-${tag}`);
  await take(page, docket, "拟办", { 拟办日期: "2024-06-12", [GRANTED]: true, 提供方式或者获取途径: "提供纸质复印件。（样例）" });
  await approve(page, docket, "2024-06-13", ["secrecy", "legal", "head"]);
  await take(page, docket, "作出决定", { 决定日期: "2024-06-14", [GRANTED]: true });
  for (const words of await letter(page, docket, "政府信息公开告知书")) assert.ok(!words.includes(first), "the letter has a number of its own");
  await take(page, docket, "送达", { 送达日期: "2024-06-17", "^邮寄送达": true });
  assert.equal(await stageOf(page), "已送达");
  // The row of the first decision stays: table three counts a request once.
  await assertCounted(page, 2024, "refused_internal_affairs.natural_person", subject);
});

journey("an applicant withdraws by letter", {}, async (page, { how, tag }) => {
  const subject = `招标文件（${how}，样例）`;
  const docket = await registerLetter(page, "2024-03-04", subject);
  await take(page, docket, "申请人撤回", { 撤回日期: "2024-03-11" });
  assert.equal(await stageOf(page), "申请人撤回");
  assert.match((await dueOf(page)).badge, /已经办结/);
  assert.ok(!(await offered(page)).some((step) => ["拟办", "作出决定", "送达"].includes(step)), "nothing is decided any more");
  await look(page, `journey-withdrawn-${tag}`);
  await assertCounted(page, 2024, "other_other.natural_person", subject);
});
