// The one thing that must never go wrong, through a real browser: a reset is done once and its password is seen once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addressIn, at, currentPassword, goBack, goForward, openAccount, reset } from "./harness.mjs";
import { resetsOf, shownPassword, signIn, useDemo, withPage } from "./harness.mjs";

useDemo();

test("a person finds an account by three letters, resets it and reads the new password", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    assert.equal(await page.evaluate(() => document.activeElement.type), "search", "the search has the focus");
    await page.keyboard.type("eri");
    await page.locator("[data-hits] a").first().waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/accounts\//);
    const address = addressIn(page.url());
    assert.match(address, /eri/);

    const before = await currentPassword(address);
    const password = await reset(page);
    assert.notEqual(password, before);
    assert.equal(password, await currentPassword(address));
    assert.equal(await resetsOf(address), 1);

    await page.getByRole("link", { name: "Close" }).waitFor();
    // The page ignores the second half of a double click for a moment.
    await page.waitForTimeout(1600);
    await page.getByRole("link", { name: "Close" }).click();
    await page.getByText("Password reset").first().waitFor();
    assert.equal(addressIn(page.url()), address);
  }));

test("reload, back and forward do not show a password again", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "maria");
    const password = await reset(page);
    const result = page.url();

    const isGone = async (when) => {
      await page.getByRole("heading", { level: 1 }).waitFor();
      assert.equal((await page.content()).includes(password), false, `shown again after ${when}`);
      assert.equal((await page.locator("body").innerText()).replaceAll(/\s/g, "").includes(password), false, when);
    };
    await page.reload();
    await page.getByRole("heading", { level: 1, name: /^Already shown/ }).waitFor();
    await isGone("reload");
    await goBack(page);
    await isGone("back to the confirmation");
    await goForward(page);
    await isGone("forward");
    await page.goto(result);
    await isGone("the address typed again");
    assert.equal(await resetsOf(address), 1);
  }));

test("back to a page that showed a password finds it wiped", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    await openAccount(page, "karin");
    const password = await reset(page);
    await page.goto(at("/"));
    await goBack(page);
    await page.getByRole("heading", { level: 1, name: /^Already shown/ }).waitFor();
    assert.equal((await page.content()).includes(password), false);
  }));

test("a double click resets once and still ends at the password", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "lars");
    await page.goto(at(`/accounts/${address}/reset`));
    await page.getByRole("button", { name: "Reset password" }).dblclick({ delay: 40 });
    assert.equal(await shownPassword(page), await currentPassword(address));
    assert.equal(await resetsOf(address), 1);
  }));

test("the copied password is the password, sign by sign", () =>
  withPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "johan");
    await reset(page);
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByText("Copied", { exact: true }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await currentPassword(address));
  }));

test("the whole job is done without JavaScript", () =>
  withPage({ javaScriptEnabled: false }, async (page) => {
    await signIn(page, "operator");
    await page.getByRole("searchbox").first().fill("ingrid");
    await page.getByRole("button", { name: "Find" }).first().click();
    await page.locator('a[href*="/accounts/"]').first().click();
    const address = addressIn(page.url());
    const password = await reset(page);
    assert.equal(password, await currentPassword(address));
    await page.reload();
    await page.getByRole("heading", { level: 1, name: /^Already shown/ }).waitFor();
    assert.equal((await page.content()).includes(password), false);
  }));

test("a viewer sees the reset, cannot take it, and reads why", () =>
  withPage({}, async (page) => {
    await signIn(page, "viewer");
    const address = await openAccount(page, "anna");
    await page.locator("summary", { hasText: "Actions" }).click();
    assert.equal(await page.getByRole("link", { name: "Reset password…" }).count(), 0);
    await page.getByText("Reset password…").waitFor();
    const answer = await page.goto(at(`/accounts/${address}/reset`));
    assert.equal(answer.status(), 403);
    assert.equal(await resetsOf(address), 0);
  }));
