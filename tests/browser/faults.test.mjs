// What a person sees when GleSYS is slow, silent, broken or says no: always which of the three worlds we are in.

import assert from "node:assert/strict";
import { test } from "node:test";

import { at, confirmReset, currentPassword, documentOf, heading, openAccount, resetsOf } from "./harness.mjs";
import { shownPassword, signIn, simulator, useDemo, withPage } from "./harness.mjs";

const plan = (fault) => simulator("faults", { function: "email/resetpassword", fault });

// GleSYS is given 30 seconds, so this begins first and is looked at last.
let silent;
useDemo(
  () =>
    new Promise((begun, failed) => {
      silent = withPage({}, async (page) => {
        await signIn(page, "manager");
        const address = await openAccount(page, "ruth");
        await plan("hang-before");
        await confirmReset(page);
        await heading(page, "Resetting the password of");
        begun();
        await page.getByRole("heading", { level: 1, name: /^We don’t know if the password was reset/ }).waitFor({ timeout: 40_000 });
        await page.getByText("GleSYS did not answer in time.").waitFor();
        assert.equal(await resetsOf(address), 1);
      });
      silent.catch(failed);
    }),
);

for (const javaScriptEnabled of [true, false]) {
  test(`a slow reset goes on to the password, ${javaScriptEnabled ? "by itself with" : "with a link without"} JavaScript`, () =>
    withPage({ javaScriptEnabled }, async (page) => {
      await signIn(page, "operator");
      const address = await openAccount(page, javaScriptEnabled ? "bjorn" : "sophie");
      await plan({ slow: 4000 });
      await confirmReset(page);
      await heading(page, "Resetting the password of");
      assert.equal(documentOf(page).headers().refresh, undefined, "no page reloads itself");
      if (!javaScriptEnabled) {
        await page.waitForTimeout(4000);
        await page.getByRole("link", { name: "Refresh" }).click();
      }
      await heading(page, "New password for");
      assert.equal(await shownPassword(page), await currentPassword(address));
      assert.equal(await resetsOf(address), 1);
    }));
}

test("an error of GleSYS is told as a reset that may have happened, with the time until the next try", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "thomas");
    await plan({ status: { http: 500, code: 606, text: "Server Locked", envelope: true } });
    await page.clock.install();
    await confirmReset(page);
    await heading(page, "We don’t know if the password was reset");
    await page.getByText("The old password may have stopped working.").waitFor();
    const clock = page.locator("[data-countdown]");
    assert.match(await clock.textContent(), /^(1:00|0:5\d)$/);
    const again = page.getByRole("link", { name: "Reset password again…" });
    assert.equal(await again.isVisible(), false);
    await page.clock.fastForward(20_000);
    assert.match(await clock.textContent(), /^0:(40|3\d)$/);
    await page.clock.fastForward(41_000);
    await again.waitFor();
    assert.equal(await clock.isVisible(), false);

    // The panel has its own clock, and says so.
    const answer = await page.goto(at(`/accounts/${address}/reset`));
    assert.equal(answer.status(), 409);
    assert.equal(await resetsOf(address), 1);
  }));

test("without JavaScript the page of an unknown outcome says when the next try is possible", () =>
  withPage({ javaScriptEnabled: false }, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "samuel");
    await plan("close-after");
    await confirmReset(page);
    await heading(page, "We don’t know if the password was reset");
    await page.getByText(/^Wait until \d\d:\d\d:\d\d/).waitFor();
    assert.equal(await page.getByRole("link", { name: "Reset password again…" }).isVisible(), false);
    assert.equal(await resetsOf(address), 1);
  }));

test("a key that may not reset is told as not reset, and what to do", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "oliver");
    const old = await currentPassword(address);
    await simulator("denied", ["email/resetpassword"]);
    await confirmReset(page);
    await heading(page, "Password not reset");
    await simulator("denied", []);
    await page.getByText("The old password still works; nothing was changed.").waitFor();
    await page.getByText("The panel’s API key may not call email/resetpassword.").waitFor();
    assert.match(await page.locator("main code").last().textContent(), /^[0-9a-f-]{32,36}$/);
    assert.equal(await currentPassword(address), old);

    await page.waitForTimeout(1600);
    await page.getByRole("link", { name: "Reset password again…" }).click();
    await page.locator("main form button").click();
    assert.equal(await shownPassword(page), await currentPassword(address));
  }));

test("a GleSYS that does not answer at all is told as may have been reset", () => silent);
