// A search is followed by e-mail: asked for on the portal, confirmed and ended at the link that was mailed. Mail is taken by a
// small mail server on loopback. Once with script and once without; then the pages in every size and look.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, before } from "node:test";
import {
  ENGINE,
  assertAccessible,
  assertNoSidewaysScroll,
  baseUrl,
  looks,
  screenshot,
  visit,
  withPage,
} from "./harness.mjs";
import { fillIn, heading, journey, look, reasons } from "./journey.mjs";

const letters = [];
let post;

/** RFC 5321, as much of it as a letter needs. */
function talk(socket) {
  const say = (text) => socket.write(`${text}\r\n`);
  let rest = "";
  let letter = null;
  socket.on("error", () => socket.destroy());
  socket.on("data", (bytes) => {
    rest += bytes.toString("utf8");
    for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (letter === null) {
        if (/^DATA/i.test(line)) {
          letter = [];
          say("354 go on");
        } else if (/^QUIT/i.test(line)) {
          say("221 bye");
          socket.end();
        } else say("250 ok");
      } else if (line === ".") {
        letters.push(read(letter));
        letter = null;
        say("250 taken");
      } else letter.push(line.replace(/^\.\./, "."));
    }
  });
  say("220 post.example.invalid");
}

/** A letter with its headers, and its text as people read it. */
function read(lines) {
  const gap = lines.indexOf("");
  const head = lines.slice(0, gap).join("\r\n").replace(/\r\n[ \t]+/g, " ").split("\r\n");
  const headers = new Map(head.map((line) => [line.split(":")[0].toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
  const body = lines.slice(gap + 1);
  const how = headers.get("content-transfer-encoding") ?? "7bit";
  const plain = {
    base64: () => Buffer.from(body.join(""), "base64").toString("utf8"),
    "quoted-printable": () => {
      const text = body.join("\n").replace(/=\n/g, "");
      const bytes = text.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      return Buffer.from(bytes, "latin1").toString("utf8");
    },
  };
  return { headers, text: (plain[how] ?? (() => body.join("\n")))() };
}

before(async () => {
  assert.ok(process.env.DEMO_POST, "DEMO_POST is not set: run `cargo xtask test`, which starts the demo and sets it");
  post = createServer(talk);
  await new Promise((listening) => post.listen(Number(process.env.DEMO_POST), "127.0.0.1", listening));
});
after(() => post.close());

/** The first letter to an address; mail leaves once a minute. */
async function letterTo(address) {
  for (let tries = 0; tries < 90; tries += 1) {
    const letter = letters.find((one) => one.headers.get("to") === address);
    if (letter) return letter;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error(`no letter came to ${address}`);
}

async function subscribe(page, query, address) {
  await visit(page, `/search?${query}`);
  await page.getByRole("link", { name: "电子邮件订阅" }).click();
  await heading(page, "电子邮件订阅");
  await fillIn(page, { 电子邮箱: address });
  await page.getByRole("button", { name: "订阅", exact: true }).click();
}

/** The address in a letter, as somebody who reads it opens it. */
function linkOf(letter) {
  const [, link] = letter.text.match(/^(http:\S+\/search\/subscription\?of=\S+)$/m) ?? [];
  assert.ok(link?.startsWith(`${baseUrl()}/`), letter.text);
  assert.equal(letter.headers.get("list-unsubscribe"), `<${link}>`);
  assert.equal(letter.headers.get("auto-submitted"), "auto-generated");
  return link;
}

journey("a search is followed, confirmed by the mailed link, and ended there", { portal: true }, async (page, { tag }) => {
  const address = `reader-${tag}@example.invalid`;
  const query = `q=${encodeURIComponent("农产品")}&year=2020`;
  await subscribe(page, query, "nobody");
  assert.match((await reasons(page)).join(), /请填写电子邮箱/);
  await look(page, `subscribe-refused-${tag}`);
  await fillIn(page, { 电子邮箱: address });
  await page.getByRole("button", { name: "订阅", exact: true }).click();
  await page.getByRole("status").getByText("确认邮件").waitFor();
  await look(page, `subscribe-done-${tag}`);

  const letter = await letterTo(address);
  assert.doesNotMatch(letter.text, /农产品/, "whoever asks writes nothing into a letter to others");
  const link = linkOf(letter);
  // A program that looks at mail opens the link, and nothing happens.
  assert.equal((await page.request.get(link)).status(), 200);
  await visit(page, link);
  await page.getByText("这项订阅等待您确认").waitFor();
  await page.getByText("农产品，发布年度：2020年").waitFor();
  await look(page, `subscription-asked-${tag}`);
  await page.getByRole("button", { name: "确认订阅" }).click();
  await page.getByRole("status").getByText("已经确认").waitFor();
  await look(page, `subscription-confirmed-${tag}`);
  await visit(page, link);
  await page.getByText("这项订阅正在使用").waitFor();
  await page.getByRole("button", { name: "退订" }).click();
  await page.getByRole("status").getByText("已经删除").waitFor();
  assert.equal((await page.locator("main").innerText()).includes("农产品"), false);
  await look(page, `subscription-ended-${tag}`);
  await visit(page, link, 404);
  await page.getByText("没有找到这项订阅").waitFor();
});

looks(`pages of subscriptions on a phone, in large text, in the look with large letters and on dark screens (${ENGINE})`, async () => {
  const sizes = [
    ["390", { width: 390, height: 844 }],
    ["200", { width: 1280, textSize: 200 }],
    ["390-200", { width: 390, height: 844, textSize: 200 }],
    ["care", { width: 390, height: 844, care: true }],
    ["dark", { width: 390, height: 844, dark: true }],
  ];
  const reader = (name) => `reader-${name}@example.invalid`;
  // Asked for in every size at first, because mail leaves once a minute.
  const inEach = async (story) => {
    for (const [name, { care, ...options }] of sizes) {
      await withPage(options, async (page) => {
        const shown = async (what) => {
          await assertAccessible(page);
          await assertNoSidewaysScroll(page);
          await screenshot(page, `${what}-${name}-${ENGINE}`);
        };
        if (care) {
          await visit(page, "/");
          await page.getByRole("button", { name: "关怀版" }).click();
          await page.locator("html.large").waitFor();
        }
        await story(page, name, shown);
      });
    }
  };
  await inEach(async (page, name, shown) => {
    await visit(page, `/search/subscribe?q=${encodeURIComponent("农产品质量安全监督管理")}&until=2020-12-31`);
    await shown("subscribe");
    await fillIn(page, { 电子邮箱: reader(name) });
    await page.getByRole("button", { name: "订阅", exact: true }).click();
    await page.getByRole("status").getByText("确认邮件").waitFor();
  });
  await inEach(async (page, name, shown) => {
    await visit(page, linkOf(await letterTo(reader(name))));
    await shown("subscription");
    await page.getByRole("button", { name: "不订阅" }).click();
    await page.getByRole("status").getByText("已经删除").waitFor();
  });
});
