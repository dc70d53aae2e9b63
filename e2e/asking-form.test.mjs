// What surrounds the form, on the phone, with script and without: which way a matter goes, the agency found by what it
// does, published items like what is asked for, several requests in one form, a draft that returns, the receipt on paper.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, looks, screenshot, visit, withPage } from "./harness.mjs";
import { REFUSALS, heading, reasons } from "./journey.mjs";

const OFFICE = "高平市人民政府办公室";
const GOVERNMENT = "高平市人民政府";
// The worked example of GB 11643-1999; nobody's number.
const NUMBER = "11010519491231002X";

/** The page as it is: accessible, never wider than the screen, and in a picture. */
async function look(page, name) {
  await assertAccessible(page);
  await assertNoSidewaysScroll(page);
  await screenshot(page, `${name}-${ENGINE}`);
}

/** Everything the form asks besides what is wanted. */
async function fillPerson(page, name) {
  await page.getByRole("checkbox", { name: "自行领取" }).check();
  await page.getByRole("radio", { name: "纸质" }).check();
  await page.getByLabel("姓名或者名称").fill(name);
  await page.getByLabel("证件名称", { exact: true }).selectOption("居民身份证");
  await page.getByLabel("证件号码", { exact: true }).fill(NUMBER);
  await page.getByLabel("联系电话", { exact: false }).first().fill("00000000000");
}

