// The harness of the browser tests: Debian's Chromium, driven through playwright-core.
//
// What a test gets from here: `open` (a fresh browser with its own empty profile), `visit`, `assertAccessible`
// (axe-core, WCAG 2.1 A and AA), `assertNoSidewaysScroll` and `screenshot`.
// What it guarantees: a page can reach loopback addresses only, and a page that logged an error, threw, or
// asked for anything outside fails its test in `close`.
//
// Environment, set by `cargo xtask test`:
//   BASE_URL             where the demo serves, for example http://127.0.0.1:8080
//   ENGINE               the database behind it: sqlite or postgres
//   CHROMIUM             the browser to start; /usr/bin/chromium when absent
//   GONGKAI_SCREENSHOTS  folder for pictures; target/screenshots when absent

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/** The engine behind the pages; goes into the titles of tests and the names of pictures. */
export const ENGINE = process.env.ENGINE ?? "unknown";

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
 * Starts a browser with an empty profile and opens one page.
 *
 * `script: false` turns JavaScript of the page off, `width` and `height` are CSS pixels, `textSize` is the size of
 * text in per cent as a reader with weak sight would set it, `media: "print"` shows the page as paper.
 * Returns `{ page, context, close }`; `close` ends the browser and fails if the page misbehaved, unless
 * `tolerate` matches the message.
 */
export async function open({ script = true, width = 1280, height = 900, textSize = 100, media, tolerate } = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
  });
  const context = await browser.newContext({
    javaScriptEnabled: script,
    viewport: { width, height },
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
  });
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
  // Through the object model, not a style element: a content security policy refuses the latter, rightly.
  if (textSize !== 100) {
    page.on("domcontentloaded", () => setTextSize(page, textSize).catch((error) => complain(String(error))));
  }
  return {
    page,
    context,
    async close() {
      await browser.close();
      assert.deepEqual(problems, [], "the page misbehaved");
    },
  };
}

/** Sets the size of text in per cent. Only text sized in `rem`, `em` or `%` grows, as in a real browser. */
export async function setTextSize(page, percent) {
  await page.evaluate((p) => document.documentElement.style.setProperty("font-size", `${p}%`), percent);
}

/** Opens a path of the server under test and returns the response; anything but success fails, unless `status` says so. */
export async function visit(page, path, status = 200) {
  const response = await page.goto(new URL(path, `${baseUrl()}/`).href, { waitUntil: "load" });
  assert.equal(response.status(), status, `${path} answered ${response.status()}`);
  return response;
}

let axeSource;

/**
 * Fails with a readable list when axe-core finds a violation of WCAG 2.1 A or AA on the page.
 * `within` limits the search to a selector. No rule can be switched off here: fix the page.
 */
export async function assertAccessible(page, { within } = {}) {
  axeSource ??= await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(axeSource);
  const { violations, passes } = await page.evaluate(
    (root) =>
      globalThis.axe.run(root ?? document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
        resultTypes: ["violations", "passes"],
      }),
    within,
  );
  assert.ok(passes.length > 0, `axe-core checked nothing on ${page.url()}`);
  const found = violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${rule.help}\n    ${node.target.join(" ")}`),
  );
  assert.deepEqual(found, [], `accessibility of ${page.url()}`);
}

/** Fails when the page is wider than its window (WCAG 1.4.10); wide tables scroll inside their own box. */
export async function assertNoSidewaysScroll(page) {
  const { content, window } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
  assert.ok(content <= window, `${page.url()} is ${content} pixels wide in a window of ${window}`);
}

/** Saves a picture of the whole page and returns its path. */
export async function screenshot(page, name) {
  const folder = resolve(process.env.GONGKAI_SCREENSHOTS ?? join(here, "..", "target", "screenshots"));
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}
