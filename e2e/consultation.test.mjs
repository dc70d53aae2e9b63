// A draft is put to the public: begun, refused while it is too short, published, extended; a visitor gives an opinion, the
// officer records a letter and answers both in one step. And how a finished one of the sample reads. With script and without.

import assert from "node:assert/strict";
import { ENGINE, assertAccessible, assertNoSidewaysScroll, looks, screenshot, visit, withPage } from "./harness.mjs";
import {
  OFFICE, fact, fillIn, get, heading, journey, look, nowhere, offered, reasons, refused, seat, take, told, visitDocket,
  whereShown, write,
} from "./journey.mjs";

/** So many days from today in Shanghai, as a form wants it. */
const inDays = (n) => new Date(Date.now() + 8 * 3600_000 + n * 86_400_000).toISOString().slice(0, 10);

journey("a draft is put to the public and opinions are answered", { tolerate: /status of (404|422)/ }, async (page, { how, tag }) => {
  const title = `《高平市古井保护办法（征求意见稿）》公开征求意见（${how}，样例）`;
  const words = `${tag === "with-script" ? "井台修缮" : "井水监测"}的责任单位`;

  await visit(page, "/desk/consultations/new");
  await fillIn(page, { 标题: title, "^重大行政决策草案": true, 起草说明: "为了保护古井，起草了这份草案（样例）。", 截止日期: inDays(29) });
  await page.getByLabel("统计单位").selectOption({ label: OFFICE });
  await fillIn(page, { 电子邮箱: "sample@example.invalid" });
  await look(page, `consultation-new-${tag}`);
  await page.getByRole("button", { name: "发起征集" }).click();
  await told(page, "已经登记，卷宗已建立");
  const docket = new URL(page.url()).pathname;
  const address = docket.replace("/desk", "");
  assert.deepEqual(await offered(page), ["发布", "修改征集事项", "终止"]);

  // Not without a text, not shorter than thirty days without a reason; until then nothing of it is public.
  await refused(page, docket, "发布", {}, /一般不早于|还没有征求意见稿/);
  await write(page, docket, `第一条　明确${words}。\n第二条　联系电话：13800138000。`);
  assert.equal(new URL(page.url()).pathname, docket, "the text is written from the docket of the consultation");
  await take(page, docket, "修改征集事项", { 截止日期: inDays(20), 缩短期限的理由: "汛期将至（样例）" });
  await refused(page, docket, "发布", {}, /正文第2段有手机号码/);
  await write(page, docket, `第一条　明确${words}。\n第二条　本办法自印发之日起施行。`);
  assert.equal((await get(page, address)).status(), 404);
  assert.deepEqual(await whereShown(page, title, words), nowhere);
  await look(page, `consultation-prepared-${tag}`);
  await take(page, docket, "发布", {});
  assert.deepEqual(await offered(page), ["延长", "关联正式文件"]);
  assert.equal(await fact(page, "阶段"), "正在征集");
  // A draft is no document yet: it is searched, and has a list of its own.
  assert.deepEqual(await whereShown(page, title, words), { ...nowhere, search: true });
  await take(page, docket, "延长", { 延长至: inDays(40), 延长的原因: "群众关注度高（样例）" });

  // A visitor without an account.
  await page.context().clearCookies();
  await visit(page, "/consultations?phase=open");
  await heading(page, "意见征集");
  await look(page, `consultations-${tag}`);
  await page.getByRole("link", { name: title }).click();
  await page.getByText("关于征集期限的说明：汛期将至").waitFor();
  await page.getByText("还有40天").waitFor();
  await look(page, `consultation-open-${tag}`);
  await page.getByRole("button", { name: "提交意见" }).click();
  assert.match((await reasons(page)).join("；"), /请填写意见/);
  await look(page, `consultation-refused-${tag}`);
  await page.getByLabel("意见", { exact: true }).fill("<b>建议</b>明确牵头单位（样例）");
  await page.getByLabel("姓名或者名称").fill("样例市民甲");
  await page.getByRole("button", { name: "提交意见" }).click();
  await heading(page, "意见已经收到");
  await look(page, `consultation-received-${tag}`);
  await page.getByRole("link", { name: "返回征集页面" }).click();
  await page.getByRole("link", { name: "提出意见" }).waitFor();
  assert.equal(await page.getByText("明确牵头单位").count(), 0, "opinions are not public");

  // The officer records a letter and answers both in one step.
  await seat(page, "officer");
  await visitDocket(page, docket);
  await page.getByRole("link", { name: "登记其他途径的意见" }).click();
  await heading(page, "登记意见");
  await fillIn(page, { "^信函": true, 意见: "应当写明由谁牵头（样例）" });
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await told(page, "已经登记");
  await page.getByRole("link", { name: "查看和处理意见" }).click();
  await heading(page, "意见");
  const boxes = page.getByRole("checkbox");
  assert.equal(await boxes.count(), 2);
  await page.getByText(/样\*+/).first().waitFor();
  await fillIn(page, { 意见摘要: "明确牵头单位", "^未采纳": true });
  await page.getByRole("button", { name: "归并答复所选意见" }).click();
  await page.getByText("请选择要处理的意见").first().waitFor();
  for (const box of await page.getByRole("checkbox").all()) await box.check();
  await page.getByRole("button", { name: "归并答复所选意见" }).click();
  await page.getByText("未采纳的，请写明理由").first().waitFor();
  assert.equal(await page.locator("input[name=opinion]:checked").count(), 2, "what was chosen stays");
  await look(page, `consultation-opinions-${tag}`);
  await page.getByLabel(/^理由/).fill("已由机构职能规定（样例）");
  await page.getByRole("button", { name: "归并答复所选意见" }).click();
  await told(page, "已经登记");
  await page.getByRole("link", { name: "已归并答复（2）" }).click();
  await page.getByRole("link", { name: /^查看提出人/ }).first().click();
  await heading(page, "意见内容");
  await page.getByText("样例市民甲").waitFor();
  await look(page, `consultation-opinion-${tag}`);
  await visitDocket(page, docket);
  await page.getByText("已由机构职能规定").first().waitFor();
  await look(page, `consultation-docket-${tag}`);
  await page.getByRole("link", { name: /^修改\s*第1条答复/ }).click();
  await fillIn(page, { "^采纳$": true });
  await page.getByRole("button", { name: "保存" }).click();
  await told(page, "已经保存");
});

