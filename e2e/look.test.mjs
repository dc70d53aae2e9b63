// The large-text look by keyboard alone, and the terminal of a service hall: what a visitor does there, and that the next
// one finds nothing of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, assertTargets, screenshot, visit, withPage } from "./harness.mjs";
import { ID_NUMBER, REFUSALS, ask, heading, journey, look } from "./journey.mjs";

const HALL = { width: 1080, height: 1920 };

/** Presses Tab until the focus is on the control, and sees that it can be seen. Fails after a hundred stops. */
async function tabTo(page, control) {
  for (let stops = 0; stops < 100; stops += 1) {
    await page.keyboard.press("Tab");
    if (await control.evaluate((element) => element === document.activeElement)) {
      const outline = await control.evaluate((element) => getComputedStyle(element).outlineStyle);
      assert.notEqual(outline, "none", "the focus can be seen");
      return;
    }
  }
  assert.fail(`no way by keyboard to ${control}`);
}

journey("by keyboard alone: larger text, a search, a document, and back", { portal: true }, async (page, { tag }) => {
  await visit(page, "/");
  const size = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.body).fontSize));
  const usual = await size();
  await tabTo(page, page.getByRole("button", { name: "关怀版" }));
  await page.keyboard.press("Enter");
  await page.locator("html.large").waitFor();
  // Without script it is another page, whose style sheet comes a moment after it.
  await page.waitForLoadState();
  assert.equal(new URL(page.url()).pathname, "/", "back on the same page");
  assert.ok((await size()) >= 22 && (await size()) > usual, `${await size()} pixels`);
  await look(page, `look-home-${tag}`);

  await tabTo(page, page.getByLabel("检索政府信息"));
  await page.keyboard.type("农产品");
  await page.keyboard.press("Enter");
  await heading(page, "全文检索");
  await page.locator("html.large").waitFor();
  assert.equal(new URL(page.url()).searchParams.get("q"), "农产品");
  await look(page, `look-search-${tag}`);

  const hit = page.locator(".hits li > a").first();
  const title = await hit.innerText();
  await tabTo(page, hit);
  await page.keyboard.press("Enter");
  await page.locator("article.document").waitFor();
  assert.ok((await page.locator("h1").innerText()).includes(title));
  await look(page, `look-document-${tag}`);

  const address = page.url();
  await tabTo(page, page.getByRole("button", { name: "返回标准版" }));
  await page.keyboard.press("Enter");
  await page.locator("html:not(.large)").waitFor();
  await page.waitForLoadState();
  assert.equal(page.url(), address);
  await visit(page, "/");
  assert.equal(await size(), usual, "the choice is forgotten");
});

test(`switching the look loses nothing that was typed (${ENGINE})`, () =>
  withPage({}, async (page) => {
    await visit(page, "/ask/new");
    await page.getByLabel("姓名或者名称").fill("样例申请人");
    await page.getByRole("button", { name: "关怀版" }).click();
    await page.locator("html.large").waitFor();
    assert.equal(await page.getByLabel("姓名或者名称").inputValue(), "样例申请人");
    await page.reload();
    await page.locator("html.large").waitFor();
  }));

/** What the page of a terminal must be, and a picture of it. */
async function lookAt(page, name) {
  await assertAccessible(page);
  await assertNoSidewaysScroll(page);
  await assertTargets(page, 64);
  await screenshot(page, `terminal-${name}-${ENGINE}`);
}

/** Goes back and reloads, so many times, and says what was shown each time, what stands in the fields included. */
async function goingBack(page, times) {
  const shown = [];
  for (let n = 0; n < times; n += 1) {
    // Chromium refuses to show a page that is kept nowhere; a visitor would then reload it.
    for (const step of [() => page.goBack(), () => page.reload()]) {
      await step().catch(() => null);
      await page.waitForTimeout(500);
      await page.waitForLoadState();
      const fields = await page.locator("input, textarea").evaluateAll((all) => all.map((field) => field.value));
      shown.push(`${page.url()} ${await page.content()} ${fields.join(" ")}`);
    }
  }
  return shown;
}

