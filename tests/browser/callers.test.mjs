// Who asks is checked before a reset, where the company wants it: by keyboard, and on every size and colour of page.

import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";

import { at, focusOn, heading, openAccount, shownPassword, signIn, useDemo, withPage } from "./harness.mjs";
import { WIDE, tour } from "./looks.mjs";

const file = path.join(tmpdir(), `nyckel-caller-checks-${process.pid}.toml`);
writeFileSync(file, `
[way.call-back]
label = "Called back"
label_sv = "Ringde upp"
instruction = "Call the number in the staff register, not the one that the caller gives."
instruction_sv = "Ring numret i personalregistret, inte det som uppges i samtalet."
asks = "Number called"
asks_sv = "Nummer som ringdes"
[way.in-person]
label = "Recognised in person"
label_sv = "Kände igen personen"
instruction = "You know the person, and they stand in front of you."
instruction_sv = "Du känner personen och har den framför dig."
[[rule]]
for = ["*@*"]
ways = ["call-back", "in-person"]
`);
after(() => rmSync(file));
useDemo(undefined, { NYCKEL_CALLER_CHECKS_FILE: file });

const text = (page) => page.locator("#caller-call-back");

test("somebody says by keyboard how they checked who asks, and gets the password", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    await openAccount(page, "eri");
    await page.goto(page.url().replace(/\/?$/, "/reset"));
    await heading(page, "Reset the password of");
    assert.equal(await page.locator("[name=caller]:checked").count(), 0);
    assert.equal(await text(page).isVisible(), false, "what a way asks for waits until it is chosen");
    await page.locator("[name=caller]").first().focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await focusOn(page, "#caller-call-back");
    await page.keyboard.type("08-123 45 67");
    await page.keyboard.press("Enter");
    await heading(page, "New password for");
    assert.ok(await shownPassword(page));
  }));

for (const [theme, locale] of [["light", "en-GB"], ["dark", "sv-SE"]]) {
  const options = { colorScheme: theme, locale, viewport: WIDE, reducedMotion: "reduce" };

  test(`the pages that ask who asks look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees, seesNow } = tour(page, theme);
      await signIn(page, "admin");
      await openAccount(page, "ann");
      const account = page.url();
      await page.goto(account.replace(/\/?$/, "/reset"));
      await sees("callers");
      await page.locator("[name=caller][value=call-back]").check();
      await page.locator("main form .button-danger").click();
      await text(page).waitFor();
      await seesNow("callers-wrong");
      await text(page).fill("08-123 45 67");
      await page.locator("main form .button-danger").click();
      await page.locator("code#password").waitFor();
      const operation = page.url();
      await page.goto(at("/"));
      await page.goto(operation);
      await sees("callers-shown");
      await page.goto(account);
      await sees("callers-history");
    }));
}
