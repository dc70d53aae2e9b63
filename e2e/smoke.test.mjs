// The first page of the running demo opens, has a title and is accessible, at desktop and phone width, with script
// and without.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, screenshot, visit, withPage } from "./harness.mjs";

for (const { name, options } of [
  { name: "desktop", options: { width: 1280 } },
  { name: "phone", options: { width: 390, height: 844 } },
  { name: "without-script", options: { script: false } },
]) {
  test(`the first page opens (${ENGINE}, ${name})`, () =>
    withPage(options, async (page) => {
      await visit(page, "/");
      assert.notEqual((await page.title()).trim(), "", "the page has a title");
      assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
      await assertAccessible(page);
      await assertNoSidewaysScroll(page);
      await screenshot(page, `first-${ENGINE}-${name}`);
    }));
}
