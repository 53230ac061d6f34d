// The client settings of an account: copied, printed, and opened beside a new password without losing it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addressIn, at, copied, currentPassword, openAccount, reset, signIn, useDemo, withPage } from "./harness.mjs";

useDemo();

const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };

test("the settings are copied as text, a line a server", () =>
  withPage(CLIPBOARD, async (page) => {
    await signIn(page, "viewer");
    const address = await openAccount(page, "erik");
    await page.locator("summary", { hasText: "Actions" }).click();
    await page.getByRole("link", { name: "Mail app settings" }).click();
    const lines = (await copied(page, "Copy this text")).split("\n");
    assert.deepEqual(lines, [
      `User name: ${address}`,
      "Incoming mail (IMAP): imap.mail.example, port 993, SSL/TLS",
      "Outgoing mail (SMTP): smtp.mail.example, port 587, STARTTLS",
      "Webmail: https://webmail.mail.example/",
      `Help with setting up: ${at(`/client-settings/${address.split("@")[1]}`)}`,
    ]);
  }));

test("on paper stand the settings and the code, without what only a screen is for", () =>
  withPage({}, async (page) => {
    await page.addInitScript(() => (window.print = () => (document.body.dataset.printed = "yes")));
    await signIn(page, "viewer");
    const address = await openAccount(page, "karin");
    await page.goto(at(`/accounts/${address}/client-settings`));
    await page.getByRole("button", { name: "Print" }).click();
    assert.equal(await page.locator("body").getAttribute("data-printed"), "yes");
    await page.emulateMedia({ media: "print" });
    for (const shown of ["h1", "svg.qr", "#settings-link", "#values"]) assert.ok(await page.locator(shown).isVisible(), shown);
    for (const gone of [".bar", "#settings-text", "[data-print]"]) {
      assert.equal(await page.locator(gone).isVisible(), false, gone);
    }
  }));

test("opened from the new password, the settings stand in a tab of their own and the password stays", () =>
  withPage({}, async (page, context) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "grace");
    const password = await reset(page);
    const opened = context.waitForEvent("page");
    await page.getByRole("link", { name: "Mail app settings (new tab)" }).click();
    const settings = await opened;
    await settings.waitForLoadState();
    assert.equal(addressIn(settings.url()), address);
    assert.equal(await page.locator("#password").textContent(), password);
    assert.equal(await currentPassword(address), password);
  }));

test("without signing in and without script, the owner of a mailbox reads what to enter", () =>
  withPage({ javaScriptEnabled: false, locale: "sv-SE", viewport: { width: 320, height: 640 } }, async (page) => {
    await page.goto(at("/client-settings/example.se"));
    await page.getByRole("heading", { name: "E-postinställningar" }).waitFor();
    await page.getByText("imap.mail.example").waitFor();
    const profile = await page.request.get(await page.getByRole("link", { name: "Ladda ner profilen" }).evaluate((a) => a.href));
    assert.equal(profile.headers()["content-type"], "application/x-apple-aspen-config");
  }));
