// The harness of the browser tests: Debian's Chromium, driven through playwright-core.
//
// What a test gets from here: `withPage` (a fresh browser with its own empty profile, always closed again),
// `visit`, `assertAccessible` (axe-core, WCAG 2.1 A and AA), `assertNoSidewaysScroll` and `screenshot`.
// What it guarantees: a page can reach loopback addresses only, and a page that logged an error, threw, or
// asked for anything outside fails its test.
//
// Environment, set by `cargo xtask test`:
//   BASE_URL             where the demo serves, for example http://127.0.0.1:8080
//   DEMO_LOG             the file that the demo prints to, its sample accounts included
//   DEMO_INBOX           the Maildir folder from which the demo takes its mail
//   ENGINE               the database behind it: sqlite or postgres
//   LOOKS                0 where pages are used and not looked at; how a page looks does not depend on the engine
//   CHROMIUM             the browser to start; /usr/bin/chromium-headless-shell when absent
//   GONGKAI_SCREENSHOTS  folder for pictures; target/screenshots when absent, no pictures when empty

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { randomInt } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

const byte = () => randomInt(1, 255);

/** The engine behind the pages; goes into the titles of tests and the names of pictures. */
export const ENGINE = process.env.ENGINE ?? "unknown";

/** Whether pages are looked at in this run: accessibility, width, targets, pictures. */
const LOOKED_AT = process.env.LOOKS !== "0";

/** A test that only looks at pages. There is none of it in a run in which pages are not looked at. */
export const looks = LOOKED_AT ? test : () => {};

// No sandbox: the tests run as root in containers, on pages of our own. The others keep the browser from
// calling home, which a closed network would turn into noise and delays.
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// Milliseconds to wait for anything in a page before the test fails; generous, for a loaded machine.
const PATIENCE = 30_000;

const textSizes = new WeakMap();
const withoutScript = new WeakSet();

/** The address under test, without a trailing slash. Fails with one sentence when nobody set it. */
export function baseUrl() {
  const url = process.env.BASE_URL;
  assert.ok(url, "BASE_URL is not set: run `cargo xtask test`, which starts the demo and sets it");
  return url.replace(/\/+$/, "");
}

/** Whether a URL stays on this machine; `data:`, `blob:` and `about:` never leave it. */
export function isLocal(url) {
  const { protocol, hostname } = new URL(url);
  return !/^(https?|wss?):$/.test(protocol) || /^(127(\.\d+){3}|localhost|\[::1\])$/.test(hostname);
}

/**
 * Starts a browser with an empty profile, opens one page, hands it to `use` and ends the browser.
 *
 * `script: false` turns JavaScript of the page off, `width` and `height` are CSS pixels, `textSize` is the size of
 * text in per cent as a reader with weak sight would set it, `media: "print"` shows the page as paper, `dark: true` is a
 * screen whose reader prefers dark colours.
 * Fails if `use` fails, or if the page misbehaved in a way that `tolerate` does not match. Returns what `use` returns.
 */
