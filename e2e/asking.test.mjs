// A citizen asks on the phone, without an account: the guide, a form refused with everything that is missing, the
// receipt, the progress, and the withdrawal; between them the office confirms. Once with script and once without.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, screenshot, visit, withPage } from "./harness.mjs";
import { REFUSALS, heading, reasons, signIn } from "./journey.mjs";

const OFFICE = "高平市人民政府办公室";
// The worked example of GB 11643-1999; nobody's number.
const NUMBER = "11010519491231002X";

/** The page as it is: accessible, never wider than the screen, and in a picture. */
async function look(page, name) {
  await assertAccessible(page);
  await assertNoSidewaysScroll(page);
  await screenshot(page, `${name}-${ENGINE}`);
}

for (const script of [true, false]) {
  const how = script ? "with script" : "without script";
  const options = { script, width: 390, height: 844, tolerate: REFUSALS };

  test(`a citizen asks on the phone and follows the request (${ENGINE}, ${how})`, () =>
    withPage(options, async (page) => {
      await visit(page, "/");
      await page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "依申请公开" }).click();
      await heading(page, "依申请公开");
      await look(page, `ask-guide-${how}`);
      await page.getByRole("link", { name: "填写申请" }).click();
      await heading(page, "填写申请");
      await page.getByRole("button", { name: "提交申请" }).click();
      await heading(page, "填写申请");
      const missing = await reasons(page);
      assert.ok(missing.length >= 7, missing.join("；"));
      await look(page, `ask-refused-${how}`);

      await page.getByLabel("受理机关").selectOption({ label: OFFICE });
      await page.getByLabel("所需信息的内容描述").fill("城区供水管网改造项目的批复文件（样例）");
      await page.getByRole("checkbox", { name: "自行领取" }).check();
      await page.getByRole("radio", { name: "纸质" }).check();
      await page.getByLabel("姓名或者名称").fill("样例申请人");
      await page.getByLabel("证件名称", { exact: true }).selectOption("居民身份证");
      await page.getByLabel("证件号码", { exact: true }).fill(NUMBER);
      await page.getByLabel("联系电话", { exact: false }).first().fill("00000000000");
      await page.getByRole("button", { name: "提交申请" }).click();
      await heading(page, "申请已经提交");
      const code = await page.locator(".query-code").innerText();
      assert.match(code, /^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/);
      await look(page, `ask-receipt-${how}`);

      await page.getByRole("link", { name: "查询进度" }).click();
      await heading(page, "进度查询");
      await look(page, `progress-form-${how}`);
      const query = async (proof) => {
        await page.getByLabel("查询码").fill(code.toLowerCase());
        await page.getByLabel("验证信息").fill(proof);
        await page.getByRole("button", { name: "查询" }).click();
      };
      await query("0000");
      assert.equal((await reasons(page)).length, 1);
      await query("002x");
      await page.getByText("已提交待确认", { exact: true }).waitFor();
      await page.getByText(OFFICE).first().waitFor();
      await look(page, `progress-${how}`);

      await page.getByRole("checkbox", { name: "我确认撤回这份申请" }).check();
      await page.getByRole("button", { name: "撤回申请" }).click();
      await page.getByText("申请已经撤回").waitFor();
      await page.getByText("已撤回", { exact: true }).first().waitFor();
      await look(page, `progress-withdrawn-${how}`);
    }));
}

test(`an unconfirmed request of the portal is on the board of the office (${ENGINE})`, () =>
  withPage({ tolerate: REFUSALS }, async (page) => {
    await visit(page, "/ask/new");
    await page.getByLabel("受理机关").selectOption({ label: OFFICE });
    await page.getByLabel("所需信息的内容描述").fill("公共停车场建设计划（样例）");
    await page.getByRole("checkbox", { name: "邮寄" }).check();
    await page.getByRole("radio", { name: "纸质" }).check();
    await page.getByLabel("姓名或者名称").fill("样例申请人");
    await page.getByLabel("证件名称", { exact: true }).selectOption("其他证件");
    await page.getByLabel("证件号码", { exact: true }).fill("样例0001");
    await page.getByLabel("联系地址", { exact: false }).fill("样例路一号");
    await page.getByRole("button", { name: "提交申请" }).click();
    await heading(page, "申请已经提交");
    await signIn(page, "officer");
    const board = page.getByRole("main");
    await board.getByText("公共停车场建设计划（样例）").first().waitFor();
    await screenshot(page, `board-unconfirmed-${ENGINE}`);
  }));
