// Every page that people work on passes axe-core (WCAG 2.1 A and AA) and never scrolls sideways: on a desktop, on a
// phone, and with text twice its size on both; pages of the public also on dark screens, in the large-text look (关怀版)
// and on the terminal of a service hall, the last two with targets for any finger.

import assert from "node:assert/strict";
import {
  ENGINE,
  assertAccessible,
  assertNoSidewaysScroll,
  assertTargets,
  looks,
  screenshot,
  visit,
  withPage,
} from "./harness.mjs";
import { REFUSALS, UNIT, heading, reasons, signIn } from "./journey.mjs";

const LOOKS = [
  { look: "desktop", options: { width: 1280 } },
  { look: "phone", options: { width: 390, height: 844 } },
  { look: "large text", options: { width: 1280, textSize: 200 } },
  { look: "large text on a phone", options: { width: 390, height: 844, textSize: 200 } },
];

/** Presses the switch in the head, as a reader would. */
async function large(page) {
  await visit(page, "/");
  await page.getByRole("button", { name: "关怀版" }).click();
  await page.locator("html.large").waitFor();
}

const terminal = (page) => visit(page, "/terminal");
const largeTerminal = async (page) => {
  await terminal(page);
  await large(page);
};

const HALL = { width: 1080, height: 1920 };
const PHONE = { width: 390, height: 844 };
const PUBLIC_LOOKS = [
  ...LOOKS,
  { look: "dark", options: { width: 1280, dark: true } },
  { look: "care", options: { width: 1280 }, begin: large, is: "large", target: 48 },
  { look: "care on a phone", options: PHONE, begin: large, is: "large", target: 48 },
  { look: "care, dark", options: { width: 1280, dark: true }, begin: large, is: "large", target: 48 },
  { look: "care and large text on a phone", options: { ...PHONE, textSize: 200 }, begin: large, is: "large", target: 48 },
  { look: "terminal", options: HALL, begin: terminal, is: "terminal", target: 64 },
  { look: "terminal, dark", options: { ...HALL, dark: true }, begin: terminal, is: "terminal", target: 64 },
  { look: "terminal, care", options: HALL, begin: largeTerminal, is: "large terminal", target: 64 },
];

// Address and the name of its picture.
const PORTAL = [
  ["/", "home"],
  ["/reports", "reports"],
  ["/reports?q=拖拉机手册", "reports-none"],
  [`/reports/${UNIT}/2020`, "report-2020"],
  [`/reports/${UNIT}/2021`, "report-2021"],
  ["/documents", "public-documents"],
  ["/documents?q=拖拉机手册", "public-documents-none"],
  ["/units", "public-units"],
  ["/units/gp-office", "public-unit"],
  ["/units/gp-edu", "public-unit-empty"],
  ["/units/gp-office/columns/a20-13", "public-column"],
  ["/catalogues", "public-catalogues"],
  ["/catalogues/social-assistance", "public-catalogue"],
  ["/catalogues/culture?level=township", "public-catalogue-township"],
  ["/search", "search"],
  ["/search?q=办法&year=2020", "search-narrowed"],
  ["/search?q=拖拉机手册", "search-none"],
  ["/ask", "ask"],
  ["/ask/new", "ask-new"],
  ["/ask/progress", "ask-progress"],
  ["/calendar?year=2020&from=2020-01-15&n=20", "calendar"],
  ["/sitemap", "sitemap"],
  ["/no-such-page", "not-found", 404],
  ["/desk/sign-in", "sign-in"],
];

const CELL = "requests.refused_administrative_inquiry.total";
const DESK = [
  ["/desk", "board"],
  ["/desk/requests", "requests"],
  ["/desk/documents", "documents"],
  ["/desk/document-drafts", "document-drafts"],
  ["/desk/document-drafts/new", "document-draft-new"],
  ["/desk/interpretations?year=2020", "desk-interpretations"],
  ["/desk/validity", "desk-validity"],
  ["/desk/publications", "desk-publications"],
  ["/desk/documents/batch", "desk-document-batch"],
  ["/desk/documents/batch/waiting", "desk-document-waiting"],
  ["/desk/catalogue-entries?field=social-assistance", "desk-catalogue"],
  ["/desk/catalogue-entries/new", "desk-catalogue-new"],
  ["/desk/catalogue-entries/import", "desk-catalogue-import"],
  ["/desk/catalogue-entries/publish", "desk-catalogue-publish"],
  ["/desk/catalogue-coverage", "desk-coverage"],
  ["/desk/catalogue-coverage/social-assistance", "desk-coverage-field"],
  ["/desk/disputes", "disputes"],
  ["/desk/figures", "figures"],
  ["/desk/units", "units"],
  ["/desk/reports?year=2021", "desk-reports"],
  ["/desk/requests/new", "request-new"],
  ["/desk/documents/new", "document-new"],
  ["/desk/disputes/new", "dispute-new"],
  ["/desk/figures/new", "figure-new"],
  ["/desk/requests/import", "import"],
  [`/desk/reports/${UNIT}/2020`, "desk-report-2020"],
  [`/desk/reports/${UNIT}/2021`, "desk-report-2021"],
  [`/desk/reports/${UNIT}/2020/cells/${CELL}`, "cell"],
  [`/desk/reports/${UNIT}/2020/cells/hotline.closed_per_working_day`, "cell-of-text"],
  [`/desk/reports/${UNIT}/2021/text/overview`, "text"],
  ["/desk/password", "password"],
];

