// Passkeys, with an authenticator of Chromium's own: added, used alone, after the password, and before a reset.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addPasskey, at, copied, currentPassword, demo, heading, openAccount, plugIn, shownPassword } from "./harness.mjs";
import { proves, signIn, useDemo, withPage } from "./harness.mjs";

useDemo();

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

test("a passkey is added once, and signs in without name or password", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const key = await plugIn(page);
    await page.goto(at("/profile/passkeys/new"));
    await proves(page, "operator");
    assert.match(await page.getByLabel("Name").inputValue(), /Chrome on Linux/);
    await addPasskey(page, "The <b>blue</b> key", "operator");
    await heading(page, "Your recovery codes");
    const codes = await page.locator(".codes code").allTextContents();
    assert.deepEqual((await copied(page, "Copy")).split("\n"), codes);
    await page.getByRole("button", { name: "Print", exact: true }).waitFor();
    assert.equal(await key.holds(), 1);
    await page.getByRole("link", { name: "I’ve saved them" }).click();
    await page.getByText("The <b>blue</b> key", { exact: true }).waitFor();

    await addPasskey(page, "Once more", "operator");
    await page.getByRole("alert").getByText("has a passkey for you here already").waitFor();
    assert.equal(await key.holds(), 1);

    await press(page, "Sign out");
    await page.goto(at("/domains/example.se"));
    await press(page, "Sign in with a passkey");
    await page.waitForURL(at("/domains/example.se"));
    await page.getByRole("link", { name: demo.people.operator.name }).waitFor();

    await press(page, "Sign out");
    await key.turn(false);
    await press(page, "Sign in with a passkey");
    await page.getByRole("alert").getByText(/^That was cancelled, took too long/).waitFor();
    await key.turn(true);
    await press(page, "Sign in with a passkey");
    await page.getByRole("link", { name: demo.people.operator.name }).waitFor();
  }));

test("after the password a passkey will do, and none that is not there", () =>
  withPage({}, async (page) => {
    await signIn(page, "manager");
    const key = await plugIn(page, { transport: "usb" });
    await addPasskey(page, "On the key ring", "manager");
    await heading(page, "Your recovery codes");
    await page.goto(at("/"));
    await press(page, "Sign out");
    await page.getByLabel("Name").fill(demo.people.manager.name);
    await page.getByLabel("Password").fill(demo.people.manager.password);
    await press(page, "Sign in");
    await heading(page, "Enter your code");
    await press(page, "Use a passkey");
    await page.getByRole("link", { name: demo.people.manager.name }).waitFor();

    await page.goto(at("/profile"));
    await page.getByRole("link", { name: "Remove On the key ring" }).click();
    await page.getByRole("link", { name: "Use a passkey instead" }).click();
    await press(page, "Use a passkey");
    await heading(page, "Remove On the key ring");
    await press(page, "Remove");
    await page.getByText("The passkey is removed.").waitFor();
    await press(page, "Sign out");
    assert.equal(await key.holds(), 1, "the key doesn't know");
    await press(page, "Sign in with a passkey");
    await page.getByRole("alert").getByText("That did not work.").waitFor();
  }));

test("a passkey proves who one is before a reset, and nothing that was typed is lost", () =>
  withPage({}, async (page) => {
    await signIn(page, "admin");
    await plugIn(page);
    await addPasskey(page, "Mine", "admin");
    await heading(page, "Your recovery codes");
    const address = await openAccount(page, "hanna");
    // As the panel does when the last proof is too old.
    const next = new URL(at(`/accounts/${address}/reset?ticket=INC-812`)).pathname;
    await page.goto(at(`/sign-in/again?next=${encodeURIComponent(`${next}?ticket=INC-812`)}`));
    await heading(page, "Confirm it’s you");
    await press(page, "Use a passkey");
    await heading(page, "Reset the password of");
    assert.equal(await page.locator("#ticket").inputValue(), "INC-812");
    await press(page, "Reset password");
    assert.equal(await shownPassword(page), await currentPassword(address));
  }));

test("without JavaScript the pages say that passkeys need it, and everything else works", () =>
  withPage({ javaScriptEnabled: false }, async (page) => {
    await page.goto(at("/sign-in"));
    await page.getByText("Passkeys need JavaScript.").waitFor();
    assert.ok(await page.getByRole("button", { name: "Sign in with a passkey" }).isDisabled());
    await signIn(page, "viewer");
    await page.goto(at("/profile/passkeys/new"));
    await proves(page, "viewer");
    await page.getByText("Passkeys need JavaScript.").waitFor();
  }));
