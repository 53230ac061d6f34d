// Whoever finds an unlocked browser can look around, but not reset: once the last proof of identity is too old, a reset asks.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addressIn, at, currentPassword, demo, heading, openAccount, resetsOf } from "./harness.mjs";
import { shownPassword, signIn, useDemo, withPage } from "./harness.mjs";

// The shortest time in which a browser on a busy machine still gets from the proof to the reset.
useDemo(undefined, { NYCKEL_FRESH_SIGN_IN: "4s" });

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const proves = (page) => page.getByLabel(/^Password of/).fill(demo.people.operator.password).then(() => press(page, "Continue"));

/** The session's cookie. */
async function sessionOf(context) {
  const cookies = await context.cookies();
  return cookies.find((cookie) => cookie.name === "nyckel").value;
}

/** Waits until the panel would ask who one is, by asking for the page in the background. */
async function untilTooOld(page, path) {
  const deadline = Date.now() + 20_000;
  while (!new URL((await page.request.get(at(path))).url()).pathname.endsWith("/sign-in/again")) {
    assert.ok(Date.now() < deadline, "the proof of identity never gets too old");
    await page.waitForTimeout(100);
  }
}

for (const javaScriptEnabled of [true, false]) {
  test(`a reset asks anew who one is and goes on where one was, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () =>
    withPage({ javaScriptEnabled }, async (page, context) => {
      await signIn(page, "operator");
      const address = await openAccount(page, javaScriptEnabled ? "karin" : "lars");
      const confirm = `/accounts/${address}/reset`;
      await page.goto(at(confirm));
      if (page.url().includes("/sign-in/again")) await proves(page);
      await heading(page, "Reset the password of");
      await page.locator("#ticket").fill("INC-812: åäö & co");
      await untilTooOld(page, confirm);
      await press(page, "Reset password");

      await heading(page, "Confirm it’s you");
      assert.equal(await resetsOf(address), 0);
      const before = await sessionOf(context);
      await page.getByLabel(/^Password of/).fill("not the password");
      await press(page, "Continue");
      await page.getByText("The password is wrong.").waitFor();
      assert.equal(await sessionOf(context), before);
      await proves(page);

      await heading(page, "Reset the password of");
      assert.equal(addressIn(page.url()), address);
      assert.equal(await page.locator("#ticket").inputValue(), "INC-812: åäö & co");
      assert.notEqual(await sessionOf(context), before, "the session goes on under a new cookie");
      await press(page, "Reset password");
      assert.equal(await shownPassword(page), await currentPassword(address));
      assert.equal(await resetsOf(address), 1);

      await page.goto(at(`/accounts/${address}`));
      await page.getByText("INC-812: åäö & co").waitFor();
      await context.addCookies([{ name: "nyckel", value: before, url: demo.panel.href }]);
      await page.goto(at("/"));
      await heading(page, "Sign in");
    }));
}
