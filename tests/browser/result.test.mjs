// The page with the new password: copied exactly, hidden, covered, spelt, and not left by mistake.

import assert from "node:assert/strict";
import { test } from "node:test";

import { at, currentPassword, heading, openAccount, reset, shownPassword, signIn, simulator, useDemo, withPage } from "./harness.mjs";

useDemo();

// Markup, spaces at the ends and side by side, a sign beyond ASCII, one beyond 16 bits, and one that turns the text round.
const ODD = [` S3cr3t}pw! <&>"'\\ \`å  x `, "&lt;b&gt;\u{202e}abc\u{1f511}\u{a0}z"];
const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };

/** What the clipboard holds. The panel's own pages may not read it, so a page beside them does. */
async function clipboard(context) {
  const page = await context.newPage();
  await page.route("**", (route) => route.fulfill({ contentType: "text/html", body: "<title>clipboard</title>" }));
  await page.goto(at("/clipboard"));
  await page.bringToFront();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  await page.close();
  return text;
}

async function copies(page, context, password) {
  await page.locator("[data-copy=password]").click();
  await page.getByText("Copied", { exact: true }).waitFor();
  assert.equal(await clipboard(context), password);
}

test("the copied password is the password, character by character", () =>
  withPage(CLIPBOARD, async (page, context) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "johan");
    const password = await reset(page);
    assert.equal(password, await currentPassword(address));
    await copies(page, context, password);
    await page.goto(at(`/accounts/${await openAccount(page, "jack")}`));
    await simulator("passwords", ODD);
    for (const odd of ODD) {
      assert.equal(await reset(page), odd);
      await copies(page, context, odd);
      await page.goto(at(`/accounts/${await openAccount(page, "jack")}`));
    }
  }));

test("paper never holds a password", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    await openAccount(page, "erik");
    await reset(page);
    await page.locator(".reveal-spell summary").click();
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.getByText("The password is never printed.").isVisible());
    for (const secret of await page.locator("[data-secret]").all()) assert.equal(await secret.isVisible(), false);
  }));

test("where the browser has no clipboard of its own, as over plain http, the password is copied all the same", () =>
  withPage(CLIPBOARD, async (page, context) => {
    await page.addInitScript(() => delete Navigator.prototype.clipboard);
    await signIn(page, "operator");
    await openAccount(page, "olivia");
    await simulator("passwords", [ODD[0]]);
    await reset(page);
    assert.equal(await page.evaluate(() => navigator.clipboard), undefined);
    await copies(page, context, ODD[0]);
  }));

test("a password that is selected and copied by hand is the password too", () =>
  withPage(CLIPBOARD, async (page, context) => {
    await signIn(page, "operator");
    await openAccount(page, "peter");
    const password = await reset(page);
    await page.locator("#password").click();
    await page.keyboard.press("Control+c");
    assert.equal(await clipboard(context), password);
  }));

const isCovered = (page) => page.locator(".reveal").evaluate((node) => node.hasAttribute("data-covered"));

test("the password is hidden and shown by hand, and covered when the tab is hidden or two minutes are over", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    await openAccount(page, "daniel");
    await page.clock.install();
    await reset(page);
    const password = page.locator("#password");
    await password.waitFor({ state: "visible" });
    await page.getByRole("button", { name: "Hide" }).click();
    await password.waitFor({ state: "hidden" });
    await page.getByText(/^Hidden\./).waitFor();
    assert.equal(await page.locator(".spelling[lang=en]").isVisible(), false);
    await page.getByRole("button", { name: "Show" }).click();
    await password.waitFor({ state: "visible" });

    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
      delete document.hidden;
    });
    assert.equal(await isCovered(page), true, "the tab was hidden");
    await page.getByRole("button", { name: "Show" }).click();
    await page.clock.fastForward(119_000);
    assert.equal(await isCovered(page), false);
    await page.clock.fastForward(2_000);
    assert.equal(await isCovered(page), true, "two minutes are over");
  }));

test("the spelling names every sign", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    await openAccount(page, "emily");
    await simulator("passwords", ["aZ0 |\u{200b}"]);
    await reset(page);
    await page.locator("summary", { hasText: "Spell it" }).click();
    const read = () => page.locator(".spelling li:visible").evaluateAll((items) => items.map((item) => [...item.children].map((part) => part.textContent)));
    assert.deepEqual(await read(), [
      ["a", "lowercase a (Alfa)"],
      ["Z", "capital Z (Zulu)"],
      ["0", "digit zero"],
      ["", "space"],
      ["|", "vertical bar"],
      ["", "an invisible character (U+200B)"],
    ]);
    assert.equal(await page.locator(".spelling[lang=en] ol").nth(1).getAttribute("start"), "5", "in groups of four");
    // The caller understands Swedish: nothing is asked for again, or the page would be another.
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.getByLabel("Swedish (Adam, Bertil)").check();
    assert.deepEqual((await read()).slice(0, 2), [["a", "litet a som i Adam"], ["Z", "stort Z som i Zäta"]]);
    await page.getByLabel("NATO (Alfa, Bravo)").check();
    assert.equal((await read())[1][1], "capital Z (Zulu)");
    assert.deepEqual(asked, []);
  }));

test("leaving asks first, unless the password was copied or the page is closed", () =>
  withPage(CLIPBOARD, async (page) => {
    let asked = 0;
    page.on("dialog", (dialog) => (asked += dialog.type() === "beforeunload" ? 1 : 0));
    const leave = async () => {
      await page.getByRole("link", { name: "Overview" }).click();
      await page.waitForURL(at("/"));
    };
    await signIn(page, "operator");
    await openAccount(page, "george");
    await reset(page);
    await page.locator("summary", { hasText: "Spell it" }).click();
    await leave();
    assert.equal(asked, 1, "neither copied nor closed");

    await openAccount(page, "grace");
    await reset(page);
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByText("Copied", { exact: true }).waitFor();
    await leave();
    assert.equal(asked, 1, "copied");

    await openAccount(page, "freja");
    await reset(page);
    await page.waitForTimeout(1600);
    await page.getByRole("link", { name: "Close" }).click();
    await page.getByText(/Password reset\./).waitFor();
    assert.equal(asked, 1, "closed");
  }));

test("what is not a person's own visit shows nothing and uses nothing up", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "axel");
    await page.goto(at(`/accounts/${address}/reset`));
    await page.setExtraHTTPHeaders({ "sec-purpose": "prefetch" });
    await page.locator("main form button").click();
    await heading(page, "New password ready for");
    const password = await currentPassword(address);
    assert.equal((await page.content()).includes(password), false);
    await page.setExtraHTTPHeaders({});
    await page.getByRole("button", { name: "Show password" }).click();
    assert.equal(await shownPassword(page), password);
  }));
