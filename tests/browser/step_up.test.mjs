// Whoever finds an unlocked browser can look around, but not reset: once the last proof of identity is too old, the
// confirmation asks for one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addPasskey, at, currentPassword, demo, heading, openAccount, plugIn, resetsOf } from "./harness.mjs";
import { shownPassword, signIn, useDemo, withPage } from "./harness.mjs";
import { tour } from "./looks.mjs";

// The shortest time in which a browser on a busy machine still gets from the proof to the reset.
useDemo(undefined, { NYCKEL_FRESH_SIGN_IN: "4s" });

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** The session's cookie. */
async function sessionOf(context) {
  const cookies = await context.cookies();
  return cookies.find((cookie) => cookie.name === "nyckel").value;
}

/** Waits until the panel asks who one is, by asking for the page in the background. */
async function untilTooOld(page, path) {
  const deadline = Date.now() + 20_000;
  while (!(await (await page.request.get(at(path))).text()).includes('id="proof"')) {
    assert.ok(Date.now() < deadline, "the proof of identity never gets too old");
    await page.waitForTimeout(100);
  }
}

for (const javaScriptEnabled of [true, false]) {
  test(`a reset asks anew who one is in its own form, ${javaScriptEnabled ? "with" : "without"} JavaScript`, () =>
    withPage({ javaScriptEnabled }, async (page, context) => {
      await signIn(page, "operator");
      const address = await openAccount(page, javaScriptEnabled ? "karin" : "lars");
      const confirm = `/accounts/${address}/reset`;
      await page.goto(at(confirm));
      await page.locator("#ticket").fill("INC-812: åäö & co");
      await untilTooOld(page, confirm);
      if (!(await page.locator("#proof").count())) await press(page, "Reset password");

      const proof = page.locator("#proof");
      await proof.fill("not the password");
      assert.equal(await resetsOf(address), 0);
      const before = await sessionOf(context);
      await press(page, "Reset password");
      await page.locator("#proof-problem").getByText("Wrong password.").waitFor();
      assert.equal(await sessionOf(context), before);
      assert.equal(await page.locator("#ticket").inputValue(), "INC-812: åäö & co");
      assert.equal(await proof.inputValue(), "");
      if (javaScriptEnabled) await tour(page, "light").sees("reset-proof-wrong");
      await proof.fill(demo.people.operator.password);
      await press(page, "Reset password");
      assert.equal(await shownPassword(page), await currentPassword(address));
      assert.equal(await resetsOf(address), 1);
      assert.notEqual(await sessionOf(context), before, "the session goes on under a new cookie");

      await page.goto(at(`/accounts/${address}`));
      await page.getByText("INC-812: åäö & co").waitFor();
      await context.addCookies([{ name: "nyckel", value: before, url: demo.panel.href }]);
      await page.goto(at("/"));
      await heading(page, "Sign in");
    }));
}

test("the button of a reset asks for the passkey of whoever has one", () =>
  withPage({}, async (page, context) => {
    await signIn(page, "admin");
    await plugIn(page);
    await addPasskey(page, "Mine", "admin");
    await heading(page, "Your recovery codes");
    const address = await openAccount(page, "hanna");
    const confirm = `/accounts/${address}/reset`;
    await untilTooOld(page, confirm);
    await page.goto(at(confirm));
    await tour(page, "light").sees("reset-proof-passkey");
    const before = await sessionOf(context);
    await press(page, "Reset password");
    assert.equal(await shownPassword(page), await currentPassword(address));
    assert.equal(await resetsOf(address), 1);
    assert.notEqual(await sessionOf(context), before);
  }));
