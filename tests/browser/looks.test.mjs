// Every page: valid HTML, no accessibility rule broken, nothing to scroll sideways on a narrow phone; in light and English
// as in dark and Swedish. What a list page costs over the wire. Those that change accounts and aliases: looks_changes.test.mjs.
//
// With NYCKEL_SCREENSHOTS=1 the looks also renew the README's pictures (docs/*.png); with a folder in NYCKEL_SHOTS they leave a
// picture of every page there.

import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";

import { addPasskey, at, codeOf, confirmReset, demo, openAccount, plugIn, signIn, simulator } from "./harness.mjs";
import { proves, useDemo, withPage } from "./harness.mjs";
import { WIDE, forReadme, isValid, looksRight, tour } from "./looks.mjs";

useDemo();

for (const [theme, locale] of [["light", "en-GB"], ["dark", "sv-SE"]]) {
  const options = { colorScheme: theme, locale, viewport: WIDE, reducedMotion: "reduce" };

  test(`the pages of finding an account look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees, seesNow } = tour(page, theme);
      await page.goto(at("/sign-in"));
      await sees("sign-in");
      await page.locator("#name").fill("nobody");
      await page.locator("#password").fill("nothing");
      await page.locator("main .button-main").click();
      await page.getByRole("alert").waitFor();
      await sees("sign-in-wrong");
      await signIn(page, "admin");
      await sees("overview");
      for (const [name, where] of [
        ["hits", "/?q=ann"],
        ["no-hits", "/?q=no-such-name"],
        ["domain", "/domains/example.se"],
        ["domain-filtered", "/domains/example.se?filter=maria"],
        ["domain-fullest", "/domains/nordvik.example?sort=used&order=desc"],
        ["domain-near-full", "/domains/nordvik.example?full=1"],
        ["domain-aliases", "/domains/nordvik.example?filter=info"],
        ["costs", "/costs"],
        ["domain-nothing", "/domains/example.se?filter=no-such-name"],
        ["domain-empty", "/domains/vilande.example"],
        ["domain-idn", "/domains/xn--blbrsskogen-n8al.example?filter=an"],
        ["audit", "/audit"],
        ["audit-nothing", "/audit?staff=no-such-person"],
        ["audit-wrong", "/audit?address=not-an-address"],
        ["no-page", "/no-such-page"],
        ["no-account", "/accounts/nobody@example.se"],
        ["set-up", "/setup"],
      ]) {
        await page.goto(at(where));
        await sees(name);
      }
      await page.goto(at("/domains/example.se?filter=info"));
      await page.locator('main a[href*="/aliases/"]').first().click();
      await sees("alias");
      await openAccount(page, "amelia.j");
      await page.locator("details[data-menu] summary").click();
      await seesNow("account-idn");
      await page.locator('a[href$="/client-settings"]').click();
      await page.locator("#settings-link").waitFor();
      await sees("client-settings");
      await page.goto(at("/client-settings/example.se"));
      await sees("client-settings-public");
      await page.goto(at("/"));
      await page.locator(".bar-person button").click();
      await page.waitForURL(/\/sign-in/);
      await sees("signed-out");
    }));

  test(`the pages of the staff look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees } = tour(page, theme);
      await signIn(page, "admin");
      await page.goto(at("/staff"));
      await sees("staff");
      await page.goto(at("/staff/new"));
      await sees("prove-for-staff");
      await proves(page, "admin");
      await sees("staff-new");
      await page.locator("#name").fill("viewer");
      await page.locator("main .button-main").click();
      await page.locator("#everywhere-problem").waitFor();
      await sees("staff-new-wrong");
      await page.locator("#name").fill(`new-${theme}`);
      await page.locator("#everywhere").selectOption("viewer");
      await page.locator("details.fold summary").click();
      await page.locator('select[name="in:example.se"]').selectOption("operator");
      await page.locator("main .button-main").click();
      await page.locator("#link").waitFor();
      await sees("staff-invitation");
      const link = await page.locator("#link").textContent();
      await page.locator("main .button-main").click();
      await page.waitForURL(/staff\/[^/]+$/);
      await sees("staff-member");
      await page.locator(".head .button-main").click();
      await page.waitForURL(/edit$/);
      await proves(page, "admin");
      await sees("staff-edit");
      await page.goto(at("/profile"));
      await sees("profile");
      await page.goto(at("/sign-in/again?next=%2Fprofile"));
      await sees("sign-in-again");
      await page.locator("#password").fill("not the password");
      await page.locator("main .button-main").click();
      await page.getByRole("alert").waitFor();
      await sees("sign-in-again-wrong");
      await page.goto(at("/profile/second-factor"));
      await sees("prove-for-app");
      await proves(page, "admin");
      await sees("second-factor");
      const code = codeOf(await page.locator("#key").textContent());
      await page.locator("#code").fill("12345");
      await page.locator("main .button-main").click();
      await page.locator("#code-problem").waitFor();
      await sees("second-factor-wrong");
      await page.locator("#code").fill(code);
      await page.locator("main .button-main").click();
      await page.locator(".codes").waitFor();
      await sees("recovery-codes");
      const [recovery, spare] = await page.locator(".codes code").allTextContents();
      await page.locator("main .button-main").click();
      await sees("profile-second-factor");
      await page.locator(".bar-person button").click();
      await page.waitForURL(/\/sign-in/);
      await page.locator("#name").fill("admin");
      await page.locator("#password").fill(demo.people.admin.password);
      await page.locator("main .button-main").click();
      await page.locator("#code").waitFor();
      await sees("sign-in-code");
      await page.locator("#code").fill(recovery);
      await page.locator("main .button-main").click();
      await page.waitForURL(at("/"));
      // As it was, for the journeys that follow.
      await page.goto(at("/profile"));
      await page.locator('a[href$="/second-factor/remove"]').click();
      await sees("factor-remove");
      await page.locator("#proof").fill(spare);
      await page.locator("main .button-danger").click();
      await page.waitForURL(/factor-removed/);
      await page.goto(link);
      await sees("invited");
      await page.locator("#password").fill("four words in a row");
      await page.locator("main button").click();
      await page.waitForURL(/welcome/);
      await sees("welcome");
    }));

  test(`the pages of passkeys look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees, seesNow } = tour(page, theme);
      await signIn(page, "auditor");
      const key = await plugIn(page);
      await page.goto(at("/profile/passkeys/new"));
      await proves(page, "auditor");
      await sees("passkey-new");
      await addPasskey(page, "x".repeat(60), "auditor");
      await page.locator(".codes").waitFor();
      await addPasskey(page, "once more", "auditor");
      await page.locator("[data-says]:not([hidden])").waitFor();
      await seesNow("passkey-known");
      await page.goto(at("/profile"));
      await sees("profile-passkeys");
      await page.goto(at("/sign-in/again?next=%2Fprofile"));
      await sees("sign-in-again-passkey");
      await page.locator(".bar-person button").click();
      await page.waitForURL(/\/sign-in/);
      await page.locator("#name").fill("auditor");
      await page.locator("#password").fill(demo.people.auditor.password);
      await page.locator("main .button-main").click();
      await page.locator("#code").waitFor();
      await sees("sign-in-code-passkey");
      await page.locator("form[data-passkey] button").click();
      await page.waitForURL(at("/"));
      // As it was, for the journeys that follow.
      await page.goto(at("/profile"));
      await page.locator('a[href*="/remove?passkey="]').click();
      await page.locator('a[href*="for=remove-factor"]').click();
      await proves(page, "auditor");
      await sees("passkey-remove");
      await page.locator("main .button-danger").click();
      await page.waitForURL(/passkey-removed/);
      await key.unplug();
    }));

  test(`the pages of a reset look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees, seesNow } = tour(page, theme);
      await signIn(page, theme === "light" ? "operator" : "manager");
      const address = await openAccount(page, theme === "light" ? "gustav" : "linnea");
      await sees("account");
      await page.locator("details[data-menu] summary").click();
      await seesNow("account-actions");
      await forReadme(page, "account.png", theme);
      await page.locator('details a[href$="/reset"]').click();
      await page.waitForURL(/\/reset$/);
      await sees("confirm");
      await page.locator("#ticket").evaluate((field) => field.removeAttribute("maxlength"));
      await page.locator("#ticket").fill("x".repeat(201));
      await page.locator("main form button").click();
      await page.locator("#ticket-problem").waitFor();
      await sees("confirm-too-long");
      await page.locator("#ticket").fill("812");
      await page.locator("main form button").click();
      await page.locator("#password").waitFor();
      await sees("result");
      await forReadme(page, "result.png", theme);
      await page.locator(".reveal summary").click();
      await seesNow("result-spelt");
      await page.locator("[data-cover]").click();
      await seesNow("result-covered");
      await page.waitForTimeout(1600);
      await page.locator("[data-leaves]").first().click();
      await page.waitForURL(/shown=/);
      await sees("overview-after");
      await page.goto(at("/keys"));
      await sees("keys");
      await page.goto(at(`/accounts/${address}`));
      await sees("account-after");
      await page.locator("details[data-menu] summary").click();
      await page.locator('details a[href$="/reset"]').click();
      await page.waitForURL(/\/reset$/);
      await sees("confirm-again");
      await simulator("passwords", [" Odd\u{200b}\u{202e}å\u{a0}<&>0O1l|I longer than most, as some have it "]);
      await page.locator("main form button").click();
      await page.locator("#password").waitFor();
      await sees("result-odd");
      await page.reload();
      await sees("shown");
      await page.goto(at(`/accounts/${address}`));
      await simulator("denied", ["email/resetpassword"]);
      await confirmReset(page);
      await page.locator(".notice-danger").waitFor();
      await simulator("denied", []);
      await sees("not-reset");
    }));

  test(`the pages of a reset that is slow or unknown look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees } = tour(page, theme);
      const breaks = (fault) => simulator("faults", { function: "email/resetpassword", fault });
      await signIn(page, theme === "light" ? "operator" : "manager");
      const address = await openAccount(page, theme === "light" ? "freja" : "elsa");
      // It would go on in the middle of being looked at; an answer without a page lets it stay.
      await breaks({ slow: 6000 });
      await confirmReset(page);
      await page.locator(".working").waitFor();
      await page.route("**/operations/*", (route) => route.fulfill({ status: 204, contentType: "text/html" }));
      await sees("working");
      await page.unroute("**/operations/*");
      await page.goto(at("/"));
      const other = await openAccount(page, theme === "light" ? "harry" : "hugo");
      await breaks("close-after");
      await confirmReset(page);
      await page.locator("[data-countdown]").waitFor();
      await sees("unknown");
      await page.goto(at(`/accounts/${other}/reset`));
      await sees("cooling-down");
      await page.goto(at(`/accounts/${other}`));
      await page.locator("details[data-menu] summary").click();
      await sees("account-cooling-down");
      assert.notEqual(address, other);
    }));
}

test("what a person may not do is said on a page that looks right", () =>
  withPage({ viewport: WIDE, reducedMotion: "reduce" }, async (page) => {
    await signIn(page, "viewer");
    const address = await openAccount(page, "gustav");
    await page.locator("details[data-menu] summary").click();
    await looksRight(page, "account-viewer", "light");
    for (const where of [`/accounts/${address}/reset`, "/audit"]) {
      await page.goto(at(where));
      await isValid(page);
      await looksRight(page, `denied-${path.basename(where)}`, "light");
    }
  }));

/** What a visit costs: how many requests reach the panel, and how many bytes its document has on the wire. */
async function costOf(page, where) {
  const session = await page.context().newCDPSession(page);
  const asked = new Map();
  await session.send("Network.enable");
  session.on("Network.requestWillBeSent", ({ requestId, type }) => asked.set(requestId, { type }));
  session.on("Network.requestServedFromCache", ({ requestId }) => asked.delete(requestId));
  session.on("Network.responseReceived", ({ requestId, response }) => response.fromDiskCache && asked.delete(requestId));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (asked.has(requestId)) asked.get(requestId).bytes = encodedDataLength;
  });
  await page.goto(at(where), { waitUntil: "networkidle" });
  await session.detach();
  const requests = [...asked.values()];
  return { requests: requests.length, bytes: requests.find(({ type }) => type === "Document").bytes };
}

test("a list page is small: 4 requests at most on the first visit, 1 after, under 25 KiB", () =>
  withPage({}, async (page, context) => {
    await signIn(page, "viewer");
    const storageState = await context.storageState();
    await withPage({ storageState }, async (fresh) => {
      const first = await costOf(fresh, "/domains/example.se");
      const second = await costOf(fresh, "/domains/example.com");
      console.log(`example.se: ${JSON.stringify(first)}, then example.com: ${JSON.stringify(second)}`);
      assert.ok(first.requests <= 4, `${first.requests} requests on the first visit`);
      assert.equal(second.requests, 1);
      assert.ok(Math.max(first.bytes, second.bytes) < 25 * 1024);
    });
  }));
