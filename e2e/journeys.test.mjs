// The journeys of a request that came by letter, from the envelope to the figure that counts it, each once with script
// and once without: answered, corrected, lapsed, refused after consultation, extended. The days lie in 2024; every day
// due is computed by hand from that year's notice on holidays, beside the assertion.

import assert from "node:assert/strict";
import {
  approve,
  assertCounted,
  dueOf,
  fact,
  finishLetter,
  journey,
  letter,
  look,
  offered,
  refused,
  registerLetter,
  seat,
  stageOf,
  take,
  visitDocket,
} from "./journey.mjs";

const GRANTED = "^予以公开（条例";

journey("a letter is answered with what was asked for", {}, async (page, { how, tag }) => {
  const subject = `城区供水管网改造项目的批复（${how}，样例）`;
  // Monday 4 March 2024: twenty working days without a holiday between end on Monday 1 April.
  const docket = await registerLetter(page, "2024-03-04", subject);
  assert.equal(await fact(page, "收到申请之日"), "2024年3月4日");
  const due = await dueOf(page);
  assert.equal(due.on, "2024年4月1日");
  assert.match(due.steps, /20个工作日.*条例第三十三条/);
  assert.equal(await stageOf(page), "已收到(登记)");
  await look(page, `journey-registered-${tag}`);

  const receipt = await letter(page, docket, "政府信息公开申请登记回执");
  for (const words of receipt) assert.match(words, /样例申请人.*2024年3月4日.*城区供水管网改造项目的批复/);
  await look(page, `journey-receipt-${tag}`);
  await finishLetter(page);

  await take(page, docket, "审查分办", { 审查日期: "2024-03-05", 审查意见: "属于本机关负责公开（样例）" });
  assert.equal(await stageOf(page), "审查分办");
  await take(page, docket, "交办", { 交办日期: "2024-03-05" });
  assert.equal(await stageOf(page), "承办中");
  await take(page, docket, "检索", { 检索日期: "2024-03-06", 检索记录: "检索公文系统，找到一份，共6页（样例）" });
  await take(page, docket, "拟办", {
    拟办日期: "2024-03-18",
    [GRANTED]: true,
    提供方式或者获取途径: "随告知书提供纸质复印件，共6页。（样例）",
  });
  assert.equal(await stageOf(page), "保密审查/合法性审核");
  await look(page, `journey-chain-${tag}`);
  await approve(page, docket, "2024-03-19", ["secrecy", "legal", "head"]);
  await take(page, docket, "作出决定", { 决定日期: "2024-03-20", [GRANTED]: true });
  assert.equal(await stageOf(page), "已作出决定");
  const number = await fact(page, "文号");
  assert.match(number, /^高政办公复〔2024〕[1-9]\d*号$/);
  for (const words of await letter(page, docket, "政府信息公开告知书")) {
    assert.ok(words.includes(number), words);
    assert.match(words, /样例申请人.*随告知书提供纸质复印件，共6页.*行政复议.*2024年3月20日/);
  }
  await look(page, `journey-decision-${tag}`);
  await take(page, docket, "送达", { 送达日期: "2024-03-21", "^邮寄送达": true });
  assert.equal(await stageOf(page), "已送达");
  assert.match((await dueOf(page)).badge, /已经办结/);
  await take(page, docket, "归档", { 归档日期: "2024-04-02", 归档号: `2024-样例-${tag}`, "^10年$": true });
  assert.equal(await stageOf(page), "办结归档");
  await look(page, `journey-archived-${tag}`);
  await assertCounted(page, 2024, "granted.natural_person", subject);
});

