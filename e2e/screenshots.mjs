// Pictures for people who review pages: each address at 1280 and 390 pixels, at 200 % text, and as paper.
// Usage: node screenshots.mjs FOLDER URL...   (through `cargo xtask screenshots FOLDER URL...`)

import { isLocal, screenshot, visit, withPage } from "./harness.mjs";

const [folder, ...urls] = process.argv.slice(2);
if (!folder || urls.length === 0 || !urls.every((url) => URL.canParse?.(url) ?? /^https?:/.test(url)) || !urls.every(isLocal)) {
  console.error("usage: screenshots.mjs FOLDER URL...  (addresses of a demo running on this machine)");
  process.exit(2);
}
process.env.GONGKAI_SCREENSHOTS = folder;

const LOOKS = [
  { name: "1280", options: { width: 1280 } },
  { name: "390", options: { width: 390, height: 844 } },
  { name: "1280-text200", options: { width: 1280, textSize: 200 } },
  { name: "print", options: { width: 794, height: 1123, media: "print" } }, // A4 at 96 dots an inch
];

for (const { name, options } of LOOKS) {
  await withPage({ ...options, tolerate: /./ }, async (page) => {
    for (const url of urls) {
      const response = await visit(page, url, null);
      const { pathname, search } = new URL(url);
      const words = decodeURIComponent(pathname + search).replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
      console.log(`${response.status()} ${await screenshot(page, `${words || "home"}-${name}`)}`);
    }
  });
}
