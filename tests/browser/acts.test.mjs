// How few acts lead from the search to a new password, counted, and the keys that spare some.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addressIn, at, currentPassword, focusOn, heading, openAccount, resetsOf, shownPassword, signIn, useDemo, withPage } from "./harness.mjs";

useDemo();

/** Counts what a person does, besides the letters that are looked for. */
function counted(page) {
  const acts = { keys: 0, clicks: 0 };
  return {
    acts,
    press: (key) => page.keyboard.press(key, (acts.keys += 1)),
    click: (place) => place.click((acts.clicks += 1)),
  };
}

test("three letters and four keys lead from the search to a new password, where there is more than one hit", (told) =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    await focusOn(page, "#q");
    const { acts, press } = counted(page);
    await page.keyboard.type("axe");
    await page.locator("#q[data-search=axe]").waitFor();
    // Nothing opens that might be somebody else's: the first hit gets the focus.
    await press("Enter");
    await focusOn(page, "[data-hits] li:first-child .hit");
    await press("Enter");
    await page.waitForURL(/\/accounts\//);
    const address = addressIn(page.url());
    await focusOn(page, "a.button[href$='/reset']");
    await press("Enter");
    await heading(page, "Reset the password of");
    await focusOn(page, "h1");
    await press("Control+Enter");
    assert.equal(await shownPassword(page), await currentPassword(address));
    told.diagnostic(`3 letters, ${acts.keys} keys, ${acts.clicks} clicks`);
    assert.deepEqual(acts, { keys: 4, clicks: 0 });
  }));

for (const javaScriptEnabled of [true, false]) {
  test(`two clicks lead from a hit to a new password, ${javaScriptEnabled ? "with" : "without"} JavaScript`, (told) =>
    withPage({ javaScriptEnabled }, async (page) => {
      await signIn(page, "operator");
      // Several hits: a single one opens by itself.
      await page.goto(at("/?q=an"));
      const { acts, click } = counted(page);
      await click(page.locator(".hits a[href$='/reset']").nth(javaScriptEnabled ? 0 : 1));
      await heading(page, "Reset the password of");
      const address = addressIn(page.url());
      await click(page.getByRole("button", { name: "Reset password", exact: true }));
      assert.equal(await shownPassword(page), await currentPassword(address));
      assert.equal(await resetsOf(address), 1);
      told.diagnostic(`${acts.keys} keys, ${acts.clicks} clicks`);
      assert.deepEqual(acts, { keys: 0, clicks: 2 });

      await page.getByRole("link", { name: "Close" }).click();
      await page.locator("#lately").waitFor();
      await focusOn(page, "#q");
      assert.equal(await page.locator(".hits .address").first().textContent(), address);
    }));
}

test("a key that is held down confirms nothing", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "lars");
    await focusOn(page, "a.button[href$='/reset']");
    for (const _ of Array(20)) await page.keyboard.down("Enter");
    await heading(page, "Reset the password of");
    for (const _ of Array(20)) await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    assert.equal(await resetsOf(address), 0);
  }));

test("the keys are shown on any page without leaving it, and lead to the search and back to the work", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "emma");
    await page.goto(at(`/accounts/${address}/reset`));
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "hidden" });
    assert.equal(addressIn(page.url()), address, "Esc has closed the keys and nothing else");
    await page.locator("#ticket").press("/");
    assert.equal(await page.locator("#ticket").inputValue(), "/");
    await page.locator("#ticket").fill("");
    await page.locator("main h1").focus();
    await page.keyboard.press("/");
    await page.waitForURL((url) => url.pathname === "/");
    await focusOn(page, "#q");
  }));
