// Channels: registered by the administrator, a secret that is shown once, a package that an editor downloads, and where a document
// went. At the desk, with script and without.

import assert from "node:assert/strict";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, looks, screenshot, visit, withPage } from "./harness.mjs";
import { OFFICE, download, fillIn, heading, journey, look, reasons, seat, take, told, visitDocket } from "./journey.mjs";

async function register(page, name, kind, address) {
  await visit(page, "/desk/channels/new");
  await page.getByLabel("所属机关", { exact: true }).selectOption({ label: OFFICE });
  await fillIn(page, { 启用日期: "2020-01-02", [`^${kind}`]: true, 渠道名称: name, 地址: address, "^本地区全部机关": true });
  await page.getByRole("button", { name: "登记渠道" }).click();
}

journey("a channel is registered, exported from, and a document says where it went", {}, async (page, { how, tag }) => {
  const account = `政务公众号（${how}，样例）`;
  await seat(page, "admin");
  await register(page, `客户端（${how}，样例）`, "签名推送", "https://10.0.0.1/in");
  assert.match((await reasons(page)).join(), /内部网络/);
  await look(page, `channel-refused-${tag}`);
  await page.getByLabel(/^地址/).fill("https://media.example.invalid/in");
  await page.getByRole("button", { name: "登记渠道" }).click();
  await told(page, "已经登记");
  await page.getByText("还没有密钥").waitFor();
  await look(page, `channel-new-${tag}`);
  await page.getByRole("button", { name: "生成密钥" }).click();
  await heading(page, "推送密钥");
  const secret = await page.locator("code.secret").innerText();
  assert.match(secret, /^[0-9a-f]{64}$/);
  await look(page, `channel-secret-${tag}`);
  await page.getByRole("link", { name: "返回渠道页面" }).click();
  await page.getByText("密钥标记为").first().waitFor();
  assert.equal((await page.content()).includes(secret), false);
  await take(page, new URL(page.url()).pathname, "停用", { 原因: "样例" });
  await register(page, account, "编辑导出", "");
  await told(page, "已经登记");
  const channel = new URL(page.url()).pathname;
  await visit(page, "/desk/channels");
  await look(page, `channel-list-${tag}`);

  await seat(page, "officer");
  await visitDocket(page, channel);
  await page.getByRole("link", { name: "导出信息" }).click();
  await heading(page, "导出信息");
  await page.getByRole("button", { name: "下载导出包" }).click();
  assert.match((await reasons(page)).join(), /请选择信息/);
  await look(page, `channel-export-${tag}`);
  const first = page.getByRole("checkbox").first();
  const title = (await page.locator("label").filter({ has: first }).or(page.locator(`label[for="${await first.getAttribute("id")}"]`)).first().innerText()).replace(/（[^（）]*）$/, "").trim();
  await first.check();
  const got = await download(page, page.getByRole("button", { name: "下载导出包" }));
  assert.match(got.name, /^公开信息导出.*\.zip$/);
  assert.equal(got.bytes.subarray(0, 2).toString(), "PK");
  await visit(page, "/desk/deliveries?state=exported");
  await look(page, `channel-deliveries-${tag}`);
  await page.getByRole("row").filter({ hasText: account }).getByRole("link", { name: title }).click();
  const docket = new URL(page.url()).pathname;
  await visitDocket(page, docket);
  await page.getByRole("region", { name: "下一步" }).getByRole("link", { name: "在其他渠道发布" }).click();
  await page.getByLabel("发布渠道").selectOption({ label: account });
  await page.getByLabel("链接").fill("https://media.example.invalid/account/1");
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await told(page, "已经登记");
  const went = page.getByRole("region", { name: "去向" });
  await went.getByText("人工发布").first().waitFor();
  await went.getByText("已经导出").first().waitFor();
  await look(page, `channel-whereabouts-${tag}`);
});

looks(`pages of channels on a phone and in large text (${ENGINE})`, async () => {
  for (const options of [{ width: 390 }, { width: 1280, textSize: 200 }]) {
    await withPage(options, async (page) => {
      await seat(page, "admin");
      for (const [path, name] of [["/desk/channels", "list"], ["/desk/channels/new", "form"], ["/desk/deliveries", "deliveries"]]) {
        await visit(page, path);
        await assertAccessible(page);
        await assertNoSidewaysScroll(page);
        await screenshot(page, `channel-${name}-${options.width}-${options.textSize ?? 100}-${ENGINE}`);
      }
      await visit(page, "/desk/channels");
      await visit(page, await page.getByRole("link", { name: "政务微信公众号（样例）" }).getAttribute("href"));
      await heading(page, "政务微信公众号（样例）");
      await assertNoSidewaysScroll(page);
      await screenshot(page, `channel-docket-${options.width}-${options.textSize ?? 100}-${ENGINE}`);
    });
  }
});
