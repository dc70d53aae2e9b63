// First paint on a slow phone, for `cargo xtask bench`: `node first-paint.mjs ADDRESS PATH...` prints a line for each path,
// its milliseconds and its path.
//
// The phone: a screen of 360 by 740 CSS pixels, a processor a quarter as fast, an empty cache. The network: 1.6 Mbit/s down,
// 0.75 Mbit/s up, 150 ms there and back, also for every new connection; a proxy on loopback makes it so, because the
// throttling of the browser leaves connections out.

import { createServer, connect } from "node:net";
import { chromium } from "playwright-core";

const WAY = 75; // ms in each direction
const DOWN = 1_600_000 / 8 / 1000; // bytes a millisecond
const UP = 750_000 / 8 / 1000;
const SLOWER = 4;
const ROUNDS = 5;

const [address, ...paths] = process.argv.slice(2);
const { hostname, port } = new URL(address);

/** Hands on what comes in later, as fast as the line is; the line is shared by all connections. */
function delayed(from, to, line) {
  from.on("data", (bytes) => {
    const now = performance.now();
    line.free = Math.max(line.free, now) + bytes.length / line.speed;
    setTimeout(() => !to.destroyed && to.write(bytes), line.free - now + WAY);
  });
  from.on("end", () => setTimeout(() => to.end(), Math.max(line.free - performance.now(), 0) + WAY));
  from.on("error", () => to.destroy());
}

const down = { speed: DOWN, free: 0 };
const up = { speed: UP, free: 0 };
const proxy = createServer((phone) => {
  const server = connect(port, hostname);
  phone.setNoDelay(true);
  server.setNoDelay(true);
  // A connection takes a way there and back before it carries anything.
  phone.pause();
  setTimeout(() => phone.resume(), 2 * WAY);
  delayed(phone, server, up);
  delayed(server, phone, down);
});
await new Promise((done) => proxy.listen(0, "127.0.0.1", done));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update"],
});
try {
  for (const path of paths) {
    const times = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const context = await browser.newContext({ viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true });
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
      await page.goto(`http://127.0.0.1:${proxy.address().port}${path}`);
      await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);
      times.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
      await context.close();
    }
    times.sort((a, b) => a - b);
    console.log(Math.round(times[Math.floor(ROUNDS / 2)]), Math.round(times.at(-1)), path);
  }
} finally {
  await browser.close();
  proxy.close();
}
