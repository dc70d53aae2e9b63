// Between the applicant and the office: the applicant confirms, the office confirms and asks for a correction, the
// applicant corrects on the progress page and reads how the new day due comes about, day by day.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, screenshot, visit, withPage } from "./harness.mjs";
import { REFUSALS, heading, reasons, signIn, told } from "./journey.mjs";

const OFFICE = "高平市人民政府办公室";
// The worked example of GB 11643-1999; nobody's number.
const NUMBER = "11010519491231002X";

async function look(page, name) {
  await assertAccessible(page);
  await assertNoSidewaysScroll(page);
  await screenshot(page, `${name}-${ENGINE}`);
}

for (const script of [true, false]) {
  const how = script ? "with script" : "without script";

  test(`an applicant confirms, corrects and sees every day counted (${ENGINE}, ${how})`, () =>
    withPage({ script, width: 390, height: 844, tolerate: REFUSALS }, async (page) => {
      const subject = `村级文化站建设资金（样例，${how}）`;
      await visit(page, "/ask/new");
      await page.getByLabel("受理机关").selectOption({ label: OFFICE });
      await page.getByLabel("所需信息的内容描述").fill(subject);
      await page.getByRole("checkbox", { name: "自行领取" }).check();
      await page.getByRole("radio", { name: "纸质" }).check();
      await page.getByLabel("姓名或者名称").fill("样例申请人");
      await page.getByLabel("证件名称", { exact: true }).selectOption("居民身份证");
      await page.getByLabel("证件号码", { exact: true }).fill(NUMBER);
      await page.getByLabel("联系电话", { exact: false }).first().fill("00000000000");
      await page.getByRole("button", { name: "提交申请" }).click();
      await heading(page, "申请已经提交");
      const code = await page.locator(".query-code").innerText();
      const query = async () => {
        await visit(page, `/ask/progress?code=${code}`);
        assert.equal(await page.getByLabel("查询码").inputValue(), code, "as the picture on the receipt does");
        await page.getByLabel("验证信息").fill("002X");
        await page.getByRole("button", { name: "查询" }).click();
        await page.getByText(OFFICE).first().waitFor();
      };
      await query();
      await page.getByRole("button", { name: "我确认提交这份申请" }).click();
      await told(page, "您的确认已经提交");
      await look(page, `answer-confirmed-${how}`);

      await signIn(page, "officer");
      await visit(page, "/desk/requests");
      await page.getByLabel("编号或者内容").fill(subject);
      await page.getByRole("button", { name: "筛选" }).click();
      await page.getByRole("main").locator("tbody a").first().click();
      await page.getByRole("link", { name: "双方确认" }).click();
      await page.getByRole("button", { name: "登记", exact: true }).click();
      await told(page, "已经登记");
      await page.getByRole("link", { name: "告知补正" }).click();
      await page.getByLabel("需要补正的事项").fill("请写明资金的年度");
      const later = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
      await page.getByLabel("申请人答复的截止日期").fill(later);
      await page.getByRole("button", { name: "登记", exact: true }).click();
      await told(page, "已经登记");

      await query();
      await page.getByText("请写明资金的年度").waitFor();
      await look(page, `answer-asked-${how}`);
      await page.getByRole("button", { name: "提交补正内容" }).click();
      assert.equal((await reasons(page)).length, 1);
      await page.getByLabel("补正内容").fill("2019年度");
      await page.getByRole("button", { name: "提交补正内容" }).click();
      await told(page, "补正内容已经提交");
      await page.getByText("逐日查看怎样计算").click();
      await page.getByRole("table").getByText("第20个工作日").waitFor();
      await look(page, `answer-corrected-${how}`);
    }));
}
