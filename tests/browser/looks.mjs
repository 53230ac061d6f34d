// What looking right means for every page: valid HTML, no accessibility rule broken, nothing to scroll sideways on a narrow
// phone. With a folder in NYCKEL_SHOTS a picture of every page is left there.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";

import { AxeBuilder } from "@axe-core/playwright";
import { HtmlValidate } from "html-validate";

import { documentOf, root } from "./harness.mjs";

export const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 700 };
const NARROW = { width: 320, height: 640 };

const html = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    // Boxes of one name are one choice of several.
    "form-dup-name": ["error", { shared: ["radio", "button", "reset", "submit", "checkbox"] }],
    "tel-non-breaking": ["error", { ignoreClasses: ["number-to-call"] }],
  },
});

export async function isValid(page) {
  const response = documentOf(page);
  const { results } = await html.validateString(await response.text());
  const told = results.flatMap(({ messages }) => messages.map((m) => `${m.ruleId}: ${m.message} (line ${m.line})`));
  assert.deepEqual(told, [], `HTML of ${response.url()}`);
}

export async function looksRight(page, name, theme) {
  await picture(page, name, theme, WIDE);
  // Without a page of axe's own beside it, which would hide this one.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
  assert.deepEqual(told, [], `${name} in ${theme}`);
  await page.setViewportSize(NARROW);
  const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
  assert.ok(width <= NARROW.width, `${name} is ${width} px wide on a screen of ${NARROW.width}`);
  await picture(page, name, theme, NARROW);
  await page.setViewportSize(WIDE);
}

async function picture(page, name, theme, { width }) {
  const folder = process.env.NYCKEL_SHOTS;
  if (folder) await page.screenshot({ path: path.join(folder, `${name}-${width}-${theme}.png`), fullPage: true });
}

/** Renews a picture of the README, where that is asked for. */
export async function forReadme(page, name, theme) {
  if (!process.env.NYCKEL_SCREENSHOTS || theme !== "light") return;
  await mkdir(path.join(root, "docs"), { recursive: true });
  await page.screenshot({ path: path.join(root, "docs", name) });
}

/** The same of a page on a phone. */
export async function forReadmeOnPhone(page, name, theme) {
  await page.setViewportSize(PHONE);
  await forReadme(page, name, theme);
  await page.setViewportSize(WIDE);
}

/** What a person who looks around takes in, in a theme. */
export const tour = (page, theme) => ({
  /** Looks at the page as it came. */
  sees: async (name) => {
    await isValid(page);
    await looksRight(page, name, theme);
  },
  /** Looks at the page in a state that it took since. */
  seesNow: (name) => looksRight(page, name, theme),
});
