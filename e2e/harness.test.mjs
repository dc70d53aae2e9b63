// The harness itself: a check that cannot fail is no check, so each one is shown a page that breaks it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { assertAccessible, assertNoSidewaysScroll, isLocal, visit, withPage } from "./harness.mjs";

const page = (body) => `<!doctype html><html lang="zh-CN"><title>样例</title><main><h1>样例</h1>${body}</main></html>`;
const PAGES = {
  "/good": page("<p>你好</p>"),
  "/unlabelled": page('<form><input name="q"></form>'),
  "/wide": page('<div style="width: 3000px">宽</div>'),
  "/outside": page('<img alt="" src="http://outside.invalid/a.png">'),
  "/throws": page('<script>throw new Error("planted")</script>'),
  "/strict": page("<p>严格</p>"),
};

let server;
const outerUrl = process.env.BASE_URL;

before(async () => {
  server = createServer((request, response) => {
    const body = PAGES[request.url];
    const headers = { "content-type": "text/html; charset=utf-8" };
    if (request.url === "/strict") headers["content-security-policy"] = "default-src 'none'";
    response.writeHead(body ? 200 : 404, headers);
    response.end(body ?? page("<p>没有这一页</p>"));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  process.env.BASE_URL = `http://127.0.0.1:${server.address().port}`;
});

after(() => {
  server.close();
  if (outerUrl === undefined) delete process.env.BASE_URL;
  else process.env.BASE_URL = outerUrl;
});

/** Opens one of the pages above and runs a check on it. */
function on(path, options, check) {
  return withPage({ tolerate: /favicon/, ...options }, async (page) => {
    await visit(page, path);
    await check?.(page);
  });
}

test("a good page passes every check, with script and without, under a strict policy too", async () => {
  for (const script of [true, false]) {
    for (const path of ["/good", "/strict"]) {
      await on(path, { script, textSize: 200 }, async (page) => {
        await assertAccessible(page);
        await assertNoSidewaysScroll(page);
        const size = await page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
        assert.equal(size, "32px", "text is twice its usual 16 pixels");
      });
    }
  }
});

test("a field without a label is found", async () => {
  for (const script of [true, false]) {
    await assert.rejects(on("/unlabelled", { script }, (page) => assertAccessible(page)), /label/);
  }
});

test("a page wider than its window is found", async () => {
  await assert.rejects(on("/wide", { width: 390 }, assertNoSidewaysScroll), /3\d\d\d pixels wide in a window of 390/);
});

test("a request to the outside and a script error fail the test", async () => {
  await assert.rejects(on("/outside", {}), /misbehaved/);
  await assert.rejects(on("/throws", {}), /misbehaved/);
});

test("a page that is not there fails the visit", async () => {
  await assert.rejects(on("/absent", {}), /answered 404/);
});

test("only loopback is local", () => {
  assert.ok(isLocal("http://127.0.0.1:8080/x") && isLocal("http://localhost/") && isLocal("data:,x"));
  assert.ok(!isLocal("https://outside.invalid/") && !isLocal("http://127.0.0.1.outside.invalid/"));
});
