// A disclosure officer's day: signing in, registering a letter, being told what the law does not allow yet, mending an
// entry, meeting a colleague in the same docket, and opening the records behind a figure.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, screenshot, visit, withPage } from "./harness.mjs";
import { REFUSALS, UNIT, fillSignIn, figures, heading, reasons, signIn, signOut, told } from "./journey.mjs";

const desk = (use, options = {}) => withPage({ tolerate: REFUSALS, ...options }, use);

/** The value beside a label in the facts of a docket. */
const fact = (page, label) =>
  page.locator("dl.facts > div").filter({ has: page.getByText(label, { exact: true }) }).getByRole("definition").innerText();

/**
 * Registers a letter of 4 March 2024, a Monday, and stays on its docket. The reply is due on 1 April: twenty working
 * days without any holiday between.
 */
async function registerLetter(page, subject) {
  await visit(page, "/desk");
  await page.getByRole("link", { name: "登记申请" }).click();
  await heading(page, "登记申请");
  await page.getByLabel("到达日期").fill("2024-03-04");
  await page.getByRole("radio", { name: "邮寄（签收）" }).check();
  await page.getByLabel("受理机关").selectOption({ label: "高平市人民政府办公室" });
  await page.getByRole("radio", { name: "自然人" }).check();
  await page.getByLabel("申请内容").fill(subject);
  await page.getByLabel("申请人姓名或者名称").fill("样例申请人");
  await page.getByRole("button", { name: "登记申请" }).click();
  await told(page, "已经登记，卷宗已建立");
  await heading(page, /^申请 2024-\d{5}$/);
}

test(`a wrong password is refused in one sentence, and the name is kept (${ENGINE})`, () =>
  desk(async (page) => {
    await visit(page, "/desk/sign-in");
    await fillSignIn(page, "officer", "not-the-password");
    assert.equal((await reasons(page)).length, 1);
    assert.equal(await page.getByLabel("登录名").inputValue(), "officer");
    assert.equal(await page.getByLabel("密码").inputValue(), "", "a password is not sent back");
    await fillSignIn(page, "officer");
    await heading(page, "工作台");
  }));

test(`an address of the desk asks who one is, comes back to it, and is closed again afterwards (${ENGINE})`, () =>
  desk(async (page) => {
    await visit(page, "/desk/requests?year=2020");
    await heading(page, "登录");
    await fillSignIn(page, "officer");
    await heading(page, "依申请公开");
    assert.equal(new URL(page.url()).search, "?year=2020");
    await signOut(page);
    for (const address of ["/desk", "/desk/requests", `/desk/reports/${UNIT}/2020`]) {
      await visit(page, address);
      await heading(page, "登录");
    }
    // The page that was open is not shown again by the browser's way back.
    await page.goBack();
    await heading(page, "登录");
  }));

test(`a letter becomes a numbered request with a due date and its reasons (${ENGINE})`, () =>
  desk(async (page) => {
    await signIn(page, "officer");
    await registerLetter(page, "历年供水水质检测结果（样例）");
    assert.equal(await fact(page, "收到申请之日"), "2024年3月4日");
    const due = page.getByRole("region", { name: "期限" });
    await due.getByText("2024年4月1日", { exact: true }).waitFor();
    const steps = await due.getByRole("listitem").allInnerTexts();
    assert.ok(steps.some((step) => step.includes("20个工作日") && step.includes("条例第三十三条")), steps.join("；"));
    const number = (await page.getByRole("heading", { level: 1 }).innerText()).replace("申请 ", "");

    // It is on the board, and a register finds it by a word of its subject.
    await page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "工作台" }).click();
    const row = page.getByRole("region", { name: "待办的申请" }).getByRole("row").filter({ hasText: number });
    const said = (await row.first().innerText()).replace(/\s+/g, " ");
    assert.match(said, new RegExp(`^${number} 已逾期\\d+个工作日 .* 2024年4月1日$`));
    await visit(page, "/desk/requests");
    await page.getByLabel("编号或者内容").fill("供水水质");
    await page.getByRole("button", { name: "筛选" }).click();
    await page.getByRole("link", { name: number }).click();
    await heading(page, `申请 ${number}`);
  }));

