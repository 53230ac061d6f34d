// The whole job with the keyboard alone: whatever is needed can be reached, and nothing destructive has the focus.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addressIn, at, currentPassword, demo, focusOn, openAccount, shownPassword, signIn, useDemo, withPage } from "./harness.mjs";

useDemo();

const focused = (page) => page.evaluate(() => document.activeElement?.textContent.trim() ?? "");

/** Presses Tab until the focus is on what begins with that text. */
async function tabTo(page, text) {
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await focused(page)).startsWith(text)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`60 times Tab did not reach “${text}” on ${page.url()}`);
}

test("a password is reset with the keyboard alone", () =>
  withPage({}, async (page) => {
    await page.goto(at("/sign-in"));
    await focusOn(page, "#name");
    await page.keyboard.type(demo.people.operator.name);
    await page.keyboard.press("Tab");
    await page.keyboard.type(demo.people.operator.password);
    await page.keyboard.press("Enter");
    await page.getByRole("searchbox").first().waitFor();
    await focusOn(page, "input[type=search]");
    await page.keyboard.type("sara");
    await page.locator("[data-hits] a").first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/accounts\//);
    const address = addressIn(page.url());

    await tabTo(page, "Actions");
    await page.keyboard.press("Enter");
    await tabTo(page, "Reset password…");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /^Reset the password of/ }).waitFor();
    // Not the button that resets.
    await focusOn(page, "h1");
    await tabTo(page, "Reset password");
    await page.keyboard.press("Enter");
    assert.equal(await shownPassword(page), await currentPassword(address));
    await focusOn(page, "h1");
  }));

test("Esc leaves the confirmation without a reset", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "emma");
    const before = await currentPassword(address);
    await page.goto(at(`/accounts/${address}/reset`));
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.pathname.endsWith("/reset"));
    assert.equal(addressIn(page.url()), address);
    assert.equal(await currentPassword(address), before);
  }));
