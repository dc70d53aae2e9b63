// Publication in time: a document waits for its minute, with what interprets it; nobody sees it before, everybody after. With
// script and without.

import assert from "node:assert/strict";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, looks, screenshot, visit, withPage } from "./harness.mjs";
import {
  OFFICE, everywhere, fact, fillIn, heading, journey, look, nowhere, reasons, seat, told, visitDocket, whereShown, write,
} from "./journey.mjs";

/** The minute in which it is after so many seconds, in Shanghai: day and time. */
function minuteAfter(seconds) {
  const text = new Date(Date.now() + 8 * 3600_000 + seconds * 1000).toISOString();
  return { day: text.slice(0, 10), time: text.slice(11, 16) };
}

/** Registers a document that may be published; its docket. */
async function registered(page, title, words) {
  await visit(page, "/desk/documents/new");
  await fillIn(page, { 标题: title, "^其他公文": true, "^主动公开": true });
  await page.getByLabel("统计单位").selectOption({ label: OFFICE });
  await page.getByRole("button", { name: "登记公文" }).click();
  await told(page, "已经登记，卷宗已建立");
  const docket = new URL(page.url()).pathname;
  await write(page, docket, words);
  return docket;
}

async function openForm(page, docket) {
  await visitDocket(page, docket);
  await page.getByRole("main").getByRole("link", { name: "定时公开", exact: true }).click();
  await heading(page, "定时公开");
}

async function set(page, { day, time }) {
  await page.getByLabel("公开日期", { exact: true }).fill(day);
  await page.getByLabel("时间", { exact: true }).fill(time);
  await page.getByRole("button", { name: /^(定时公开|改为这个时间)$/ }).click();
}

journey("a document waits for its minute with its interpretation", { tolerate: /status of (404|410|422)/ }, async (page, { how, tag, script }) => {
  const title = `高平市山塘加固通知（${how}，样例）`;
  const words = `${tag === "with-script" ? "龙王" : "白马"}山塘坝体加固`;
  const docket = await registered(page, title, `各乡镇人民政府：\n做好${words}。`);
  await visitDocket(page, docket);
  await page.getByRole("link", { name: "登记解读材料" }).click();
  await fillIn(page, { "^文字解读": true });
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await told(page, "已经登记，卷宗已建立");
  const interpretation = new URL(page.url()).pathname;

  await openForm(page, docket);
  await look(page, `schedule-form-${tag}`);
  await set(page, { day: "2099-01-01", time: "09:00" });
  assert.match((await reasons(page)).join("；"), /条例第二十六条/);
  await look(page, `schedule-refused-${tag}`);

  // Set for tomorrow, called off, set for the next minutes together with what interprets it.
  const tomorrow = minuteAfter(24 * 3600);
  await set(page, tomorrow);
  await told(page, "已经安排定时公开");
  assert.match(await fact(page, "定时公开"), new RegExp(`${tomorrow.time}$`));
  await look(page, `schedule-set-${tag}`);
  await openForm(page, docket);
  await page.getByLabel("撤销的原因").fill("会议改期（样例）");
  await page.getByRole("button", { name: "撤销定时公开" }).click();
  await told(page, "已经撤销定时公开");
  await openForm(page, docket);
  await page.getByRole("checkbox", { name: /解读/ }).check();
  await set(page, minuteAfter(70));
  await told(page, "已经安排定时公开");
  await visit(page, "/desk/schedule");
  await page.getByRole("row", { name: title }).first().waitFor();
  await look(page, `schedule-list-${tag}`);
  await visit(page, "/desk");
  await page.getByRole("link", { name: /定时公开/ }).first().waitFor();
  assert.deepEqual(await whereShown(page, title, words), nowhere, "nothing is public before its minute");
  const address = docket.replace("/desk", "");
  await visit(page, address, 404);

  // The desk works without script as with it; the minute itself is waited for once.
  if (!script) {
    await openForm(page, docket);
    await page.getByLabel("撤销的原因").fill("样例");
    await page.getByRole("button", { name: "撤销定时公开" }).click();
    await told(page, "已经撤销定时公开");
    return;
  }
  // The job looks each minute.
  const until = Date.now() + 240_000;
  for (;;) {
    const answer = await page.request.get(new URL(address, page.url()).href);
    if (answer.ok()) break;
    assert.ok(Date.now() < until, "it was not published in time");
    await page.waitForTimeout(2_000);
  }
  assert.deepEqual(await whereShown(page, title, words), everywhere);
  await visit(page, address);
  await page.getByRole("region", { name: "政策解读" }).getByRole("link", { name: `《${title}》解读` }).waitFor();
  await look(page, `schedule-public-${tag}`);
  await visitDocket(page, interpretation);
  assert.equal(await page.getByRole("link", { name: "定时公开", exact: true }).count(), 0, "it waits no more");
});

looks(`pages of scheduled documents on a phone and in large text (${ENGINE})`, async () => {
  for (const options of [{ width: 390 }, { width: 1280, textSize: 200 }]) {
    await withPage(options, async (page) => {
      await seat(page, "officer");
      const size = `${options.width}-${options.textSize ?? 100}`;
      const docket = await registered(page, `高平市渠系清淤通知（${size}，样例）`, "做好渠系清淤。");
      await openForm(page, docket);
      const shown = async (name) => {
        await assertAccessible(page);
        await assertNoSidewaysScroll(page);
        await screenshot(page, `schedule-${name}-${size}-${ENGINE}`);
      };
      await shown("form");
      await set(page, minuteAfter(24 * 3600));
      await told(page, "已经安排定时公开");
      await shown("docket");
      await visit(page, "/desk/schedule");
      await shown("list");
    });
  }
});