test(`an incomplete form names every gap and keeps what was typed (${ENGINE})`, () =>
  desk(async (page) => {
    await signIn(page, "officer");
    await visit(page, "/desk/requests/new");
    await page.getByLabel("申请内容").fill("只写了内容的申请（样例）");
    await page.getByRole("button", { name: "登记申请" }).click();
    const said = await reasons(page);
    assert.equal(said.length, 2, said.join("；"));
    assert.match(said.join("；"), /收件渠道.*申请人类别/);
    assert.equal(await page.getByLabel("申请内容").inputValue(), "只写了内容的申请（样例）");
  }));

test(`a decision is proposed, reviewed, signed and made; before its time it is refused with the article (${ENGINE})`, () =>
  desk(async (page) => {
    await signIn(page, "officer");
    await registerLetter(page, "公交线路调整方案（样例）");
    const docket = page.url().split("?")[0];
    assert.equal(await page.getByRole("link", { name: "作出决定" }).count(), 0, "not offered before it was proposed");
    await page.getByRole("link", { name: "拟办", exact: true }).click();
    await page.getByLabel("拟办日期").fill("2024-02-28");
    await page.getByRole("radio", { name: /^予以公开（条例/ }).check();
    await page.getByLabel("提供方式或者获取途径").fill("随告知书提供纸质复印件。（样例）");
    await page.getByRole("button", { name: "登记" }).click();
    const said = await reasons(page);
    assert.ok(
      said.some((reason) => /不得早于.*2024年3月4日.*条例第三十一条/.test(reason)),
      said.join("；"),
    );
    assert.equal(await page.getByLabel("拟办日期").inputValue(), "2024-02-28");
    assert.equal(await page.getByRole("radio", { name: /^予以公开（条例/ }).isChecked(), true);
    assert.equal(await page.getByLabel("提供方式或者获取途径").inputValue(), "随告知书提供纸质复印件。（样例）");
    await page.getByLabel("拟办日期").fill("2024-03-18");
    await page.getByRole("button", { name: "登记" }).click();
    await told(page, "已经登记");
    await page.getByText("保密审查/合法性审核", { exact: true }).first().waitFor();

    // Serving what is not decided is not offered; who knows the address is told why.
    await visit(page, `${docket}/record/served`);
    await page.getByLabel("送达日期").fill("2024-03-20");
    await page.getByRole("radio", { name: /^邮寄送达/ }).check();
    await page.getByRole("button", { name: "登记" }).click();
    assert.match((await reasons(page)).join("；"), /尚未作出决定.*条例第三十六条/);
    assert.equal(await page.getByLabel("送达日期").inputValue(), "2024-03-20");
    await signOut(page);

    // Every step by its own person; each is offered that step and no other.
    for (const [login, step] of [["secrecy", "保密审查"], ["legal", "合法性审核"], ["head", "审批签发"]]) {
      await signIn(page, login);
      await visit(page, docket);
      await page.getByRole("link", { name: "审核审批" }).click();
      assert.equal(await page.getByLabel("环节").locator("option").innerText(), step);
      await page.getByLabel("审核日期").fill("2024-03-19");
      await page.getByRole("radio", { name: "通过" }).check();
      await page.getByRole("button", { name: "登记" }).click();
      await told(page, "已经登记");
      assert.equal(await page.getByRole("link", { name: "审核审批" }).count(), 0);
      await signOut(page);
    }

    // The number of the letter is given by the system, and the clock stops with the service.
    await signIn(page, "officer");
    await visit(page, docket);
    await page.getByRole("link", { name: "作出决定" }).click();
    await page.getByLabel("决定日期").fill("2024-03-20");
    await page.getByRole("radio", { name: /^予以公开（条例/ }).check();
    await page.getByRole("button", { name: "登记" }).click();
    await told(page, "已经登记");
    assert.match(await fact(page, "文号"), /^高政办公复〔2024〕[1-9]\d*号$/);
    await page.getByRole("link", { name: "送达", exact: true }).click();
    await page.getByLabel("送达日期").fill("2024-03-21");
    await page.getByRole("radio", { name: /^邮寄送达/ }).check();
    await page.getByRole("button", { name: "登记" }).click();
    await told(page, "已经登记");
    assert.equal(await fact(page, "送达日期"), "2024年3月21日");
    await page.getByRole("region", { name: "期限" }).getByText("已经办结").waitFor();
  }));