for (const script of [true, false]) {
  const how = script ? "with script" : "without script";
  const options = { script, width: 390, height: 844, tolerate: REFUSALS };

  test(`a few questions lead to the agency and its form (${ENGINE}, ${how})`, () =>
    withPage(options, async (page) => {
      await visit(page, "/ask");
      await page.getByRole("link", { name: "我的事项怎么办" }).click();
      await heading(page, "我的事项怎么办");
      await page.getByRole("button", { name: "下一步" }).click();
      await page.getByText("请选择最接近的一项").waitFor();
      await look(page, `ask-which-${how}`);
      await page.getByRole("radio", { name: "反映问题" }).check();
      await page.getByRole("button", { name: "下一步" }).click();
      await page.getByRole("heading", { name: "请通过信访、投诉、举报渠道提出" }).waitFor();
      await look(page, `ask-which-petition-${how}`);
      await page.getByRole("link", { name: "修改" }).click();
      await page.getByRole("radio", { name: "得到或者查看" }).check();
      await page.getByRole("button", { name: "下一步" }).click();
      await page.getByRole("radio", { name: "不属于以下各类" }).check();
      await page.getByRole("button", { name: "下一步" }).click();
      await page.getByRole("heading", { name: "可以提出政府信息公开申请" }).waitFor();
      await page.getByRole("link", { name: "查找受理机关" }).click();
      await heading(page, "查找受理机关");
      await page.getByLabel("机关名称或者所办的事").fill("常务会议");
      if (!script) await page.getByRole("button", { name: "查找" }).click();
      await page.getByRole("status").filter({ hasText: "共1个机关" }).waitFor();
      await look(page, `ask-units-${how}`);
      await page.getByRole("link", { name: OFFICE }).click();
      await heading(page, "填写申请");
      assert.equal(await page.getByLabel("受理机关").locator("option:checked").innerText(), OFFICE);
    }));

  test(`an agency says what helps to find it, and what is filled in becomes part of the request (${ENGINE}, ${how})`, () =>
    withPage(options, async (page) => {
      const what = script ? "集中供热工作的通知（样例）" : "乡村教师补贴办法（样例）";
      await visit(page, "/ask/new");
      assert.equal(await page.getByText("知道下列内容的").count(), 0, "of no agency yet");
      await page.getByLabel("受理机关").selectOption({ label: OFFICE });
      const show = page.getByRole("button", { name: "显示所选机关的填写提示" });
      if (script) assert.equal(await show.count(), 0, "the part follows the choice");
      else await show.click();
      await page.getByText("请尽量写明标题或者发文字号").waitFor();
      await page.getByLabel("所需信息的内容描述").fill(what);
      await page.getByLabel("发文字号").fill("样政发〔2021〕1号");
      await look(page, `ask-details-${how}`);
      // Another agency asks other things: what was filled in stays, as words of the description.
      await page.getByLabel("受理机关").selectOption("");
      if (!script) await show.click();
      await page.getByText("知道下列内容的").waitFor({ state: "detached" });
      assert.match(await page.getByLabel("所需信息的内容描述").inputValue(), /样例）\n发文字号：样政发〔2021〕1号$/);
      await page.getByLabel("受理机关").selectOption({ label: OFFICE });
      if (!script) await show.click();
      await page.getByLabel("形成时间").fill("2021年年初");
      await fillPerson(page, "王样例");
      await page.getByRole("button", { name: "提交申请" }).click();
      await heading(page, "申请已经提交");
      const wanted = await page.locator(".slip dd.pre").innerText();
      assert.equal(wanted, `${what}\n发文字号：样政发〔2021〕1号\n形成时间：2021年年初`);
    }));

  test(`published items appear, several matters become requests, and a draft returns (${ENGINE}, ${how})`, () =>
    withPage(options, async (page) => {
      await visit(page, "/ask/new");
      await page.getByLabel("受理机关").selectOption({ label: OFFICE });
      await page.getByLabel("所需信息的内容描述").fill("老旧小区改造实施方案");
      if (!script) await page.getByRole("button", { name: "查一查是否已经公开" }).click();
      await page.getByText("已经公开的信息中").waitFor();
      await page.getByText("老旧小区改造").nth(1).waitFor();
      await look(page, `ask-found-${how}`);

      await page.getByLabel("所需信息的内容描述").fill(`城区绿地养护合同（样例，${how}）`);
      await page.getByRole("button", { name: "再加一项内容" }).click();
      const second = page.getByLabel("第2项：所需信息的内容描述");
      await second.waitFor();
      assert.ok(await second.evaluate((e) => e === document.activeElement), "the new row has the focus");
      await second.fill(`城区道路保洁合同（样例，${how}）`);
      // The same of another agency at once, with the keyboard.
      const others = page.getByRole("group", { name: "第2项：一并向其他机关提出" });
      await page.locator("summary", { hasText: "第2项：一并向其他机关提出" }).focus();
      await page.keyboard.press("Enter");
      await others.getByRole("checkbox", { name: GOVERNMENT, exact: true }).press("Space");
      await page.getByRole("button", { name: "再加一项内容" }).click();
      await page.getByRole("button", { name: "删去第3项" }).click();
      await page.getByRole("button", { name: "删去第2项" }).waitFor();
      assert.equal(await page.getByLabel(/第3项/).count(), 0);
      assert.ok(await others.getByRole("checkbox", { name: GOVERNMENT, exact: true }).isChecked(), "kept, and in sight");
      await look(page, `ask-rows-${how}`);

      await page.getByRole("button", { name: "保存，以后再填" }).click();
      await heading(page, "申请已经暂存");
      const code = await page.locator(".query-code").innerText();
      await look(page, `ask-saved-${how}`);
      await visit(page, "/ask");
      await page.getByRole("link", { name: "继续填写" }).click();
      await heading(page, "继续填写");
      await page.getByLabel("暂存码").fill("ABCD");
      await page.getByRole("button", { name: "继续填写" }).click();
      assert.equal((await reasons(page)).length, 1);
      await page.getByLabel("暂存码").fill(code.toLowerCase());
      await page.getByRole("button", { name: "继续填写" }).click();
      await heading(page, "填写申请");
      assert.equal(await page.getByLabel("第2项：所需信息").inputValue(), `城区道路保洁合同（样例，${how}）`);
      assert.ok(await others.getByRole("checkbox", { name: GOVERNMENT, exact: true }).isChecked(), "the draft knows it");

      await fillPerson(page, `样例申请人${script ? "一" : "二"}`);
      await page.getByLabel("代理人姓名").fill("样例代理人");
      await page.getByRole("button", { name: "提交申请" }).click();
      assert.equal((await reasons(page)).length, 3, "an agent is named whole");
      await page.getByLabel("代理人姓名").fill("");
      await page.getByRole("button", { name: "提交申请" }).click();
      await heading(page, "申请已经提交");
      const codes = await page.locator(".query-code").allInnerTexts();
      assert.equal(new Set(codes).size, 3, "each request has its own");
      assert.deepEqual(await page.locator(".slip dd:first-of-type").allInnerTexts().then((all) => all.filter((t) => t.startsWith("高平市人民政府"))), [OFFICE, OFFICE, GOVERNMENT]);
      await look(page, `ask-receipt-three-${how}`);
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "保存为文本文件" }).click(),
      ]);
      assert.equal(download.suggestedFilename(), "政府信息公开申请提交回执.txt");

      // The same once more: asked about, not refused.
      await visit(page, "/ask/new");
      await page.getByLabel("受理机关").selectOption({ label: OFFICE });
      await page.getByLabel("所需信息的内容描述").fill(`城区绿地养护合同（样例，${how}）`);
      await fillPerson(page, `样例申请人${script ? "一" : "二"}`);
      await page.getByRole("button", { name: "提交申请" }).click();
      assert.match((await reasons(page)).join("；"), /内容相近的申请/);
      await look(page, `ask-again-${how}`);
      await page.getByRole("checkbox", { name: "仍要提交" }).check();
      await page.getByRole("button", { name: "提交申请" }).click();
      await heading(page, "申请已经提交");
    }));
}