test(`at a terminal a visitor asks, prints the receipt and leaves nothing (${ENGINE})`, () =>
  withPage({ ...HALL, tolerate: REFUSALS }, async (page) => {
    await page.addInitScript(() => {
      window.printed = 0;
      window.print = () => (window.printed += 1);
    });
    await visit(page, "/terminal");
    await lookAt(page, "start");
    await page.getByRole("link", { name: "申请公开信息" }).click();
    await heading(page, "填写申请");
    const code = await ask(page, `终端提出的样例申请 ${ENGINE}`);
    await lookAt(page, "receipt");
    assert.equal(await page.getByRole("link", { name: "保存为文本文件" }).count(), 0);
    await page.getByRole("button", { name: "打印回执" }).click();
    assert.equal(await page.evaluate(() => window.printed), 1);
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.getByText(code).isVisible(), "the code is on paper");
    assert.ok(!(await page.getByRole("button", { name: "打印回执" }).isVisible()));
    assert.ok(!(await page.locator("footer").isVisible()));
    await page.emulateMedia({ media: null });

    // Progress, with the code just got.
    await page.getByRole("link", { name: "查询进度" }).first().click();
    await page.getByLabel("查询码").fill(code);
    await page.getByLabel("验证信息").fill("002X");
    await page.getByRole("button", { name: "查询" }).click();
    await page.locator(".stage").waitFor();
    await lookAt(page, "progress");
    await page.getByRole("link", { name: "结束使用" }).first().click();
    await heading(page, "政务公开专区自助服务");

    // The next visitor presses the browser's button for back, as often as it can be pressed, and reloads.
    for (const text of await goingBack(page, 6)) {
      for (const own of [code, ID_NUMBER, "样例申请人", "终端提出的样例申请"]) {
        assert.ok(!text.includes(own), `${own} is still there: ${text}`);
      }
    }
  }));

test(`an ordinary browser finds the receipt again by going back, so the terminal does something (${ENGINE})`, () =>
  withPage({ tolerate: REFUSALS }, async (page) => {
    const code = await ask(page, `没有终端的样例申请 ${ENGINE}`);
    await visit(page, "/");
    assert.ok((await goingBack(page, 2)).some((text) => text.includes(code)));
  }));

test(`a terminal that nobody touches asks, can be told to wait, and begins anew (${ENGINE})`, () =>
  withPage({ ...HALL }, async (page) => {
    await page.clock.install();
    await visit(page, "/terminal");
    await page.getByRole("button", { name: "关怀版" }).click();
    await page.locator("html.large").waitFor();
    await visit(page, "/ask/new");
    const name = page.getByLabel("姓名或者名称");
    await name.fill("样例申请人");
    const asked = page.getByRole("dialog", { name: "您还在使用吗？" });
    await page.clock.runFor(85_000);
    assert.ok(!(await asked.isVisible()), "it waits");
    await page.clock.runFor(10_000);
    await asked.waitFor();
    const left = Number(await page.locator("#idle-left").innerText());
    assert.ok(left >= 20 && left <= 30, `${left} seconds to answer`);
    await lookAt(page, "idle");
    await asked.getByRole("button", { name: "继续使用" }).click();
    assert.ok(!(await asked.isVisible()));
    assert.equal(await name.inputValue(), "样例申请人", "nothing is lost by answering");
    // Typing is a sign as well.
    await page.clock.runFor(80_000);
    await name.press("End");
    await page.clock.runFor(80_000);
    assert.ok(!(await asked.isVisible()));
    await page.clock.runFor(41_000);
    await page.waitForURL(/\/terminal\?over=yes$/);
    await page.getByText("填写的内容已经清除").waitFor();
    await page.locator("html:not(.large)").waitFor();
    // A start page that nobody has touched stays as it is.
    await page.clock.runFor(600_000);
    assert.ok(!(await asked.isVisible()));
    await visit(page, "/ask/new");
    assert.equal(await page.getByLabel("姓名或者名称").inputValue(), "");
  }));

test(`a terminal without script asks on a page of its own and begins anew (${ENGINE})`, () =>
  withPage({ ...HALL, script: false }, async (page) => {
    await visit(page, "/terminal");
    await visit(page, "/search?q=办法");
    const next = await page.locator("noscript meta").getAttribute("content");
    const [, seconds, to] = next.match(/^(\d+);url=(.+)$/);
    assert.equal(seconds, "120");
    await visit(page, to);
    await heading(page, "您还在使用吗？");
    await screenshot(page, `terminal-idle-page-${ENGINE}`);
    await page.getByRole("link", { name: "继续使用" }).click();
    assert.equal(new URL(page.url()).search, `?${new URLSearchParams({ q: "办法" })}`);
    await visit(page, to);
    await page.waitForURL(/\/terminal\?over=yes$/, { timeout: 45_000 });
  }));
