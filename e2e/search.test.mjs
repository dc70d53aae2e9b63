// A reader looks for something in all that is public: from the home page, by words, by number, narrowed and widened
// again, and followed as a feed. All of it once with script and once without.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, looks, screenshot, visit, withPage } from "./harness.mjs";
import { UNIT, heading } from "./journey.mjs";

const WORDS = "老旧小区改造";
const found = (page) => page.locator(".hits > li");
const total = async (page) => Number((await page.locator(".count").innerText()).match(/(\d+)条/)[1]);

async function search(page, words) {
  await page.getByLabel("检索政府信息").fill(words);
  await page.getByRole("button", { name: "检索", exact: true }).click();
  await heading(page, "全文检索");
}

for (const script of [true, false]) {
  const how = script ? "with script" : "without script";

  test(`a reader searches from the home page, narrows and takes off (${ENGINE}, ${how})`, () =>
    withPage({ script }, async (page) => {
      await visit(page, "/");
      await search(page, WORDS);
      await page.waitForURL(/\/search\?q=/);
      const all = await total(page);
      assert.ok(all > 1, "the sample has several");
      assert.equal(await page.locator(".hits > li > a mark").first().innerText(), WORDS);

      const year = page.getByRole("navigation", { name: "发布年度" }).getByRole("link").last();
      await year.click();
      await page.getByRole("link", { name: /发布年度：\d{4}年/ }).waitFor();
      const fewer = await total(page);
      assert.ok(fewer > 0 && fewer < all, `${fewer} of ${all}`);

      // Other words keep the condition, until it is taken off.
      await search(page, "办法");
      await page.getByRole("link", { name: /发布年度：\d{4}年/ }).click();
      await page.waitForURL((url) => !url.searchParams.has("year"));
      await search(page, WORDS);
      assert.equal(await total(page), all);

      await page.getByRole("navigation", { name: "排序" }).getByRole("link", { name: "最新发布" }).click();
      await page.waitForURL(/order=newest/);
      const title = await found(page).first().getByRole("link").innerText();
      await found(page).first().getByRole("link").click();
      await heading(page, title);
    }));

  test(`a number is found however it is typed, and a slip is mended (${ENGINE}, ${how})`, () =>
    withPage({ script }, async (page) => {
      await visit(page, "/search");
      await search(page, "高政办发2021 36");
      assert.match(await found(page).first().innerText(), /高政办发〔2021〕36号/);
      await search(page, "老旧小区改照");
      await page.getByText(/您要找的是不是|更正后的查找结果/).first().waitFor();
    }));

  test(`where nothing is found the page helps on, and a search is followed as a feed (${ENGINE}, ${how})`, () =>
    withPage({ script }, async (page) => {
      await visit(page, "/search?q=%22拖拉机手册%22&year=2020");
      await page.getByText("找到0条信息").waitFor();
      await page.getByText("没有找到符合条件的信息").waitFor();
      await page.getByRole("main").getByRole("link", { name: "申请公开" }).click();
      await page.waitForURL(/\/ask\/new/);

      await visit(page, `/search?q=${encodeURIComponent(WORDS)}&unit=${UNIT}`);
      const feed = await page.getByRole("link", { name: "Atom订阅" }).getAttribute("href");
      const answer = await page.context().request.get(new URL(feed, page.url()).href);
      assert.equal(answer.headers()["content-type"].split(";")[0], "application/atom+xml");
      assert.equal((await answer.text()).match(/<entry>/g).length, Math.min(20, await total(page)));
    }));

  test(`a reader turns the pages (${ENGINE}, ${how})`, () =>
    withPage({ script }, async (page) => {
      await visit(page, "/search");
      const first = await found(page).first().innerText();
      const pages = page.getByRole("navigation", { name: "翻页" });
      await pages.getByRole("link", { name: "第2页" }).click();
      await page.waitForURL(/page=2/);
      assert.notEqual(await found(page).first().innerText(), first);
      await pages.getByRole("link", { name: "第1页" }).click();
      await page.waitForURL((url) => !url.searchParams.has("page"));
      assert.equal(await found(page).first().innerText(), first);
    }));
}

const LOOKS = [
  ["1280", { width: 1280 }],
  ["390", { width: 390, height: 844 }],
  ["1280-large", { width: 1280, textSize: 200 }],
  ["390-large", { width: 390, height: 844, textSize: 200 }],
];
const PAGES = [
  ["search-home", "/"],
  ["search-found", `/search?q=${encodeURIComponent("小区 实施方案")}`],
  ["search-narrowed", `/search?q=${encodeURIComponent("高平市")}&unit=${UNIT}&year=2020&since=2020-01-01&page=2`],
  ["search-report", `/search?q=${encodeURIComponent("政府信息公开 热线")}`],
  ["search-none", "/search?q=%22拖拉机手册%22&year=2020"],
  ["search-all", "/search"],
];

for (const [look, options] of LOOKS) {
  looks(`the search page is for everybody (${ENGINE}, ${look})`, () =>
    withPage(options, async (page) => {
      const wrong = [];
      for (const [name, address] of PAGES) {
        await visit(page, address);
        for (const rule of [assertAccessible, assertNoSidewaysScroll]) {
          await rule(page).catch((error) => wrong.push(`${name}: ${error.message}`));
        }
        await screenshot(page, `${name}-${look}-${ENGINE}`);
      }
      assert.deepEqual(wrong, []);
    }));
}