journey("an unclear letter is corrected, and the clock runs anew", {}, async (page, { how, tag }) => {
  const subject = `有关道路的材料（${how}，样例）`;
  // Monday 5 February 2024. Spring festival is off from 10 to 17 February; the Sundays 4 and 18 February are worked.
  // Seven working days: 6, 7, 8, 9, 18, 19, 20 February. Twenty: those, 21 to 23, 26 to 29, 1 March, 4 to 8 March.
  const docket = await registerLetter(page, "2024-02-05", subject);
  assert.equal((await dueOf(page)).on, "2024年3月8日");
  const items = "请写明道路的名称";
  await refused(page, docket, "告知补正", { 告知日期: "2024-02-21", 需要补正的事项: items, 申请人答复的截止日期: "2024-03-05" },
    /2024年2月20日|7个工作日/);
  await take(page, docket, "告知补正", { 告知日期: "2024-02-20", 需要补正的事项: items, 申请人答复的截止日期: "2024-03-05" });
  assert.equal(await stageOf(page), "待补正");
  for (const words of await letter(page, docket, "补正")) assert.match(words, /请写明道路的名称.*2024年3月5日.*视为放弃/);
  await finishLetter(page);
  await look(page, `journey-correction-${tag}`);
  await take(page, docket, "收到补正", { 收到日期: "2024-03-04" });
  // Anew from Monday 4 March: Monday 1 April.
  const due = await dueOf(page);
  assert.equal(due.on, "2024年4月1日");
  assert.match(due.steps, /补正.*2024年3月4日|2024年3月4日.*补正/);
  await take(page, docket, "检索", { 检索日期: "2024-03-06", 检索记录: "检索档案室和公文系统，没有找到（样例）" });
  await take(page, docket, "拟办", {
    拟办日期: "2024-03-25",
    "政府信息不存在": true,
    查明的事实: "经检索档案室和公文系统，没有找到（样例）",
    理由: "经检索没有所申请的信息。（样例）",
  });
  await approve(page, docket, "2024-03-26", ["legal", "head"]);
  await take(page, docket, "作出决定", { 决定日期: "2024-03-27", "政府信息不存在": true });
  for (const words of await letter(page, docket, "不存在")) assert.match(words, /收到补正材料.*没有找到.*条例》?第三十六条/);
  await take(page, docket, "送达", { 送达日期: "2024-04-01", "^邮寄送达": true });
  assert.equal(await stageOf(page), "已送达");
  await assertCounted(page, 2024, "unavailable_not_held.natural_person", subject);
});

journey("a letter that is not corrected in time lapses without a paper", {}, async (page, { how, tag }) => {
  const subject = `一些文件（${how}，样例）`;
  const docket = await registerLetter(page, "2024-02-05", subject);
  await take(page, docket, "告知补正", {
    告知日期: "2024-02-20",
    需要补正的事项: "请写明文件的名称或者文号",
    申请人答复的截止日期: "2024-03-05",
  });
  const lapsed = "逾期不补正";
  // On the last day it may still be corrected.
  await refused(page, docket, "拟办", { 拟办日期: "2024-03-05", [lapsed]: true }, /（含当日）为止，届满仍未办理的，从次日起才能按逾期拟办.*条例第三十条/);
  await take(page, docket, "拟办", { 拟办日期: "2024-03-06", [lapsed]: true, 理由: "申请人逾期未补正。（样例）" });
  await approve(page, docket, "2024-03-06", ["legal", "head"]);
  await take(page, docket, "作出决定", { 决定日期: "2024-03-06", [lapsed]: true });
  assert.equal(await stageOf(page), "已作出决定");
  assert.match(await fact(page, "决定"), /无正当理由逾期不补正/);
  assert.ok(!(await offered(page)).includes("拟办"), "it is closed");
  await look(page, `journey-lapsed-${tag}`);
  await assertCounted(page, 2024, "other_correction_lapsed.natural_person", subject);
});

