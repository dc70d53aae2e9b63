// A ticket of 12345 fills in the form of a request, the officer looks and registers, and the same ticket again is led to
// that request; what is no request goes on elsewhere under a ticket. Once with script and once without; then every size.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, screenshot, visit, withPage } from "./harness.mjs";
import { REFUSALS, fact, heading, reasons, signIn, told } from "./journey.mjs";

/** The page as it is: accessible, never wider than the screen, and in a picture. */
async function look(page, name) {
  await assertAccessible(page);
  await assertNoSidewaysScroll(page);
  await screenshot(page, `${name}-${ENGINE}`);
}

function ticket(number) {
  return {
    system: "hotline",
    ticket: number,
    source: "电话",
    accepted_on: "2024-03-01",
    handed_over_on: "2024-03-04",
    kind: "咨询",
    title: "想要城区集中供热改造工程的批复（样例）",
    content: "想要城区集中供热改造工程的批复（样例），2023年印发的，纸质的就可以。",
    agency: "gp-office",
    class: "natural_person",
    caller: { name: "样例丁", phone: "00012345678" },
  };
}

/** Hands the registration page a file. */
async function fill(page, content) {
  await visit(page, "/desk/requests/new");
  const file = { name: "工单.json", mimeType: "application/json", buffer: Buffer.from(content) };
  await page.getByLabel("转办文件").setInputFiles(file);
  await page.getByRole("button", { name: "带入登记表" }).click();
  await heading(page, "登记申请");
}

for (const script of [true, false]) {
  const how = script ? "with-script" : "without-script";
  const options = { script, width: script ? 1280 : 390, height: 844, tolerate: /status of (400|403|404|409|422)/ };

  test(`a ticket of 12345 becomes one request (${ENGINE}, ${how})`, () =>
    withPage(options, async (page) => {
      const number = `20240301${script ? "00017" : "00018"}`;
      await signIn(page, "officer");
      await fill(page, "这不是工单");
      assert.match((await reasons(page)).join("；"), /不是转办文件/);
      await look(page, `ticket-refused-${how}`);

      await fill(page, JSON.stringify(ticket(number)));
      await page.getByText("已经带入转办文件，尚未登记").waitFor();
      assert.equal(await page.getByLabel("工单编号").inputValue(), number);
      assert.equal(await page.getByLabel("到达日期").inputValue(), "2024-03-04");
      assert.equal(await page.getByLabel("申请人姓名或者名称").inputValue(), "样例丁");
      assert.equal(await page.getByRole("radio", { name: "其他机关转送" }).isChecked(), true);
      await look(page, `ticket-filled-${how}`);
      await page.getByLabel("申请内容").fill(`城区集中供热改造工程的批复，2023年印发（样例，${how}）`);
      await page.getByRole("button", { name: "登记申请" }).click();
      await told(page, "已经登记");
      assert.equal(
        await fact(page, "转来的工单"),
        `12345政务服务便民热线，工单编号${number}，2024年3月4日（来源渠道：电话；受理日期：2024-03-01；诉求类型：咨询）`,
      );
      assert.equal(await fact(page, "收到申请之日"), "2024年3月4日");
      const request = (await page.getByRole("heading", { level: 1 }).innerText()).replace("申请 ", "");
      await look(page, `ticket-case-${how}`);

      await fill(page, JSON.stringify(ticket(number)));
      await page.getByLabel("申请内容").fill("同一工单的另一次登记（样例）");
      await page.getByRole("button", { name: "登记申请" }).click();
      assert.match((await reasons(page)).join("；"), new RegExp(`登记为申请${request}，请在该申请中办理`));
      assert.equal(await page.getByLabel("申请内容").inputValue(), "同一工单的另一次登记（样例）");
    }));

  test(`what is no request goes on at 12345 or elsewhere (${ENGINE}, ${how})`, () =>
    withPage({ ...options, tolerate: REFUSALS }, async (page) => {
      await signIn(page, "officer");
      await visit(page, `/desk/requests?q=${encodeURIComponent("反映邻里宅基地纠纷")}`);
      await page.locator("table.list tbody a").click();
      await heading(page, /^申请 /);
      if (script) await page.getByText("取得工单编号后登记").waitFor();
      await look(page, `handed-out-before-${how}`);
      const section = page.locator("section[aria-labelledby=tickets]");
      const saving = page.waitForEvent("download");
      await section.getByRole("link", { name: "下载转办文件（JSON）" }).click();
      const file = JSON.parse(await readFile(await (await saving).path(), "utf8"));
      assert.equal(file.request.decision, "declined-petition-or-complaint");
      assert.equal(file.content, "反映邻里宅基地纠纷（样例）");

      const [system, name] = script ? ["hotline", "12345政务服务便民热线"] : ["petition", "信访信息系统"];
      const step = page.getByRole("region", { name: "下一步" }).getByRole("link", { name: "转12345热线等渠道" });
      await step.click();
      await page.getByLabel("转送日期").fill("2021-11-01");
      await page.getByLabel("渠道").selectOption(system);
      await page.getByRole("button", { name: "登记" }).click();
      assert.match((await reasons(page)).join("；"), /不得早于决定日期2021年11月5日.*条例第三十九条第一款/);
      await page.getByLabel("转送日期").fill("2021-11-08");
      await page.getByLabel("工单编号").fill("2021110800029");
      await look(page, `handed-out-form-${how}`);
      await page.getByRole("button", { name: "登记" }).click();
      await told(page, "已经登记");
      await section.getByText(`${name}，工单编号2021110800029，2021年11月8日`).waitFor();
      await look(page, `handed-out-after-${how}`);
    }));
}

for (const [name, size] of [["phone", { width: 390, height: 844 }], ["large-text", { width: 1280, textSize: 200 }]]) {
  test(`the form that a ticket fills in is for everybody (${ENGINE}, ${name})`, () =>
    withPage(size, async (page) => {
      await signIn(page, "officer");
      await visit(page, "/desk/requests/new");
      await look(page, `ticket-form-${name}`);
    }));
}
