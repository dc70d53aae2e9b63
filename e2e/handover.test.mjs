// A ticket of 12345 fills in the form of a request, the officer looks and registers, and the same ticket again is led to
// that request. Once with script and once without; then every size.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE, looks, visit, withPage } from "./harness.mjs";
import { REFUSALS, fact, heading, look, reasons, signIn, told } from "./journey.mjs";

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
  const options = { script, width: script ? 1280 : 390, height: 844, tolerate: REFUSALS };

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
}

for (const [name, size] of [["phone", { width: 390, height: 844 }], ["large-text", { width: 1280, textSize: 200 }]]) {
  looks(`the form that a ticket fills in is for everybody (${ENGINE}, ${name})`, () =>
    withPage(size, async (page) => {
      await signIn(page, "officer");
      await visit(page, "/desk/requests/new");
      await look(page, `ticket-form-${name}`);
    }));
}