test(`the form is filled in with the keyboard alone (${ENGINE})`, () =>
  withPage({ tolerate: REFUSALS }, async (page) => {
    await visit(page, "/ask/new");
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "跳到正文");
    await page.keyboard.press("Enter");
    const seen = [];
    for (let n = 0; n < 60 && seen.at(-1) !== "取消"; n++) {
      await page.keyboard.press("Tab");
      seen.push(await focused());
    }
    for (const field of ["f-addressee", "f-subject", "f-delivery-1", "f-name", "f-id_number", "f-phone", "f-agent_name"]) {
      assert.ok(seen.includes(field), `${field} is reached: ${seen}`);
    }
    for (const button of ["查一查是否已经公开", "再加一项内容", "提交申请", "保存，以后再填"]) {
      assert.ok(seen.includes(button), `${button} is reached: ${seen}`);
    }
    // Enter in a line sends the form, not one of the buttons inside it.
    await page.locator("#f-name").focus();
    await page.keyboard.press("Enter");
    assert.ok((await reasons(page)).length >= 6);
  }));

for (const [name, options] of [
  ["wide", { width: 1280, height: 900 }],
  ["large text", { width: 390, height: 844, textSize: 200 }],
  ["large text, wide", { width: 1280, height: 900, textSize: 200 }],
  ["paper", { width: 794, height: 1123, media: "print" }],
]) {
  looks(`the pages around the form hold together (${ENGINE}, ${name})`, () =>
    withPage({ ...options, tolerate: REFUSALS }, async (page) => {
      for (const [path, picture] of [
        ["/ask", "guide"],
        ["/ask/which?want=information", "which"],
        ["/ask/which?want=information&about=case", "which-end"],
        ["/ask/units?q=入学", "units"],
        ["/ask/new", "form"],
        ["/ask/draft", "draft"],
        ["/ask/progress?code=ABCD-EFGH-JKMN", "progress"],
      ]) {
        await visit(page, path);
        await assertAccessible(page);
        await assertNoSidewaysScroll(page);
        await screenshot(page, `ask-${picture}-${name}-${ENGINE}`);
      }
    }));
}

looks(`the receipt of one request is one A4 page (${ENGINE})`, () =>
  withPage({}, async (page) => {
    await visit(page, "/ask/new");
    await page.getByLabel("受理机关").selectOption({ label: OFFICE });
    await page.getByLabel("所需信息的内容描述").fill("社区养老服务站分布情况（样例）");
    await fillPerson(page, "样例申请人三");
    await page.getByRole("button", { name: "提交申请" }).click();
    await heading(page, "申请已经提交");
    await page.emulateMedia({ media: "print" });
    await screenshot(page, `ask-receipt-paper-${ENGINE}`);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1);
  }));
