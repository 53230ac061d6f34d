// Forms that come back with several things to put right, what is near to what was looked for, and work under way: they look
// right, the person begins where they are told what is wrong, and a page that renews itself takes nothing from them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { at, focusOn, openAccount, signIn, simulator, useDemo, withPage } from "./harness.mjs";
import { WIDE, tour } from "./looks.mjs";

useDemo();

for (const [theme, locale] of [["light", "en-GB"], ["dark", "sv-SE"]]) {
  const options = { colorScheme: theme, locale, viewport: WIDE, reducedMotion: "reduce" };
  const wrong = theme === "light" ? /^Error: / : /^Fel: /;

  test(`forms with several wrong fields look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees } = tour(page, theme);
      const listed = async (name, links) => {
        await focusOn(page, ".faults");
        assert.match(await page.title(), wrong);
        assert.deepEqual(await page.locator(".faults a").evaluateAll((all) => all.map((a) => a.getAttribute("href"))), links);
        await sees(name);
      };
      await page.goto(at("/sign-in"));
      await page.locator("form[action$='/sign-in'] button").click();
      await listed("sign-in-empty", ["#name", "#password"]);
      await page.locator(".faults a").last().press("Enter");
      await focusOn(page, "#password");
      await signIn(page, "admin");
      await page.goto(at("/domains/example.se/accounts/new"));
      await page.locator("#quota").fill("many");
      await page.locator("#reply").check();
      await page.locator("main form .button-main").click();
      await listed("account-new-several", ["#local", "#quota", "#text"]);
      await page.goto(at("/domains/example.se/aliases/new"));
      await page.locator("main form .button-main").click();
      await listed("alias-new-several", ["#local", "#targets"]);
      await page.goto(at("/profile"));
      await page.locator("#new").fill("too short");
      await page.locator("form[action$='/password'] button").click();
      await listed("profile-several", ["#old", "#new"]);
      await page.goto(at("/audit?address=nobody&from=yesterday"));
      await listed("audit-several", ["#address", "#from"]);
    }));

  test(`what is near, and work under way, look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees, seesNow } = tour(page, theme);
      await signIn(page, "manager");
      await page.locator("#q").fill("mariia");
      await page.locator("[data-hits=near] .hit").first().waitFor();
      await seesNow("hits-near");
      await page.keyboard.press("Enter");
      await focusOn(page, "[data-hits=near] .hit");
      await page.goto(at("/?q=maria"));
      await page.locator("[data-hits=hits] .hit").nth(1).waitFor();
      await sees("hits-several");
      await page.locator("#q").press("Enter");
      await focusOn(page, "[data-hits] .hit");

      await openAccount(page, theme === "light" ? "gustav" : "linnea");
      const reset = await page.locator('a[href$="/reset"]').first().getAttribute("href");
      await page.goto(new URL(reset, page.url()).href);
      await simulator("faults", { function: "email/resetpassword", fault: { slow: 4000 }, times: { count: 1 } });
      await page.locator("main form .button-danger").click();
      await page.locator(".working").waitFor();
      await sees("working");
      await page.locator("#password").waitFor();

      await simulator("faults", { function: "email/editaccount", fault: { slow: 1500 }, times: { count: 12 } });
      await page.goto(at("/domains/nordvik.example/bulk"));
      await page.locator("#action").selectOption(theme === "light" ? "virus_check_off" : "virus_check_on");
      const boxes = page.locator("main input[name=account]:enabled");
      for (let place = 0; place < 12; place += 1) await boxes.nth(place).check();
      await page.locator("main form .button-main").last().click();
      await page.waitForURL(/batches/);
      let loads = 0;
      page.on("framenavigated", () => (loads += 1));
      await page.locator("main form .button-main").click();
      await page.locator("progress").waitFor();
      await sees("batch-running");
      loads = 0;
      // Whoever reads further down, with the focus on a row, stays there.
      await page.setViewportSize({ width: 1280, height: 400 });
      await page.locator("tbody a").nth(8).focus();
      const held = await page.evaluate(() => document.activeElement.href);
      await page.locator("progress").waitFor({ state: "detached" });
      assert.equal(await page.evaluate(() => document.activeElement.href), held);
      assert.equal(loads, 0, "nothing was loaded anew");
    }));
}
