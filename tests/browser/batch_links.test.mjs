// Several passwords are reset by link; links and codes are downloaded one time, with and without JavaScript; every page looks
// right on every size and colour.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { at, comesTo, heading, signIn, useDemo, withPage } from "./harness.mjs";
import { WIDE, tour } from "./looks.mjs";

useDemo();

const DOMAIN = "nordvik.example";

/** Selects the first accounts of the domain that can be, and goes on to the confirmation. */
async function chooses(page, count) {
  await page.goto(at(`/domains/${DOMAIN}/bulk`));
  await page.locator("#action").selectOption("give_links");
  const boxes = page.locator("input[name=account]:enabled");
  for (let place = 0; place < count; place += 1) await boxes.nth(place).check();
  await page.locator("form.selecting .button-main").click();
  await page.locator("#changed").waitFor();
}

/** Presses a button that gives a file, and reads it. */
async function downloads(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(button).click()]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without";

  test(`links and codes of several accounts are downloaded one time, ${how} JavaScript`, () =>
    withPage({ javaScriptEnabled }, async (page) => {
      await signIn(page, "operator");
      await chooses(page, 2);
      await page.getByRole("button", { name: "Reset 2 passwords" }).click();
      await comesTo(page, "Links and codes of 2 accounts are ready.", javaScriptEnabled);
      const file = await downloads(page, "button[name=files][value=one]");
      assert.match(file.name, /^nordvik\.example-links-and-codes-[0-9-]{10}\.csv$/);
      const [top, ...rows] = file.text.trim().split("\r\n");
      assert.ok(file.text.startsWith("\ufeff"), "made for Excel");
      assert.equal(top, "\"address\",\"link\",\"code\"");
      assert.equal(rows.length, 2);
      for (const row of rows) assert.match(row, /^"[^"]+@nordvik\.example","http[^"]+\/hand-over\/[^"]{43}","\d{4}–\d{4}"$/);
      await page.getByRole("link", { name: "When you have it, look at this page again" }).click();
      await page.getByText("Links and codes of 2 accounts were given out").waitFor();
      await page.getByRole("button", { name: "Revoke 2 links" }).click();
      await page.getByRole("button", { name: "Try 2 accounts again" }).waitFor();
    }));
}

for (const [theme, locale] of [["light", "en-GB"], ["dark", "sv-SE"]]) {
  const options = { colorScheme: theme, locale, viewport: WIDE, reducedMotion: "reduce" };

  test(`the pages of resets by link look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees, seesNow } = tour(page, theme);
      await signIn(page, "manager");
      await chooses(page, 3);
      await sees("batch-links-confirm");
      await page.locator("form[action$='/begin'] .button-main").click();
      await page.locator("form[action$='/links']").waitFor({ timeout: 20_000 });
      await heading(page, locale === "sv-SE" ? "Återställ lösenord" : "Reset passwords");
      await sees("batch-links-ready");
      const file = await downloads(page, "button[name=files][value=two]");
      assert.match(file.name, /\.zip$/);
      assert.ok(file.text.startsWith("PK"));
      await seesNow("batch-links-downloaded");
      await page.locator("form[action$='/links'] a").click();
      await page.locator("form[action$='/revoke'] button").waitFor();
      await sees("batch-links-given");
      await page.locator("form[action$='/revoke'] button").click();
      await page.locator("form[action$='/begin'] button").waitFor();
      await sees("batch-links-revoked");
    }));
}