journey("a third party is consulted, objects, and disclosure is refused", {}, async (page, { how, tag }) => {
  const subject = `某企业环境监测原始数据（${how}，样例）`;
  const docket = await registerLetter(page, "2024-02-05", subject);
  assert.equal((await dueOf(page)).on, "2024年3月8日");
  await take(page, docket, "检索", { 检索日期: "2024-02-20", 检索记录: "找到一份（样例）" });
  await take(page, docket, "发出征求意见", { 发出日期: "2024-02-21", "第三方（条例第三十二条）": true, 单位名称或者姓名: "样例有限公司" });
  assert.equal(await stageOf(page), "征求第三方意见");
  for (const words of await letter(page, docket, "征求第三方意见")) {
    assert.match(words, /样例有限公司.*15个工作日/);
    assert.ok(!words.includes("样例申请人"), "the third party is not told who asks");
  }
  await look(page, `journey-consultation-${tag}`);
  await take(page, docket, "征求意见送达", { 对方收到的日期: "2024-02-22" });
  // Fifteen working days from Thursday 22 February: 23, 26 to 29, 1 March, 4 to 8, 11 to 14 March.
  await page.getByRole("region", { name: "同时计算的期限" }).getByText("2024年3月14日").first().waitFor();
  await take(page, docket, "征求意见结束", { 收到意见或者期限届满的日期: "2024-03-06", 不同意公开: true });
  // Ten working days stood still (22, 23, 26 to 29 February, 1, 4, 5, 6 March); ten after 8 March: Friday 22 March.
  const due = await dueOf(page);
  assert.equal(due.on, "2024年3月22日");
  assert.match(due.steps, /征求意见期间10个工作日不计算在内/);
  const refusal = "保护第三方合法权益";
  await take(page, docket, "拟办", {
    拟办日期: "2024-03-18",
    [refusal]: true,
    查明的事实: "第三方书面答复不同意公开（样例）",
    理由: "第三方不同意公开，公开会损害其合法权益。（样例）",
  });
  await approve(page, docket, "2024-03-19", ["legal", "head"]);
  await take(page, docket, "作出决定", { 决定日期: "2024-03-20", [refusal]: true });
  for (const words of await letter(page, docket, "不予公开")) {
    assert.match(words, /公开会损害其合法权益.*第十五条/);
    // Since 2024 reconsideration comes first for refusals under 14 to 16 (行政复议法第二十三条).
    assert.match(words, /应当先申请行政复议.*自收到本决定之日起60日内.*对行政复议决定不服/);
    assert.doesNotMatch(words, /6个月|六个月/, "no suit without reconsideration");
  }
  await look(page, `journey-refusal-${tag}`);
  await take(page, docket, "送达", { 送达日期: "2024-03-21", "^邮寄送达": true });
  assert.equal(await stageOf(page), "已送达");
  await visitDocket(page, docket);
  await look(page, `journey-refused-${tag}`);
  await assertCounted(page, 2024, "refused_third_party_rights.natural_person", subject);
});

journey("a term is extended once, with consent, on its last day", {}, async (page, { how, tag }) => {
  const subject = `历年征地补偿登记表（${how}，样例）`;
  const docket = await registerLetter(page, "2024-03-04", subject);
  assert.ok(!(await offered(page)).includes("同意延长答复期限"), "an officer does not consent");
  await seat(page, "unit-head");
  await take(page, docket, "同意延长答复期限", { 同意日期: "2024-03-29", 延长的工作日数: "20", 理由: "涉及材料较多（样例）" });
  await seat(page, "officer");
  await take(page, docket, "延长答复期限", { 告知日期: "2024-04-01", 理由: "涉及材料较多（样例）" });
  // From Monday 1 April twenty more: 2, 3; 4 to 6 are off, Sunday 7 is worked; 8 to 12, 15 to 19, 22 to 26; Sunday 28
  // is worked; Monday 29 April.
  const due = await dueOf(page);
  assert.equal(due.on, "2024年4月29日");
  assert.match(due.steps, /延长答复期限20个工作日.*条例第三十三条/);
  assert.ok(!(await offered(page)).includes("延长答复期限"), "only once");
  for (const words of await letter(page, docket, "延长答复期限")) assert.match(words, /涉及材料较多.*2024年4月29日/);
  await look(page, `journey-extension-${tag}`);
  await finishLetter(page);
  await take(page, docket, "拟办", { 拟办日期: "2024-04-24", [GRANTED]: true, 提供方式或者获取途径: "提供纸质复印件。（样例）" });
  await approve(page, docket, "2024-04-25", ["secrecy", "legal", "head"]);
  await take(page, docket, "作出决定", { 决定日期: "2024-04-26", [GRANTED]: true });
  await take(page, docket, "送达", { 送达日期: "2024-04-29", "^邮寄送达": true });
  assert.equal(await stageOf(page), "已送达");
  await assertCounted(page, 2024, "granted.natural_person", subject);
});
