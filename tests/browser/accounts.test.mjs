// Accounts are created and edited with the keyboard alone; what somebody else changed meanwhile is shown before it is saved.

import assert from "node:assert/strict";
import { test } from "node:test";

import { at, currentPassword, focusOn, heading, openAccount, shownPassword, signIn, useDemo, withPage } from "./harness.mjs";

useDemo();

const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();

test("an account is created with the keyboard alone, and its password is the one that works", () =>
  withPage({}, async (page) => {
    await signIn(page, "manager");
    await page.goto(at("/domains/example.se"));
    await page.getByRole("link", { name: "New account…" }).press("Enter");
    await heading(page, "New account in");
    await focusOn(page, "#local");
    await page.keyboard.type("karin ny");
    await page.keyboard.press("Enter");
    await page.locator("#local-problem").waitFor();
    await focusOn(page, "#local");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("karin.ny");
    // Twice, as people do.
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await heading(page, "New account, with the password for");
    assert.equal(await shownPassword(page), await currentPassword("karin.ny@example.se"));
    await page.getByRole("link", { name: "Close" }).press("Enter");
    await page.getByText("Account created. Its password was shown to you at").waitFor();
  }));

for (const javaScriptEnabled of [true, false]) {
  test(`two people edit one account, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () =>
    withPage({ javaScriptEnabled }, async (page) => {
      await signIn(page, "manager");
      const address = await openAccount(page, javaScriptEnabled ? "sara" : "emma");
      await page.goto(at(`/accounts/${address}/edit`));
      const quota = await page.locator("#quota").inputValue();
      await withPage({}, async (theirs) => {
        await signIn(theirs, "admin");
        await theirs.goto(at(`/accounts/${address}/edit`));
        await theirs.locator("#quota").fill("77");
        await theirs.locator("#spam").selectOption("1");
        await press(theirs, "Save");
        await theirs.getByText("Saved.").waitFor();
      });
      await page.locator("#quota").fill("55");
      await page.locator("#text").fill("\nTwo\nlines");
      await page.locator("#quota").press("Enter");
      await page.getByRole("heading", { name: "Someone changed this while you were editing" }).waitFor();
      await page.getByText("Now: 77 GiB; you have: 55 GiB.").waitFor();
      assert.notEqual(quota, "55");
      assert.equal(await page.locator("#quota").inputValue(), "55");
      assert.equal(await page.locator("#spam").inputValue(), "1", "what was not touched is what it is now");
      assert.equal(await page.locator("#text").inputValue(), "\nTwo\nlines");
      // Not the button.
      await focusOn(page, "h1");
      await press(page, "Save");
      await page.getByText("Saved.").waitFor();
      await page.goto(at(`/accounts/${address}/edit`));
      assert.equal(await page.locator("#text").inputValue(), "\nTwo\nlines");
      await press(page, "Save");
      await page.getByText("Nothing to save.").waitFor();
    }));
}

test("deleting is confirmed by the address, and Esc leaves", () =>
  withPage({}, async (page) => {
    await signIn(page, "manager");
    const address = await openAccount(page, "maria");
    await page.locator("details[data-menu] summary").click();
    await page.getByRole("link", { name: "Delete…" }).click();
    await heading(page, "Delete the account");
    // Not the dangerous button.
    await focusOn(page, "h1");
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.pathname.endsWith("/delete"));
    await page.goto(at(`/accounts/${address}/delete`));
    await page.locator("#address").fill("somebody@example.se");
    await page.keyboard.press("Enter");
    await page.locator("#address-problem").waitFor();
    await page.locator("#address").fill(address.toUpperCase());
    await page.keyboard.press("Enter");
    await heading(page, "Deleted:");
  }));

test("Esc leaves a form only while nothing was typed into it", () =>
  withPage({}, async (page) => {
    await signIn(page, "manager");
    const address = await openAccount(page, "maria");
    await page.goto(at(`/accounts/${address}/edit`));
    await page.locator("#quota").fill("7");
    await page.keyboard.press("Escape");
    await page.locator("#text").fill("Away");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#quota").inputValue(), "7");
    await page.goto(at(`/accounts/${address}/edit`));
    await page.locator("#quota").focus();
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.pathname.endsWith("/edit"));
  }));