// The consultation of 2021 in the sample has ended and led to a document of that year.
for (const [name, options] of [
  ["1280", {}],
  ["390", { width: 390, height: 844 }],
  ["390-dark", { width: 390, height: 844, dark: true }],
  ["text200", { textSize: 200 }],
  ["390-text200", { width: 390, height: 844, textSize: 200 }],
]) {
  looks(`a finished consultation and an open one read well (${ENGINE}, ${name})`, () =>
    withPage({ ...options, script: name !== "390" }, async (page) => {
      await visit(page, "/consultations?phase=answered");
      const finished = page.getByRole("link", { name: /农村人居环境整治暂行规定/ });
      const address = await finished.getAttribute("href");
      await visit(page, address);
      await page.getByText("收到意见4条，采纳2条，部分采纳1条，未采纳1条").waitFor();
      assert.equal(await page.getByText("夜间免费").count(), 0);
      await assertAccessible(page);
      await assertNoSidewaysScroll(page);
      await screenshot(page, `consultation-finished-${name}-${ENGINE}`);
      const result = page.locator(".metadata").getByRole("link", { name: /农村人居环境整治暂行规定/ });
      await visit(page, await result.getAttribute("href"));
      await page.getByRole("region", { name: "制定过程" }).getByRole("link").waitFor();
      await visit(page, "/consultations?phase=open");
      await visit(page, await page.getByRole("link", { name: /城区停车设施建设规划/ }).getAttribute("href"));
      await assertAccessible(page);
      await assertNoSidewaysScroll(page);
      await screenshot(page, `consultation-open-${name}-${ENGINE}`);
      await visit(page, "/");
      await page.getByRole("region", { name: "正在征求意见" }).waitFor();
      await assertNoSidewaysScroll(page);
      await screenshot(page, `consultation-home-${name}-${ENGINE}`);
    }));
}