/** Opens each page and collects what is wrong with any, so that one run names every page that fails. */
async function check(page, pages, look, login = "", more = []) {
  const wrong = [];
  const lookAt = async (name) => {
    for (const rule of [assertAccessible, assertNoSidewaysScroll, ...more]) {
      await rule(page).catch((error) => wrong.push(`${name}: ${error.message}`));
    }
    await screenshot(page, [name, ENGINE, look, login].filter(Boolean).join("-").replace(/[ ,]+/g, "-"));
  };
  for (const [address, name, status] of pages) {
    await visit(page, address, status ?? 200);
    await lookAt(name);
  }
  return { wrong, lookAt };
}

const fail = (wrong) => {
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
};

for (const { look, options, begin, is, target } of PUBLIC_LOOKS) {
  looks(`pages of the public are for everybody (${ENGINE}, ${look})`, () =>
    withPage({ ...options, tolerate: REFUSALS }, async (page) => {
      await begin?.(page);
      await visit(page, "/documents");
      const document = await page.locator(".documents li > a").first().getAttribute("href");
      await visit(page, "/documents?category=interpretation");
      const interpretation = await page.locator(".documents li > a").first().getAttribute("href");
      await visit(page, "/catalogues/environment");
      const entry = await page.locator(".catalogue tbody a").first().getAttribute("href");
      await visit(page, "/catalogues/taxation");
      const bare = await page.locator(".catalogue tbody a").first().getAttribute("href");
      const pages = [
        ...PORTAL,
        [document, "public-document"],
        [interpretation, "public-interpretation"],
        [entry, "public-catalogue-entry"],
        [bare, "public-catalogue-entry-none"],
      ];
      const more = is
        ? [
            async () => assert.equal(await page.locator("html").getAttribute("class"), is),
            (shown) => assertTargets(shown, target),
          ]
        : [];
      // The desk has a look of its own; and the home page of a terminal begins a visit, in the usual size.
      const left = (address) => is && (address.startsWith("/desk") || (address === "/" && is === "large terminal"));
      const ofPublic = pages.filter(([address]) => !left(address));
      fail((await check(page, ofPublic, look, "", more)).wrong);
    }));
}

for (const { look, options } of LOOKS) {
  looks(`pages of the desk are for everybody (${ENGINE}, ${look})`, () =>
    withPage({ ...options, tolerate: REFUSALS }, async (page) => {
      await signIn(page, "officer");
      const { wrong, lookAt } = await check(page, DESK, look);

      // Pages that are reached by a click: a docket, its next step, a correction, and a refused form.
      await visit(page, "/desk/requests?q=不动产登记资料");
      const docket = new URL(
        await page.getByRole("link", { name: "2020-00001" }).getAttribute("href"),
        page.url(),
      ).pathname;
      await visit(page, docket);
      await heading(page, "申请 2020-00001");
      await lookAt("docket");
      await visit(page, `${docket}/record/archived`);
      await lookAt("step");
      await visit(page, `${docket}/correct/1`);
      await lookAt("correction");
      await visit(page, "/desk/documents");
      const document = new URL(await page.locator("tbody a").first().getAttribute("href"), page.url()).pathname;
      await visit(page, `${document}/record/classified`);
      await lookAt("classify");
      await visit(page, document.replace("/desk", ""));
      await lookAt("public-document");
      await visit(page, "/desk/requests/new");
      await page.getByRole("button", { name: "登记申请" }).click();
      await reasons(page);
      await lookAt("refused");
      fail(wrong);
    }));
}

looks(`pages of the other accounts are for everybody (${ENGINE})`, () =>
  withPage({ width: 390, height: 844, tolerate: REFUSALS }, async (page) => {
    const others = [
      ["auditor", [["/desk/journal", "journal"]]],
      ["admin", [["/desk/accounts", "accounts"], ["/desk/accounts/new", "account-new"], ["/desk/accounts/officer", "account"], ["/desk/units/new", "unit-new"]]],
      ["head", [[`/desk/reports/${UNIT}/2021`, "desk-report-2021"]]],
    ];
    const all = [];
    for (const [login, pages] of others) {
      await signInAnywhere(page, login);
      all.push(...(await check(page, pages, "phone", login)).wrong);
    }
    fail(all);
  }));

/** Signs in as somebody else in a browser that may be signed in already. */
async function signInAnywhere(page, login) {
  await page.context().clearCookies();
  await signIn(page, login);
}
