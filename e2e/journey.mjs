// What journeys have in common: the sample accounts, the published figures, signing in, and reading a report's tables.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, screenshot, visit, withPage } from "./harness.mjs";

// Chromium writes an answer of 4xx into the console as an error; journeys that meet a refusal on purpose allow it.
export const REFUSALS = /status of (403|404|409|422)/;

/** The reports of the sample county: the unit and the two years it has published. */
export const UNIT = "gp-office";

/**
 * A file of the folder with published reports and forms, which lies beside the repository, or where GONGKAI_SHARED says.
 * Fails with one sentence when there is none: a comparison that is left out would look like one that held.
 */
export async function published(path) {
  const folder = process.env.GONGKAI_SHARED ?? fileURLToPath(new URL("../../shared", import.meta.url));
  const text = await readFile(join(folder, path), "utf8").catch((error) => {
    throw new Error(`the published reports are missing: set GONGKAI_SHARED to their folder (${error.message})`);
  });
  return JSON.parse(text);
}

/** The password of a sample account, as the demo printed it. */
async function password(login) {
  const log = process.env.DEMO_LOG;
  assert.ok(log, "DEMO_LOG is not set: run `cargo xtask test`, which starts the demo and sets it");
  const said = await readFile(log, "utf8");
  const line = said.match(new RegExp(`^\\s+${login}\\s+(\\S+)`, "m"));
  assert.ok(line, `the demo printed no account called ${login}`);
  return line[1];
}

/** Fills the sign-in form that is shown and sends it. */
export async function fillSignIn(page, login, secret) {
  await page.getByLabel("登录名").fill(login);
  await page.getByLabel("密码").fill(secret ?? (await password(login)));
  await page.getByRole("button", { name: "登录" }).click();
}

/** Signs in as a sample account. */
export async function signIn(page, login) {
  await visit(page, "/desk/sign-in");
  await fillSignIn(page, login);
  await heading(page, "工作台");
}

/** Signs out, so that somebody else may sit down at the same browser. */
export async function signOut(page) {
  await page.getByRole("button", { name: "退出登录" }).click();
  await heading(page, "登录");
}

/** Waits for the page with this first heading. */
export async function heading(page, name) {
  await page.getByRole("heading", { level: 1, name, exact: typeof name === "string" }).waitFor();
}

/** Waits until the page says what was just done; a refusal instead fails at once, with its reasons. */
export async function told(page, sentence) {
  const said = page.getByRole("status").filter({ hasText: sentence });
  const refusal = page.getByRole("alert");
  await said.or(refusal).first().waitFor();
  if (!(await said.count())) assert.fail(`refused instead of “${sentence}”: ${(await reasons(page)).join("；")}`);
}

/** The reasons of a refused form, in the order shown. */
export async function reasons(page) {
  const box = page.getByRole("alert");
  await box.waitFor();
  return box.getByRole("listitem").allInnerTexts();
}

/** The figures printed in the tables of the report that is shown, by cell id; a cell without a plain figure fails. */
export async function figures(page) {
  const cells = await page.locator("td[data-cell]").evaluateAll((all) =>
    all.map((td) => [td.dataset.cell, td.textContent.trim()]),
  );
  const ids = cells.map(([id]) => id);
  assert.equal(new Set(ids).size, ids.length, "no cell is printed twice");
  return Object.fromEntries(
    cells.map(([id, text]) => {
      const figure = text.match(/^(-?\d+(?:\.\d+)?)(?:元|万元)?$/);
      assert.ok(figure, `${id} prints “${text}”, which is no figure`);
      return [id, Number(figure[1])];
    }),
  );
}

/** Compares figures cell by cell, so that a failure names every cell that differs. */
export function assertFigures(shown, right) {
  const differ = Object.keys({ ...right, ...shown }).filter((id) => shown[id] !== right[id]);
  assert.deepEqual(
    differ.map((id) => `${id}: shown ${shown[id]}, published ${right[id]}`),
    [],
  );
}

/** The office of the sample county, as the lists name it. */
export const OFFICE = "高平市人民政府办公室";

const chairs = new WeakMap();

/**
 * Seats a person at the desk: signs in once in a browser, later the cookies of that person are put back, as if each
 * had a machine of their own.
 */
export async function seat(page, login) {
  const context = page.context();
  if (!chairs.has(context)) chairs.set(context, new Map());
  const known = chairs.get(context);
  await context.clearCookies();
  if (known.has(login)) return context.addCookies(known.get(login));
  await signIn(page, login);
  known.set(login, await context.cookies());
}

/** The value beside a label in the facts of a page. */
export const fact = (page, label) =>
  page.locator("dl.facts > div").filter({ has: page.getByText(label, { exact: true }) }).getByRole("definition").innerText();

