// Several people: who may, who was first, and who has left.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addressIn, at, confirmReset, currentPassword, demo, goBack, heading, openAccount, reset, resetsOf } from "./harness.mjs";
import { shownPassword, signIn, simulator, useDemo, withPage } from "./harness.mjs";

useDemo();

test("a viewer sees the reset, cannot take it, and reads why", () =>
  withPage({}, async (page) => {
    await signIn(page, "viewer");
    const address = await openAccount(page, "anna");
    await page.locator("summary", { hasText: "Actions" }).click();
    assert.equal(await page.getByRole("link", { name: "Reset password…" }).count(), 0);
    await page.getByText("Reset password…").waitFor();
    await page.getByText("Only operators can reset passwords.").first().waitFor();
    const answer = await page.goto(at(`/accounts/${address}/reset`));
    assert.equal(answer.status(), 403);
    await heading(page, "You may not reset passwords here");
    assert.equal(await resetsOf(address), 0);
  }));

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without";

  test(`a link from another site opens its page for somebody who is signed in, ${how} JavaScript`, () =>
    withPage({ javaScriptEnabled }, async (page) => {
      await signIn(page, "operator");
      const address = await openAccount(page, "anna");
      const link = at(`/accounts/${address}`);
      await page.goto(`data:text/html,<a href="${link}">the ticket</a>`);
      await page.getByRole("link", { name: "the ticket" }).click();
      await heading(page, address);
      assert.equal(page.url(), link);
      await goBack(page);
      await page.getByRole("link", { name: "the ticket" }).waitFor();
    }));
}

test("a confirmation that somebody else was faster than is refused, and says who", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "alma");
    await page.goto(at(`/accounts/${address}/reset`));
    await withPage({}, async (other) => {
      await signIn(other, "manager");
      await other.goto(at(`/accounts/${address}`));
      const theirs = await reset(other);

      await page.locator("main form button").click();
      await heading(page, "Not reset: manager was faster");
      assert.equal(await currentPassword(address), theirs);
      assert.equal(await resetsOf(address), 1);

      await page.goto(other.url());
      await page.getByText(/^manager saw it on .* It can’t be shown again\./).waitFor();
      assert.equal((await page.content()).includes(theirs), false);
    });
    await page.goto(at(`/accounts/${address}/reset`));
    await page.getByText(/^Reset .* by manager\./).waitFor();
    await page.locator("main form button").click();
    assert.equal(await shownPassword(page), await currentPassword(address));
  }));

test("while one person's reset runs, a second one reads whose it is and can't begin", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "amelia");
    await page.goto(at(`/accounts/${address}/reset`));
    await withPage({}, async (other) => {
      await signIn(other, "manager");
      await other.goto(at(`/accounts/${address}`));
      await simulator("faults", { function: "email/resetpassword", fault: { slow: 4000 } });
      await confirmReset(other);
      await page.locator("main form button").click();
      await heading(page, "Not reset: a reset is running");
      await page.getByText(/^manager began a reset of this account/).waitFor();
      assert.equal(await page.locator("#password").count(), 0);
      assert.equal(await shownPassword(other), await currentPassword(address));
      assert.equal(await resetsOf(address), 1);
    });
  }));

test("after signing out nothing is shown any more, not even by Back", () =>
  withPage({}, async (page) => {
    await signIn(page, "operator");
    const address = await openAccount(page, "hanna");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You have signed out.").waitFor();
    await goBack(page);
    await page.getByLabel("Password").waitFor();
    assert.equal((await page.locator("main").innerText()).includes(address), false);

    await page.goto(at(`/accounts/${address}`));
    await page.getByText("Sign in to continue.").waitFor();
    await page.getByLabel("Name").fill(demo.people.operator.name);
    await page.getByLabel("Password").fill("not this one");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("alert").getByText("Wrong user name or password.").waitFor();
    await page.getByLabel("Password").fill(demo.people.operator.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.waitForURL((url) => addressIn(url) === address);
  }));
