// What journeys have in common: the sample accounts, the published figures, signing in, and reading a report's tables.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { visit } from "./harness.mjs";

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

/** Waits until the page says what was just done. */
export async function told(page, sentence) {
  await page.getByRole("status").filter({ hasText: sentence }).waitFor();
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
