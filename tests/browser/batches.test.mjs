// Several accounts of a domain are changed at once, with the keyboard alone and without JavaScript; who may not, is not
// offered it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { at, comesTo, focusOn, heading, signIn, simulator, useDemo, withPage } from "./harness.mjs";

useDemo();

const DOMAIN = "nordvik.example";
const focused = (page) => page.evaluate(() => document.activeElement?.value || document.activeElement?.textContent.trim());

/** Presses Tab until the focus is on what has that value or begins with that text. */
async function tabTo(page, text) {
  for (let presses = 0; presses < 200; presses += 1) {
    if ((await focused(page)).startsWith(text)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`200 times Tab did not reach “${text}” on ${page.url()}`);
}

/** What the simulated GleSYS has of each account of the domain. */
async function accounts() {
  const { domains } = await simulator("state");
  return domains[DOMAIN].accounts;
}

const editsOf = (calls) => calls.filter((call) => call.function === "email/editaccount").map((call) => call.address);

/** The first three accounts, of which `wanted` is not so yet, by what stands before the `@`. */
async function three(wanted) {
  const all = Object.entries(await accounts()).filter(([, account]) => !wanted(account));
  return all.slice(0, 3).map(([address]) => address.split("@")[0]);
}

for (const javaScriptEnabled of [true, false]) {
  const [level, how] = javaScriptEnabled ? [5, "with"] : [1, "without"];

  test(`several accounts get a spam level with the keyboard alone, ${how} JavaScript`, () =>
    withPage({ javaScriptEnabled }, async (page) => {
      const chosen = await three((account) => account.antispamlevel === level);
      const before = await accounts();
      const sent = editsOf(await simulator("calls")).length;
      await signIn(page, "manager");
      await page.goto(at(`/domains/${DOMAIN}`));
      await tabTo(page, "Bulk edit…");
      await page.keyboard.press("Enter");
      await heading(page, "Bulk edit");
      assert.equal(await page.locator("#quota").isVisible(), false, "storage is asked for where it is what changes");
      await page.locator("#action").focus();
      await page.keyboard.type(`Set the spam filter to level ${level}`);
      for (const local of chosen) {
        await tabTo(page, local);
        await page.keyboard.press("Space");
      }
      await tabTo(page, "Continue");
      await page.keyboard.press("Enter");
      await heading(page, `Set the spam filter to level ${level} of 5`);
      await page.getByText("Will be changed").first().waitFor();
      // Not the button that changes them.
      await focusOn(page, "h1");
      assert.equal(editsOf(await simulator("calls")).length, sent, "nothing is sent before it is confirmed");
      await simulator("faults", { function: "email/editaccount", fault: { slow: 1000 }, times: { count: 3 } });
      await tabTo(page, "Change 3 accounts");
      // Twice, as people do.
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      await page.getByText("of 3 done.").waitFor();
      await comesTo(page, "Finished on", javaScriptEnabled);
      assert.equal(await page.getByRole("cell", { name: "Changed", exact: true }).count(), 3);
      await page.reload();
      await page.getByText("Finished on").waitFor();
      assert.equal(await page.getByRole("cell", { name: "Changed", exact: true }).count(), 3);

      const addresses = chosen.map((local) => `${local}@${DOMAIN}`);
      const edits = editsOf(await simulator("calls")).slice(sent);
      assert.deepEqual(edits.sort(), addresses.toSorted(), "each is sent once");
      for (const [address, account] of Object.entries(await accounts())) {
        const expected = addresses.includes(address) ? level : before[address].antispamlevel;
        assert.equal(account.antispamlevel, expected, address);
        assert.equal(account.quotaingib, before[address].quotaingib, address);
      }
    }));

  test(`what was chosen and ticked stays while the list is filtered, ${how} JavaScript`, () =>
    withPage({ javaScriptEnabled }, async (page) => {
      const [local, other] = await three(() => false);
      await signIn(page, "manager");
      await page.goto(at(`/domains/${DOMAIN}/bulk`));
      await page.locator("#action").selectOption("virus_check_off");
      await page.locator(`input[name=account][value="${local}"]`).check();
      await page.locator("#filter").fill(`${other}@`);
      await page.locator("#filter").press("Enter");
      await page.waitForURL(/filter=/);
      assert.equal(await page.locator("#action").inputValue(), "virus_check_off");
      await page.getByRole("button", { name: "Select all shown" }).click();
      await page.waitForURL(/draft=/);
      const ticked = page.locator("input[name=account]:checked");
      assert.deepEqual(await ticked.evaluateAll((boxes) => boxes.map((box) => box.value)), [local, other]);
      await page.getByRole("button", { name: "Continue" }).click();
      await heading(page, "Turn the virus check off");
      await page.goBack({ waitUntil: "commit" });
      await heading(page, "Bulk edit");
      assert.equal(await ticked.count(), 2);
    }));

  test(`a storage that does not fit is told at its field, ${how} JavaScript`, () =>
    withPage({ javaScriptEnabled }, async (page) => {
      const gib = javaScriptEnabled ? 211 : 212;
      const [local] = await three(() => false);
      await signIn(page, "manager");
      await page.goto(at(`/domains/${DOMAIN}/bulk`));
      await page.locator("#action").selectOption("quota");
      await page.locator("#quota").fill("1001");
      await page.locator(`input[name=account][value="${local}"]`).check();
      await page.locator("#quota").press("Enter");
      await page.locator("#quota-problem").waitFor();
      await focusOn(page, "#quota");
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.type(String(gib));
      await page.keyboard.press("Enter");
      await heading(page, `Set storage to ${gib} GiB`);
      await page.getByRole("button", { name: "Change 1 account" }).press("Enter");
      await comesTo(page, "Finished on", javaScriptEnabled);
      assert.equal((await accounts())[`${local}@${DOMAIN}`].quotaingib, gib);
    }));
}

test("Esc leaves the confirmation, and nothing is changed", () =>
  withPage({}, async (page) => {
    const sent = editsOf(await simulator("calls")).length;
    await signIn(page, "manager");
    await page.goto(at(`/domains/${DOMAIN}/bulk`));
    await page.getByRole("button", { name: "Select all shown" }).click();
    await page.waitForURL(/draft=/);
    await page.locator("#action").selectOption("virus_check_off");
    await page.getByRole("button", { name: "Continue" }).press("Enter");
    await heading(page, "Turn the virus check off");
    await page.keyboard.press("Escape");
    await heading(page, "Bulk edit");
    assert.equal(editsOf(await simulator("calls")).length, sent);
  }));

test("a viewer is not offered to change several accounts", () =>
  withPage({}, async (page) => {
    await signIn(page, "viewer");
    await page.goto(at(`/domains/${DOMAIN}`));
    await heading(page, "");
    assert.equal(await page.getByRole("link", { name: "Bulk edit…" }).count(), 0);
    await page.goto(at(`/domains/${DOMAIN}/bulk`));
    await heading(page, "");
    assert.equal(await page.locator("input[name=account]").count(), 0);
  }));
