// The one thing that must never go wrong, through a real browser: a reset is done once and its password is seen once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addressIn, at, confirmReset, currentPassword, demo, goBack, goForward, heading, openAccount } from "./harness.mjs";
import { focusOn, reset, resetsOf, shownPassword, signIn, simulator, useDemo, withPage } from "./harness.mjs";

useDemo();

test("a person finds an account by three letters, resets it, reads the new password and closes", () =>
  withPage({}, async (page) => {
    await page.goto(at("/sign-in"));
    await page.getByLabel("Name").fill(demo.people.operator.name);
    await page.getByLabel("Password").fill(demo.people.operator.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL(at("/"));
    await focusOn(page, "input[type=search]");
    await page.keyboard.type("eri");
    await page.locator("[data-hits] a").first().waitFor();
    assert.equal(new URL(page.url()).search, "?q=eri");
    // Of several the first, which opens with the next Enter.
    await page.keyboard.press("Enter");
    await focusOn(page, "[data-hits] li:first-child .hit");
    assert.equal(new URL(page.url()).pathname, "/");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/accounts\//);
    const address = addressIn(page.url());
    assert.match(address, /eri/);

    const before = await currentPassword(address);
    await page.locator("summary", { hasText: "Actions" }).click();
    await page.getByRole("link", { name: "Reset password…" }).first().click();
    await heading(page, "Reset the password of");
    await page.getByRole("button", { name: "Reset password" }).click();
    await heading(page, "New password for");
    const password = await shownPassword(page);
    assert.notEqual(password, before);
    assert.equal(password, await currentPassword(address));
    assert.equal(await resetsOf(address), 1);

    // The page ignores the second half of a double click for a moment.
    await page.waitForTimeout(1600);
    await page.getByRole("link", { name: "Close" }).click();
    await page.getByText(/Password reset\. Shown to you at \d\d:\d\d\.$/).waitFor();
    assert.equal(await page.locator(".notice-good .address").textContent(), address);
    await focusOn(page, "#q");
    assert.equal((await page.content()).includes(password), false);
  }));

/** Fails if the password stands anywhere on the page. */
async function isGone(page, password, when) {
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal((await page.content()).includes(password), false, `shown again after ${when}`);
  assert.equal((await page.locator("body").textContent()).includes(password), false, `shown again after ${when}`);
}

test("reload, back, forward, the typed address and a duplicate tab do not show a password again", () =>
  withPage({}, async (page, context) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "maria");
    const password = await reset(page);
    const result = page.url();

    const [duplicate] = await Promise.all([context.waitForEvent("page"), page.evaluate(() => void open(location.href))]);
    await heading(duplicate, "The password has already been shown");
    await isGone(duplicate, password, "duplicating the tab");
    assert.equal(await shownPassword(page), password, "the first tab keeps it");
    await duplicate.close();

    await page.reload();
    await heading(page, "The password has already been shown");
    await isGone(page, password, "reload");
    await goBack(page);
    await heading(page, "Reset the password of");
    await isGone(page, password, "back to the confirmation");
    await goForward(page);
    await heading(page, "The password has already been shown");
    await isGone(page, password, "forward");
    await page.goto(result);
    await isGone(page, password, "the address typed again");
    assert.equal(await resetsOf(address), 1);
  }));

test("back to a page that showed a password finds it wiped", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    await openAccount(page, "karin");
    const password = await reset(page);
    await page.goto(at("/"));
    await goBack(page);
    await heading(page, "The password has already been shown");
    await isGone(page, password, "back");
  }));

test("a confirmation that was used leads back to its reset, not to another", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "nils");
    const password = await reset(page);
    await page.goto(at("/"));
    await goBack(page);
    // The next step back goes from this page, so it has to be there first.
    await heading(page, "The password has already been shown");
    await goBack(page);
    await heading(page, "Reset the password of");
    await page.locator("main form button").click();
    await page.waitForURL((url) => url.pathname.startsWith("/operations/") || !url.pathname.endsWith("/reset"));
    await page.getByRole("heading", { level: 1 }).waitFor();
    await isGone(page, password, "confirming again");
    assert.equal(await resetsOf(address), 1);
  }));

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "" : ", without JavaScript";
  test(`a double click resets once and ends at the password${how}`, () =>
    withPage({ javaScriptEnabled }, async (page) => {
      await signIn(page, "manager");
      for (const [pause, name] of [[30, "lars"], [120, "hugo"], [400, "oskar"], [900, "viktor"], [1500, "elsa"]]) {
        const address = await openAccount(page, javaScriptEnabled ? name : `${name[0]}${name.slice(1)}.`);
        if (!javaScriptEnabled) await simulator("faults", { function: "email/resetpassword", fault: { slow: 200 } });
        const resets = await resetsOf(address);
        await page.goto(at(`/accounts/${address}/reset`));
        const { x, y, width, height } = await page.locator("main form button").boundingBox();
        await page.mouse.click(x + width / 2, y + height / 2);
        await page.waitForTimeout(pause);
        await page.mouse.click(x + width / 2, y + height / 2);
        assert.equal(await shownPassword(page), await currentPassword(address), `${pause} ms`);
        await page.waitForTimeout(300);
        assert.match(page.url(), /\/operations\//, `${pause} ms`);
        assert.equal(await resetsOf(address), resets + 1, `${pause} ms`);
      }
    }));
}

test("Enter pressed again and again resets once and ends at the password", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "moa");
    await page.goto(at(`/accounts/${address}/reset`));
    await page.locator("main form button").focus();
    for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press("Enter");
    assert.equal(await shownPassword(page), await currentPassword(address));
    assert.equal(await resetsOf(address), 1);
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
    await page.locator("summary", { hasText: "Spell it" }).click();
    assert.equal(await page.locator(".spelling[lang=en] li").count(), [...password].length);
    await page.waitForTimeout(1600);
    await page.getByRole("link", { name: "Close" }).click();
    await page.getByText(/Password reset\. Shown to you at/).waitFor();
    await goBack(page);
    await heading(page, "The password has already been shown");
    assert.equal((await page.content()).includes(password), false);
    assert.equal(await resetsOf(address), 1);
  }));

test("the whole job is done in Swedish", () =>
  withPage({ locale: "sv-SE" }, async (page) => {
    await page.goto(at("/sign-in"));
    await page.getByLabel("Namn").fill(demo.people.operator.name);
    await page.getByLabel("Lösenord").fill(demo.people.operator.password);
    await page.getByRole("button", { name: "Logga in", exact: true }).click();
    const address = await openAccount(page, "sara");
    assert.equal(await page.locator("html").getAttribute("lang"), "sv");
    await page.locator("summary", { hasText: "Åtgärder" }).click();
    await page.getByRole("link", { name: "Återställ lösenord…" }).first().click();
    await heading(page, "Återställ lösenordet för");
    await simulator("passwords", ["Sö7}"]);
    await page.getByRole("button", { name: "Återställ lösenord" }).click();
    await heading(page, "Nytt lösenord för");
    assert.equal(await shownPassword(page), "Sö7}");
    await page.locator("summary", { hasText: "Bokstavera" }).click();
    const said = await page.locator(".spelling[lang=sv] li span").allTextContents();
    assert.deepEqual(said, ["stort S som i Sigurd", "litet ö som i Östen", "siffran sju", "höger måsvinge"]);
    await page.waitForTimeout(1600);
    await page.getByRole("link", { name: "Stäng" }).click();
    await page.getByText(/Lösenordet är återställt\. Det visades för dig kl\. \d\d:\d\d\.$/).waitFor();
    assert.equal(await resetsOf(address), 1);
  }));
