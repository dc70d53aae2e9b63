// A standard catalogue: its workbook is taken and brought back, an entry is entered and published, a document stands under it,
// and the desk says what is owed. With script and without.

import assert from "node:assert/strict";
import { visit } from "./harness.mjs";
import { OFFICE, fillIn, get, heading, journey, look, reasons, refused, take, told, visitDocket } from "./journey.mjs";

const ENTRIES = "/desk/catalogue-entries";

/** Sends a workbook in. */
async function send(page, name, buffer, mode) {
  await visit(page, `${ENTRIES}/import`);
  const mimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  await page.getByLabel("文件", { exact: true }).setInputFiles({ name, mimeType, buffer });
  await page.getByLabel("编制机关").selectOption({ label: OFFICE });
  await fillIn(page, { [mode]: true });
  await page.getByRole("button", { name: "上传" }).click();
}

journey("a catalogue is published and says what is there", { tolerate: /status of (404|422)/ }, async (page, { how, tag }) => {
  // What the portal gives out is taken again as it is.
  const workbook = await (await get(page, "/catalogues/work-safety/catalogue.xlsx")).body();
  await send(page, "安全生产.xlsx", workbook, "^试导入");
  assert.match(await page.getByRole("status").innerText(), /共2项：新编入0项，修订0项，没有变化2项。这是试导入，没有保存任何内容。/);
  await send(page, "安全生产.xlsx", workbook, "^全部正确");
  await told(page, "已经导入");
  await send(page, "说明.xlsx", Buffer.from("不是工作簿"), "^试导入");
  assert.match((await reasons(page)).join("；"), /这不是XLSX工作簿/);

  // An entry by hand: everything missing is said at once, and what was typed stays.
  const first = `应急演练（${how}，样例）`;
  await visit(page, `${ENTRIES}/new`);
  await page.getByLabel(/^领域/).selectOption({ label: "安全生产" });
  await fillIn(page, { 序号: "9", 一级事项: first });
  await page.getByRole("button", { name: "编入公开事项" }).click();
  const said = (await reasons(page)).join("；");
  for (const missing of ["公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开对象", "公开方式", "公开层级"]) {
    assert.ok(said.includes(missing), `${missing}: ${said}`);
  }
  await look(page, `catalogue-refused-${tag}`);
  await fillIn(page, {
    "公开内容(要素)": "演练方案\n演练总结", 公开依据: "【法律】《安全生产法》", 公开时限: "每年公开", 公开主体: "市政府办公室",
    "^政府网站": true, "^全社会": true, "^主动": true, "^县级": true,
  });
  await page.locator("summary", { hasText: "县级责任机关" }).click();
  await fillIn(page, { [`^${OFFICE}`]: true });
  await page.getByRole("button", { name: "编入公开事项" }).click();
  await told(page, "已经登记，卷宗已建立");
  const entry = new URL(page.url()).pathname;
  const shown = `/catalogues/work-safety/${entry.split("/").pop()}`;
  assert.equal((await get(page, shown)).status(), 404, "entered is not published");
  await take(page, entry, "公布", {});
  await visit(page, "/catalogues/work-safety?level=county");
  await page.getByRole("link", { name: first }).click();
  await heading(page, first);
  assert.match(await page.locator("main").innerText(), /本平台还没有公开这个事项的信息/);
  await look(page, `catalogue-entry-empty-${tag}`);

  // Owed and absent; there once a document is public under it.
  const state = async () => {
    await visit(page, "/desk/catalogue-coverage/work-safety");
    const section = page.locator("section.owed").filter({ hasText: first });
    return section.locator(".file-list .badge").first().innerText();
  };
  assert.equal(await state(), "未公开");
  const title = `高平市人民政府办公室应急演练总结（${how}，样例）`;
  await visit(page, "/desk/documents/new");
  await fillIn(page, { 标题: title, "^其他公文": true, "^主动公开": true });
  await page.getByLabel("统计单位").selectOption({ label: OFFICE });
  await page.getByRole("button", { name: "登记公文" }).click();
  await told(page, "已经登记，卷宗已建立");
  const document = new URL(page.url()).pathname;
  await page.getByRole("link", { name: "列入标准目录事项" }).click();
  await page.getByLabel(/^领域/).selectOption({ label: "安全生产" });
  await page.getByRole("button", { name: "显示" }).click();
  await fillIn(page, { [`^${first.replace(/[（）]/g, ".")}`]: true });
  await look(page, `catalogue-choose-${tag}`);
  await page.getByRole("button", { name: "保存" }).click();
  await told(page, "已经登记");
  await page.getByRole("region", { name: "标准目录事项" }).getByRole("link", { name: `安全生产：${first}` }).waitFor();
  // Entries of another field come beside it: what was chosen stays chosen.
  const other = "政府预算：一般公共预算";
  await visit(page, `${document}/catalogue?field=budgets`);
  await fillIn(page, { [`^${other}`]: true });
  await page.getByRole("button", { name: "保存" }).click();
  await told(page, "已经登记");
  const named = page.getByRole("region", { name: "标准目录事项" }).getByRole("link");
  assert.equal(await named.filter({ hasText: /：/ }).count(), 2);
  await visit(page, `${document}/catalogue?field=work-safety`);
  assert.ok(await page.getByRole("checkbox", { name: first }).isChecked());
  assert.equal(await state(), "未公开", "named is not public");
  await take(page, document, "公开", {});
  assert.equal(await state(), "已公开");
  await visit(page, shown);
  await page.getByRole("link", { name: title }).click();
  await page.locator(".metadata").getByRole("link", { name: first }).waitFor();
  await visit(page, "/desk/catalogue-coverage");
  await look(page, `coverage-${tag}`);

  // Withdrawn, it is nowhere, and nothing more happens to it.
  await refused(page, entry, "撤销", {}, /请写明撤销的原因|请填写/);
  await take(page, entry, "撤销", { 原因: "事项已经取消（样例）" });
  assert.equal((await get(page, shown)).status(), 404);
  await visitDocket(page, entry);
  assert.equal(await page.getByRole("region", { name: "下一步" }).count(), 0);
  await visit(page, new URL(document.replace("/desk", ""), page.url()).pathname);
  assert.equal(await page.locator(".metadata").getByRole("link", { name: first }).count(), 0);
});
