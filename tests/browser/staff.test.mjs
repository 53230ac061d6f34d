// Somebody comes to the staff: invited by an admin, with a password and a second factor of their own, without JavaScript.

import assert from "node:assert/strict";
import { test } from "node:test";

import { at, codeOf, copied, currentPassword, proves, shownPassword, signIn, useDemo, withPage } from "./harness.mjs";

useDemo();

const PASSWORD = "four words in a row";

const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();

/** The link that an admin passes on. */
async function invited(name) {
  let link;
  await withPage({}, async (page) => {
    await signIn(page, "admin");
    await page.goto(at("/staff/new"));
    await proves(page, "admin");
    await page.getByLabel("User name").fill(name);
    await page.getByLabel("Display name").fill(`${name[0].toUpperCase()}${name.slice(1)} Ek`);
    await page.getByLabel("In all domains").selectOption("operator");
    await press(page, "Create invitation link");
    link = await page.locator("#link").textContent();
    assert.equal(await copied(page, "Copy"), link);
  });
  return link;
}

test("whoever is invited sets a password and a second factor, and resets with them, without JavaScript", async () => {
  const link = await invited("nils");
  await withPage({ javaScriptEnabled: false }, async (page) => {
    await page.goto(link);
    await page.getByLabel("New password").fill(PASSWORD);
    await press(page, "Set the password");
    await page.getByLabel("Name").fill("nils");
    await page.getByLabel("Password").fill(PASSWORD);
    await press(page, "Sign in");
    await page.getByRole("link", { name: "Nils Ek" }).click();
    await page.getByRole("link", { name: "Set up…" }).click();
    await page.getByLabel("Your password, nils").fill(PASSWORD);
    await press(page, "Continue");
    await page.getByLabel("Code", { exact: true }).fill(codeOf(await page.locator("#key").textContent()));
    await press(page, "Turn on");
    const recovery = await page.locator(".codes code").first().textContent();
    await page.getByRole("link", { name: "I’ve saved them" }).click();
    await press(page, "Sign out");

    await page.getByLabel("Name").fill("nils");
    await page.getByLabel("Password").fill(PASSWORD);
    await press(page, "Sign in");
    await page.getByLabel("Code", { exact: true }).fill("000000");
    await press(page, "Sign in");
    await page.getByText("That code didn’t work.").waitFor();
    await page.getByLabel("Password").fill(PASSWORD);
    await press(page, "Sign in");
    await page.getByLabel("Code", { exact: true }).fill(recovery);
    await press(page, "Sign in");
    await page.getByRole("link", { name: "Nils Ek" }).waitFor();

    await page.goto(at("/?q=sara"));
    await page.locator("main a[href*='/accounts/']").first().click();
    const address = decodeURIComponent(new URL(page.url()).pathname.split("/").at(-1));
    await page.goto(at(`/accounts/${address}/reset`));
    await press(page, "Reset password");
    assert.equal(await shownPassword(page), await currentPassword(address));
  });
});

test("whoever used the link can't use it again, and nobody else is let in by it", async () => {
  const link = await invited("ylva");
  await withPage({}, async (page) => {
    await page.goto(link);
    await page.getByLabel("New password").fill(PASSWORD);
    await press(page, "Set the password");
    await page.goto(link);
    await page.getByRole("heading", { name: "This link can’t be used" }).waitFor();
  });
});