test(`an entry is mended with a reason, and both stay to be seen (${ENGINE})`, () =>
  desk(async (page) => {
    await signIn(page, "officer");
    await registerLetter(page, "道路挖掘许可名录（样例）");
    await page.getByRole("link", { name: /^更正\s*第1条记录$/ }).click();
    await heading(page, "更正第1条记录：申请到达");
    await page.getByRole("radio", { name: "商业企业" }).check();
    await page.getByRole("button", { name: "更正", exact: true }).click();
    assert.match((await reasons(page)).join("；"), /请填写更正的理由/);
    assert.equal(await page.getByRole("radio", { name: "商业企业" }).isChecked(), true, "the choice is kept");

    await page.getByLabel("更正的理由").fill("申请表上盖有企业公章，误作自然人登记（样例）");
    await page.getByRole("button", { name: "更正", exact: true }).click();
    await told(page, "已经更正");
    assert.equal(await fact(page, "申请人类别"), "商业企业");
    const history = page.getByRole("region", { name: "办理记录" });
    await history.getByText("更正第1条记录：申请表上盖有企业公章，误作自然人登记（样例）").waitFor();
    await history.getByText(/^已被第\d+条记录更正$/).waitFor();
    assert.equal(await history.getByText("自然人", { exact: true }).count(), 1, "the mended entry is still there");
  }));

test(`of two officers in one docket the second is told, and keeps what was typed (${ENGINE})`, () =>
  desk(async (first) => {
    await signIn(first, "officer");
    await registerLetter(first, "农贸市场检查记录（样例）");
    const docket = first.url().split("?")[0];
    const second = await first.context().newPage();
    for (const page of [first, second]) {
      await visit(page, `${docket}/record/searched`);
      await page.getByLabel("检索日期").fill("2024-03-06");
    }
    await first.getByLabel("检索记录").fill("检索公文系统，找到三份（样例）");
    await second.getByLabel("检索记录").fill("检索档案室，没有找到（样例）");
    await first.getByRole("button", { name: "登记" }).click();
    await told(first, "已经登记");

    const [answer] = await Promise.all([
      second.waitForResponse((r) => r.request().method() === "POST"),
      second.getByRole("button", { name: "登记" }).click(),
    ]);
    assert.equal(answer.status(), 409);
    await heading(second, "内容已有变化");
    await second.getByText("刚刚被其他人修改").waitFor();
    await second.getByText("检索档案室，没有找到（样例）").waitFor();
    await second.getByRole("link", { name: "查看最新内容" }).click();
    await second.getByText("检索公文系统，找到三份（样例）").waitFor();
    assert.equal(await second.getByText("检索档案室，没有找到（样例）").count(), 0, "the second was not saved");
  }));

test(`a button pressed twice registers once, also without script (${ENGINE})`, async () => {
  for (const script of [true, false]) {
    await desk(
      async (page) => {
        await signIn(page, "officer");
        const subject = `重复提交的申请，${script ? "有" : "无"}脚本（样例）`;
        await visit(page, "/desk/requests/new");
        await page.getByLabel("到达日期").fill("2024-03-04");
        await page.getByRole("radio", { name: "当面提交" }).check();
        await page.getByRole("radio", { name: "自然人" }).check();
        await page.getByLabel("申请内容").fill(subject);
        await page.getByRole("button", { name: "登记申请" }).dblclick();
        await told(page, "已经登记，卷宗已建立");
        await visit(page, `/desk/requests?q=${encodeURIComponent(subject)}`);
        await page.getByText("本页1条", { exact: true }).waitFor();
      },
      { script },
    );
  }
});

