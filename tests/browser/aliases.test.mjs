// Making and changing an alias with the keyboard alone; Esc leaves a deletion without one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { at, focusOn, heading, openAccount, signIn, useDemo, withPage } from "./harness.mjs";

useDemo();

test("an alias is made, changed and kept with the keyboard alone", () =>
  withPage({}, async (page) => {
    await signIn(page, "manager");
    const account = await openAccount(page, "sara");
    const domain = account.split("@")[1];
    await page.goto(at(`/domains/${domain}/aliases/new`));
    await focusOn(page, "#local");
    await page.keyboard.type("keys");
    await page.keyboard.press("Tab");
    await page.keyboard.type("nonsense");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("“nonsense” is not an email address.", { exact: true }).waitFor();
    await focusOn(page, "#targets");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(account);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Created.", { exact: true }).waitFor();
    await heading(page, "keys@");

    await page.goto(at(`/aliases/keys@${domain}/edit`));
    await focusOn(page, "#targets");
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.press("Enter");
    await page.keyboard.type("someone@elsewhere.example");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Saved.", { exact: true }).waitFor();
    assert.equal(await page.locator("section[aria-labelledby=targets] li").count(), 2);

    await page.goto(at(`/aliases/keys@${domain}/delete`));
    await focusOn(page, "h1");
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.pathname.endsWith("/delete"));
    await heading(page, "keys@");
  }));