export async function withPage(options, use) {
  const { script = true, width = 1280, height = 900, textSize = 100, media, dark = false, tolerate } = options;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
    headless: true,
    args: FLAGS,
  });
  try {
    const context = await browser.newContext({
      javaScriptEnabled: script,
      viewport: { width, height },
      locale: "zh-CN",
      timezoneId: "Asia/Shanghai",
      reducedMotion: "reduce",
      colorScheme: dark ? "dark" : "light",
      // As a proxy would tell it: every test is another visitor, and what one address may do counts for it alone.
      extraHTTPHeaders: { "X-Forwarded-For": `127.${byte()}.${byte()}.${byte()}` },
    });
    context.setDefaultTimeout(PATIENCE);
    const problems = [];
    const complain = (message) => {
      if (!tolerate?.test(message)) problems.push(message);
    };
    await context.route("**/*", (route) => {
      const url = route.request().url();
      if (isLocal(url)) return route.continue();
      complain(`asked for something outside: ${url}`);
      return route.abort();
    });
    const page = await context.newPage();
    if (media) await page.emulateMedia({ media });
    page.on("pageerror", (error) => complain(`script error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") complain(`console: ${message.text()}`);
    });
    if (textSize !== 100) textSizes.set(page, textSize);
    if (!script) withoutScript.add(page);
    const result = await use(page);
    assert.deepEqual(problems, [], "the page misbehaved");
    return result;
  } finally {
    await browser.close();
  }
}

/**
 * Opens a path of the server under test (or a whole address) and returns the response; anything but success fails,
 * unless `status` says so.
 */
export async function visit(page, path, status = 200) {
  const url = /^https?:/.test(path) ? path : new URL(path, `${baseUrl()}/`).href;
  const response = await page.goto(url, { waitUntil: "load" });
  if (status) assert.equal(response.status(), status, `${path} answered ${response.status()}`);
  // Through the object model, not a style element: a content security policy refuses the latter, rightly.
  // Only text sized in `rem`, `em` or `%` grows, as in a real browser.
  if (textSizes.has(page)) {
    const percent = textSizes.get(page);
    await page.evaluate((p) => document.documentElement.style.setProperty("font-size", `${p}%`), percent);
  }
  return response;
}

/** Waits for a promise, but not for ever: a test that hangs tells nobody why. */
async function inTime(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${PATIENCE} ms`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

let axeSource;

/**
 * axe-core waits on timers, which never run while script is off. So the page as it stands is shown once more with
 * script on, at the same address and with the same cookies, but with its own scripts taken out and what was meant
 * for readers without script put in their place.
 */
async function withoutItsScripts(page) {
  const html = (await page.content())
    .replace(/<script\b[^>]*>.*?<\/script>/gis, "")
    .replace(/<(\/?)noscript\b/gi, "<$1div");
  const { width, height } = page.viewportSize();
  const context = await page.context().browser().newContext({
    storageState: await page.context().storageState(),
    viewport: { width, height },
    reducedMotion: "reduce",
  });
  const twin = await context.newPage();
  await twin.route(page.url(), (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: html }));
  await twin.goto(page.url());
  return twin;
}

/**
 * Fails with a readable list when axe-core finds a violation of WCAG 2.1 A or AA on the page.
 * `within` limits the search to a selector. No rule can be switched off here: fix the page.
 */
export async function assertAccessible(page, { within } = {}) {
  if (!LOOKED_AT) return;
  axeSource ??= await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
  const checked = withoutScript.has(page) ? await withoutItsScripts(page) : page;
  await checked.evaluate(axeSource);
  const { violations, passed } = await inTime(
    checked.evaluate(async (root) => {
      const { violations, passes } = await globalThis.axe.run(root ?? document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
        // Of the rest one element is told for each rule: naming thousands takes longer than finding them.
        resultTypes: ["violations"],
      });
      return { violations, passed: passes.length };
    }, within),
    `axe-core on ${page.url()}`,
  );
  if (checked !== page) await checked.context().close();
  assert.ok(passed > 0, `axe-core checked nothing on ${page.url()}`);
  const found = violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${rule.help}\n    ${node.target.join(" ")}`),
  );
  assert.deepEqual(found, [], `accessibility of ${page.url()}`);
}

/** Fails when the page is wider than its window (WCAG 1.4.10); wide tables scroll inside their own box. */
export async function assertNoSidewaysScroll(page) {
  if (!LOOKED_AT) return;
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
  assert.ok(content <= window, `${page.url()} is ${content} pixels wide in a window of ${window}`);
}

/**
 * Fails when something to be pressed is lower than so many pixels. Links within a sentence stay in their line (WCAG
 * 2.5.8), and boxes and dots are pressed by their whole row.
 */
export async function assertTargets(page, pixels) {
  if (!LOOKED_AT) return;
  const small = await page.evaluate((least) => {
    const shown = (element) => {
      const { width, height } = element.getBoundingClientRect();
      return width > 1 && height > 1 && !element.closest(".skip, .visually-hidden");
    };
    const inSentence = (element) => {
      if (getComputedStyle(element).display !== "inline") return false;
      let block = element.parentElement;
      while (getComputedStyle(block).display === "inline") block = block.parentElement;
      return block.textContent.trim().length > element.textContent.trim().length + 1;
    };
    const controls = document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])");
    return [...controls]
      .map((control) => (control.matches("[type=radio], [type=checkbox]") ? control.closest(".choice") : control))
      .filter((control) => shown(control) && !inSentence(control))
      .map((control) => [Math.round(control.getBoundingClientRect().height * 10) / 10, control.outerHTML.slice(0, 120)])
      .filter(([height]) => height < least);
  }, pixels);
  assert.deepEqual(small, [], `${page.url()}: lower than ${pixels} pixels`);
}

/** Saves a picture of the whole page and returns its path; nothing where none are taken. */
export async function screenshot(page, name) {
  if (!LOOKED_AT || process.env.GONGKAI_SCREENSHOTS === "") return undefined;
  const folder = resolve(process.env.GONGKAI_SCREENSHOTS ?? join(here, "..", "target", "screenshots"));
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}