test(`a figure of the report opens exactly the records behind it (${ENGINE})`, () =>
  desk(async (page) => {
    await signIn(page, "officer");
    await visit(page, `/desk/reports/${UNIT}/2020`);
    const cell = "requests.refused_administrative_inquiry.total";
    assert.equal((await figures(page))[cell], 1);
    await page.locator(`td[data-cell="${cell}"]`).getByRole("link").click();
    await heading(page, "表三“8.属于行政查询事项”的“总计”");
    const records = page.getByRole("region", { name: "背后的记录" }).last();
    await records.getByRole("link", { name: "某地块的不动产登记资料（样例）" }).waitFor();
    assert.equal(await records.locator("tbody tr").count(), 1);
    await records.getByRole("link").click();
    await heading(page, "申请 2020-00001");
    assert.equal(await fact(page, "决定"), "属于行政查询事项");
  }));

test(`for every kind of figure the records add up to what is printed (${ENGINE})`, () =>
  desk(async (page) => {
    await signIn(page, "officer");
    await visit(page, `/desk/reports/${UNIT}/2020`);
    const shown = await figures(page);
    const some = [
      "proactive.normative_documents.disclosed",
      "proactive.normative_documents.total_disclosed",
      "proactive.procurement.amount",
      "requests.new_requests.legal_service_org",
      "requests.results_total.total",
      "requests.carried_over_out.total",
    ];
    for (const cell of some) {
      await visit(page, `/desk/reports/${UNIT}/2020/cells/${cell}`);
      const added = await page
        .getByRole("region", { name: "背后的记录" })
        .last()
        .locator("tbody td.number")
        .allInnerTexts()
        .catch(() => []);
      const sum = added.map((text) => Number(text.replace(/[^\d.-]/g, ""))).reduce((a, b) => a + b, 0);
      assert.equal(sum, shown[cell], `${cell}: ${added.length} records`);
    }
  }));

test(`without script an officer signs in, registers a letter and signs out (${ENGINE})`, () =>
  desk(
    async (page) => {
      await signIn(page, "officer");
      await registerLetter(page, "不用脚本登记的申请（样例）");
      await page.getByRole("region", { name: "期限" }).getByText("2024年4月1日", { exact: true }).waitFor();
      await signOut(page);
    },
    { script: false },
  ));

test(`a colleague named in a note is told of it, and of what comes after (${ENGINE})`, () =>
  desk(async (page) => {
    await signIn(page, "officer");
    await registerLetter(page, "城区路灯改造计划（样例）");
    const docket = new URL(page.url()).pathname;
    const number = (await page.getByRole("heading", { level: 1 }).innerText()).replace("申请 ", "");
    await page.getByRole("region", { name: "下一步" }).getByRole("link", { name: "内部批注" }).click();
    await heading(page, "登记：内部批注");
    await page.getByLabel("批注").fill("图纸在档案室，答复前请核对");
    await page.getByRole("checkbox", { name: "样例负责人" }).check();
    await assertAccessible(page);
    await assertNoSidewaysScroll(page);
    await screenshot(page, `note-${ENGINE}`);
    await page.getByRole("button", { name: "登记" }).click();
    await told(page, "已经登记");
    await page.getByText("图纸在档案室，答复前请核对").waitFor();
    await signOut(page);

    await signIn(page, "head");
    await page.getByRole("link", { name: /^提醒/ }).click();
    await page.getByText(`您关注的申请${number}有新的办理记录：内部批注`).waitFor();
    await visit(page, docket);
    await page.getByText("图纸在档案室，答复前请核对").waitFor();
  }));
