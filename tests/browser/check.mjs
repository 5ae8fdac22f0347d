// Opens reports in Chromium, at both widths, light and dark, and on paper; prints each fault that it finds, and ends with 1 if any.
// node check.mjs MODULES CHROMIUM PICTURES FILE...: MODULES holds axe-core and puppeteer-core, PICTURES takes pictures and PDFs.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, chromium, pictures, ...files] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "package.json"));
const puppeteer = require("puppeteer-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [360, 1440];
const SCHEMES = ["light", "dark"];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const faults = [];

mkdirSync(pictures, { recursive: true });
const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
for (const file of files) {
  const name = basename(file, ".html");
  const page = await browser.newPage();
  const address = pathToFileURL(resolve(file)).href;
  const tell = (where, what) => faults.push(`${name} ${where}: ${what}`);
  page.on("request", (request) => request.url() === address || tell("request", request.url()));
  page.on("console", (message) => tell("console", message.text()));
  for (const scheme of SCHEMES) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    for (const width of WIDTHS) {
      const where = `${width} px, ${scheme}`;
      await page.setViewport({ width, height: 900 });
      await page.goto(address);
      await page.screenshot({ path: join(pictures, `${name}-${width}-${scheme}.png`), fullPage: true });
      for (const open of [false, true]) {
        await page.evaluate((open) => document.querySelectorAll("details").forEach((details) => (details.open = open)), open);
        (await wide(page)).forEach((what) => tell(where, `wider than the window: ${what}`));
        (await faint(page)).forEach((what) => tell(where, what));
        (await violations(page)).forEach((what) => tell(where, what));
      }
    }
  }
  (await structure(page)).forEach((what) => tell("structure", what));
  await page.goto(address);
  await page.emulateMediaType("print");
  (await hidden(page)).forEach((what) => tell("paper", `not printed: ${what}`));
  await page.setViewport({ width: Math.round(((210 - 30) / 25.4) * 96), height: 1000 });
  (await wide(page)).forEach((what) => tell("paper", `cut: ${what}`));
  await page.pdf({ path: join(pictures, `${name}.pdf`), preferCSSPageSize: true, printBackground: false });
  await page.close();
}
await browser.close();
faults.forEach((fault) => console.log(fault));
console.log(`${files.length} pages, ${faults.length} faults`);
process.exitCode = faults.length === 0 && files.length > 0 ? 0 : 1;

/** What axe-core objects to. DevTools runs it, whatever the page's policy forbids to scripts. */
async function violations(page) {
  await page.evaluate(axe);
  // axe-core leaves the contrast of single signs and of drawings open: `faint` measures them.
  const { violations, incomplete } = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), TAGS);
  const open = incomplete.filter(({ id }) => id !== "color-contrast");
  return [...violations, ...open].flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

/** Text of less than 4.5 to 1 against what it stands on (WCAG 1.4.3). */
function faint(page) {
  return page.evaluate(() => {
    const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
    const light = (colour) => {
      const [r, g, b] = numbers(colour).map((n) => (n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const clear = (colour) => numbers(colour)[3] === 0;
    const ground = (element) => {
      if (element.localName === "text") return getComputedStyle(element.parentElement.querySelector("rect")).fill;
      while (element && clear(getComputedStyle(element).backgroundColor)) element = element.parentElement;
      return element ? getComputedStyle(element).backgroundColor : "rgb(255, 255, 255)";
    };
    const texts = [...document.querySelectorAll("body *")].filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    return texts.filter((element) => element.localName !== "title").flatMap((element) => {
      const style = getComputedStyle(element);
      const colours = [light(element.localName === "text" ? style.fill : style.color), light(ground(element))].sort((a, b) => b - a);
      const ratio = (colours[0] + 0.05) / (colours[1] + 0.05);
      return ratio >= 4.5 ? [] : [`contrast ${ratio.toFixed(2)}: ${element.outerHTML.slice(0, 100)}`];
    });
  });
}

/** Elements that reach beyond the window. */
function wide(page) {
  return page.evaluate(() => {
    const most = document.documentElement.clientWidth;
    // What scrolls by itself may hold more than it shows, if the keyboard reaches it.
    const scrolls = (element) => element.parentElement?.closest("[role=region][tabindex]");
    const seen = [...document.querySelectorAll("body *:not(.skip)")].filter((element) => element.checkVisibility() && !scrolls(element));
    return seen.filter((element) => element.getBoundingClientRect().right > most + 1).map((element) => element.outerHTML.slice(0, 120));
  });
}

/** Text that paper would not show, the means to move about aside. */
function hidden(page) {
  return page.evaluate(() => {
    const kept = [...document.querySelectorAll("main *, header *, footer *")].filter((element) => !element.closest("svg"));
    const told = kept.filter((element) => element.textContent.trim() && !element.checkVisibility());
    return told.map((element) => element.outerHTML.slice(0, 120));
  });
}

/** One h1, headings without a jump, each table with a caption and headers that say what they head. */
function structure(page) {
  return page.evaluate(() => {
    const faults = [];
    const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => Number(heading.localName[1]));
    if (levels.filter((level) => level === 1).length !== 1) faults.push("not one h1");
    levels.forEach((level, n) => n > 0 && level > levels[n - 1] + 1 && faults.push(`heading ${n} jumps to h${level}`));
    document.querySelectorAll("table").forEach((table, n) => table.caption?.textContent.trim() || faults.push(`table ${n} has no caption`));
    document.querySelectorAll("th:not([scope])").forEach((th) => faults.push(`no scope: ${th.outerHTML}`));
    document.querySelectorAll("svg").forEach((svg) => svg.querySelector("title") || faults.push("a drawing has no title"));
    if (document.querySelector("script, link, img, iframe, [style], [onclick]")) faults.push("a script, a request or a style attribute");
    if (!/^(fr|en)$/.test(document.documentElement.lang)) faults.push("no language");
    return faults;
  });
}
