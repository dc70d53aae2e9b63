// Old documents come in with a list and a ZIP archive of their files: looked at, corrected, taken, and what waits is settled.
// With script and without.

import assert from "node:assert/strict";
import { visit } from "./harness.mjs";
import { OFFICE, fillIn, get, heading, journey, look, reasons, take, told } from "./journey.mjs";

const HOME = "/desk/documents/batch";

const TABLE = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n >>> 0;
});
const crc = (bytes) => ~bytes.reduce((sum, byte) => (sum >>> 8) ^ TABLE[(sum ^ byte) & 255], -1) >>> 0;

/** An archive of these files, stored as they are, with names in GBK as Windows in Chinese writes them (given as bytes). */
function archive(files) {
  const parts = [];
  const directory = [];
  let at = 0;
  for (const [name, text] of files) {
    const content = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, content]);
    const entry = Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), common, Buffer.alloc(14), name]);
    entry.writeUInt32LE(at, 42);
    directory.push(entry);
    parts.push(local);
    at += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, entries, Buffer.from("PK\x05\x06"), end]);
}

/** 正文.txt and 电话.txt in GBK. */
const BODY = Buffer.from([0xd5, 0xfd, 0xce, 0xc4, 0x2e, 0x74, 0x78, 0x74]);
const PHONE = Buffer.from([0xb5, 0xe7, 0xbb, 0xb0, 0x2e, 0x74, 0x78, 0x74]);

const said = (page) => page.getByRole("status").innerText();

async function send(page, list, zip) {
  await visit(page, HOME);
  await page.getByLabel("公文列表").setInputFiles({ name: "历史公文.csv", mimeType: "text/csv", buffer: list });
  await page.getByLabel(/^文件压缩包/).setInputFiles({ name: "文件.zip", mimeType: "application/zip", buffer: zip });
  await page.getByLabel(/^公文类别/).selectOption({ label: "其他公文" });
  await page.getByRole("button", { name: "试导入" }).click();
}

journey("old documents are tried, taken and settled", { tolerate: /status of 422/ }, async (page, { how, tag, script }) => {
  const which = script ? 1 : 2;
  const number = (n) => `高政办发〔2012〕9${which}${n}号`;
  const title = (n) => `关于第${n}件旧公文（${how}，样例）的通知`;
  const row = (n, body) => `${number(n)},${title(n)},${OFFICE},2012-03-05,主动公开,2012-03-1${which},${body}`;
  const heads = "发文字号,标题,发布机构,成文日期,公开属性,发布日期,正文文件名";
  const rows = [heads, row(1, "正文.txt"), row(2, "电话.txt"), row(3, "没有.docx"), row(4, "正文.txt"), row(4, "正文.txt")];
  const wide = (lines) => Buffer.from(`\ufeff${lines.join("\r\n").replaceAll(",", "\t")}\r\n`, "utf16le");
  const text = (n) => `${number(n)}\n${title(n)}\n各乡镇：\n做好有关工作。\n${OFFICE}\n2012年3月5日\n`;
  const zip = archive([[BODY, text(1)], [PHONE, `${text(2)}手机：13800138000\n`]]);

  await visit(page, "/desk/documents");
  await page.getByRole("link", { name: "批量导入" }).click();
  await heading(page, "历史公文批量导入");
  await look(page, `document-import-${tag}`);
  const template = await get(page, `${HOME}/template.xlsx`);
  assert.equal(template.status(), 200);
  await send(page, Buffer.from("标题,颜色\n甲,乙\n"), zip);
  assert.match((await reasons(page)).join("；"), /没有“颜色”列/);

  await send(page, wide(rows), zip);
  assert.match(await said(page), /试导入完成，没有保存任何内容。共5行，已经检查5行：公开1行；待处理，暂不公开1行；有错误，不导入3行。/);
  const table = await page.getByRole("table").innerText();
  for (const words of ["没有找到文件“没有.docx”", "与第6行的发文字号相同", "与第5行的发文字号相同", "正文第7段：手机号码"]) {
    assert.ok(table.includes(words), `${words}: ${table}`);
  }
  await look(page, `document-import-tried-${tag}`);
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page, `document-import-tried-phone-${tag}`);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole("button", { name: "开始导入" }).click();
  await told(page, "导入完成");
  assert.match(await said(page), /导入完成。共5行，已经处理5行：公开1行/);
  await look(page, `document-import-taken-${tag}`);

  // Public on its old day, with its text; the other one is not there.
  await page.getByRole("link", { name: title(1) }).click();
  await heading(page, title(1));
  await page.getByRole("link", { name: "公开页面" }).click();
  await heading(page, title(1));
  const shown = await page.locator("main").innerText();
  assert.ok(shown.includes("做好有关工作。") && shown.includes(`2012年3月1${which}日`), shown);

  // What waits is settled, and published on the day it was published before.
  await visit(page, `${HOME}/waiting`);
  await look(page, `document-import-waiting-${tag}`);
  await page.getByRole("link", { name: title(2) }).click();
  await heading(page, "公开前检查");
  await fillIn(page, { 可以公开的理由: "属于办公电话" });
  await page.getByRole("button", { name: "可以公开" }).click();
  await told(page, "已经保存");
  await page.getByRole("link", { name: "返回公文" }).click();
  await heading(page, title(2));
  const docket = new URL(page.url()).pathname;
  await take(page, docket, "公开", {});
  await page.getByRole("link", { name: "公开页面" }).click();
  await heading(page, title(2));
  assert.ok((await page.locator("main").innerText()).includes(`2012年3月1${which}日`), "on its old day");

  // The same list again: nothing twice.
  await send(page, wide(rows), zip);
  assert.match(await said(page), /已经登记，不变2行；有错误，不导入3行/);
});