/** What the panel 期限 of a docket's page says: the day due, its badge and every step. */
export async function dueOf(page) {
  const panel = page.getByRole("region", { name: "期限", exact: true });
  return {
    on: await panel.locator(".due-on").innerText(),
    badge: (await panel.locator(".badge").allInnerTexts()).join("，"),
    steps: (await panel.getByRole("listitem").allInnerTexts()).join("；"),
  };
}

/** The stage in the head of a docket's page. */
export const stageOf = (page) => page.locator(".docket-head .badge").innerText();

/** What the panel 下一步 of a docket's page offers. */
export const offered = (page) => page.getByRole("region", { name: "下一步" }).getByRole("link").allInnerTexts();

/** Fills what is given, by label: a text or a day is typed; `true` takes the one box or choice that the pattern names. */
export async function fillIn(page, values) {
  for (const [label, value] of Object.entries(values)) {
    if (value === true) {
      const name = new RegExp(label);
      await page.getByRole("radio", { name }).or(page.getByRole("checkbox", { name })).check();
    } else {
      await page.getByLabel(new RegExp(`^${label.replace(/[()（）]/g, ".")}(（.*）)?$`)).fill(value);
    }
  }
}

/** Registers a letter that came by registered post, with its applicant, and stays on its docket. Returns its address. */
export async function registerLetter(page, on, subject, more = {}) {
  await visit(page, "/desk/requests/new");
  await fillIn(page, { 到达日期: on, "^邮寄（签收）": true });
  await page.getByLabel("受理机关").selectOption({ label: OFFICE });
  await page.getByRole("radio", { name: "自然人" }).check();
  await fillIn(page, { 申请内容: subject, 申请人姓名或者名称: "样例申请人", 联系地址: "样例路一号", ...more });
  await page.getByRole("button", { name: "登记申请" }).click();
  await told(page, "已经登记，卷宗已建立");
  await heading(page, /^申请 \d{4}-\d{5}$/);
  return new URL(page.url()).pathname;
}

/** Shows a docket. */
export async function visitDocket(page, docket) {
  await visit(page, docket);
  await page.locator(".docket-head").waitFor();
}

async function sendStep(page, docket, name, values) {
  await visitDocket(page, docket);
  await page.getByRole("region", { name: "下一步" }).getByRole("link", { name, exact: true }).click();
  await heading(page, `登记：${name}`);
  await fillIn(page, values);
  await page.getByRole("button", { name: "登记", exact: true }).click();
}

/** Takes the step called `name` from the panel 下一步 of a docket and comes back to the docket. */
export async function take(page, docket, name, values) {
  await sendStep(page, docket, name, values);
  await told(page, "已经登记");
}

/** Tries a step that is refused with a reason of this form. */
export async function refused(page, docket, name, values, reason) {
  await sendStep(page, docket, name, values);
  assert.match((await reasons(page)).join("；"), reason);
}

/**
 * The chain of approval: each person named passes the one step that is theirs, on a day, or today without one. Then the
 * officer sits down again.
 */
export async function approve(page, docket, on, people) {
  const steps = { secrecy: "保密审查", legal: "合法性审核", head: "审批签发" };
  for (const login of people) {
    await seat(page, login);
    await visit(page, docket);
    await page.getByRole("link", { name: "审核审批" }).click();
    assert.equal(await page.getByLabel("环节").locator("option").innerText(), steps[login]);
    await fillIn(page, { ...(on && { 审核日期: on }), "^通过$": true });
    await page.getByRole("button", { name: "登记", exact: true }).click();
    await told(page, "已经登记");
  }
  await seat(page, "officer");
}

/** Downloads through a link and returns the bytes and the name. */
export async function download(page, link) {
  const [got] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return { name: got.suggestedFilename(), bytes: await readFile(await got.path()) };
}

/** The words of a PDF, white space taken out: lines break anywhere in Chinese. Radicals stand for their characters. */
export function pdfWords(bytes) {
  const ran = spawnSync("pdftotext", ["-", "-"], { input: bytes, maxBuffer: 1 << 26 });
  assert.equal(ran.status, 0, `pdftotext: ${ran.error?.message ?? ran.stderr}`);
  const words = ran.stdout.toString("utf8").replace(/\s+/g, "");
  return words.replace(/[\u2e80-\u2fdf]/g, (sign) => sign.normalize("NFKC"));
}

/** Opens a letter from the section 文书 of a docket and returns the words of the page and those of its PDF. */
export async function letter(page, docket, title) {
  await visit(page, docket);
  await page.locator("section[aria-labelledby=letters]").getByRole("link", { name: title }).first().click();
  const words = (await page.getByRole("region", { name: "文书内容" }).innerText()).replace(/\s+/g, "");
  const pdf = pdfWords((await download(page, page.getByRole("link", { name: "下载PDF" }))).bytes);
  return [words, pdf];
}

/** Finishes the letter that is shown. */
export async function finishLetter(page) {
  await page.getByRole("button", { name: "定稿并编号" }).click();
  await told(page, "文书已经定稿");
}

/** The page as it is: accessible, never wider than the screen, and in a picture. */
export async function look(page, name) {
  await assertAccessible(page);
  await assertNoSidewaysScroll(page);
  await screenshot(page, `${name}-${ENGINE}`);
}

// The worked example of GB 11643-1999; nobody's number.
export const ID_NUMBER = "11010519491231002X";

/** Asks on the portal, without an account, and returns the query code of the receipt. */
export async function ask(page, subject) {
  await visit(page, "/ask/new");
  await page.getByLabel("受理机关").selectOption({ label: OFFICE });
  await page.getByLabel("所需信息的内容描述").fill(subject);
  await page.getByRole("checkbox", { name: "自行领取" }).check();
  await page.getByRole("radio", { name: "纸质" }).check();
  await page.getByLabel("姓名或者名称").fill("样例申请人");
  await page.getByLabel("证件名称", { exact: true }).selectOption("居民身份证");
  await page.getByLabel("证件号码", { exact: true }).fill(ID_NUMBER);
  await page.getByLabel("联系电话", { exact: false }).first().fill("00000000000");
  await page.getByRole("button", { name: "提交申请" }).click();
  await heading(page, "申请已经提交");
  return page.locator(".query-code").innerText();
}

/** The progress of the own request, asked for with the code and the last four characters of the identity number. */
export async function progress(page, code) {
  await page.context().clearCookies();
  await visit(page, `/ask/progress?code=${code}`);
  await page.getByLabel("验证信息").fill("002X");
  await page.getByRole("button", { name: "查询" }).click();
  const refusal = page.getByRole("alert");
  await page.locator(".stage").or(refusal).first().waitFor();
  if (await refusal.count()) assert.fail(`no progress: ${(await reasons(page)).join("；")}`);
}

/** The officer finds a request by its subject and opens its docket. Returns its address. */
export async function openRequest(page, subject) {
  await seat(page, "officer");
  await visit(page, `/desk/requests?q=${encodeURIComponent(subject)}`);
  const docket = new URL(await page.locator("table.list tbody a").first().getAttribute("href"), page.url()).pathname;
  await visitDocket(page, docket);
  return docket;
}

/**
 * One test with script and one without; `story` gets the page and words for this run. It begins with the officer at the
 * desk, or, with `portal`, with a person who has no account.
 */
export function journey(title, options, story) {
  for (const script of [true, false]) {
    const tag = script ? "with-script" : "without-script";
    test(`${title} (${ENGINE}, ${tag.replace("-", " ")})`, () =>
      withPage({ script, tolerate: REFUSALS, ...options }, async (page) => {
        page.on("dialog", (dialog) => dialog.accept());
        if (!options.portal) await seat(page, "officer");
        await story(page, { how: script ? "有脚本" : "无脚本", tag, script });
      }));
  }
}

/** Fails unless the figure of a report that counts the request has it among its records. */
export async function assertCounted(page, year, cell, subject) {
  await visit(page, `/desk/reports/${UNIT}/${year}/cells/requests.${cell}`);
  await page.getByRole("region", { name: "背后的记录" }).last().getByRole("link", { name: subject, exact: true }).first().waitFor();
}

/** Writes the text of a document, or of its draft, anew. */
export async function write(page, docket, text) {
  await visitDocket(page, docket);
  await page.getByRole("link", { name: /^(编写|修改)正文$/ }).click();
  await heading(page, "编写正文");
  await page.getByLabel("正文", { exact: true }).fill(text);
  await page.getByRole("button", { name: "保存" }).click();
  await told(page, "已经保存");
}

/** Adds an attachment to a document or its draft. */
export async function attach(page, docket, name, text) {
  await visitDocket(page, docket);
  await page.getByLabel("附件", { exact: true }).setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "添加附件" }).click();
  await told(page, "附件已经添加");
}

export const get = (page, address) => page.request.get(new URL(address, page.url()).href);

/** Where a title is found on the portal: the list, the feed, the API, the search by `words`. */
export async function whereShown(page, title, words) {
  const shown = {};
  for (const [where, address] of [
    ["list", `/documents?q=${encodeURIComponent(title)}`],
    ["feed", "/documents/feed.atom"],
    ["api", `/api/v1/public/documents?text=${encodeURIComponent(title)}`],
    ["search", `/search?q=${encodeURIComponent(`“${words}”`)}`],
  ]) {
    const answer = await get(page, address);
    const text = (await answer.text()).replaceAll(/<\/?mark>/g, "");
    // What was looked for stands in the field again.
    const cleared = text.replaceAll(`value="${title}"`, "");
    shown[where] = cleared.includes(title);
  }
  return shown;
}

export const everywhere = { list: true, feed: true, api: true, search: true };
export const nowhere = { list: false, feed: false, api: false, search: false };
