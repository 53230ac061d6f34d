// The password reaches its owner: staff hand over a link and a code, and the owner, on a phone, reads the password once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { addressIn, currentPassword, focusOn, goBack, goForward, heading, openAccount, shownPassword } from "./harness.mjs";
import { at, demo, resetByLink, signIn, useDemo, withPage } from "./harness.mjs";

useDemo();

const PHONE = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true, locale: "sv-SE" };

/** A reset by link of the first account that a search finds; what staff are shown. */
async function handedOver(page, query) {
  await signIn(page, "operator");
  const address = await openAccount(page, query);
  return { address, ...(await resetByLink(page)) };
}

/** Types a code on the owner's page. */
async function types(owner, code) {
  await owner.locator("#code").fill(code);
  await owner.locator("main form button").tap();
}

/** Fails where a page and all that it needs are more than a phone should fetch. */
async function isSmall(asked) {
  const bytes = (await Promise.all(asked)).reduce((sum, size) => sum + size.responseBodySize, 0);
  assert.ok(bytes < 15 * 1024, `${bytes} bytes`);
}

/** A code of eight digits that is not this one. */
const wrong = (code) => String((Number(code) + 1) % 100_000_000).padStart(8, "0");

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without";

  test(`an owner reads the password on a phone in four acts, once, ${how} JavaScript`, () =>
    withPage({}, async (page) => {
      const { address, link, code } = await handedOver(page, javaScriptEnabled ? "erik" : "johan");
      assert.equal((await page.content()).includes(await currentPassword(address)), false, "staff see no password");
      await page.getByRole("link", { name: "See whether it has been read" }).click();
      await heading(page, "Link not read yet:");
      await withPage({ ...PHONE, javaScriptEnabled }, async (owner, context) => {
        const asked = [];
        owner.on("response", (response) => asked.push(response.request().sizes()));
        await owner.goto(link, { waitUntil: "networkidle" });
        await isSmall(asked);
        assert.equal(asked.splice(0).length, 2, "two requests open the page");
        await heading(owner, "Ditt nya e-postlösenord");
        await types(owner, `${code.slice(0, 4)} ${code.slice(4)}`);
        await heading(owner, "Nytt lösenord för");
        const password = await shownPassword(owner);
        assert.equal(password, await currentPassword(address));
        assert.deepEqual(await context.cookies(), []);
        await isSmall(asked);
        assert.equal(await owner.locator('a[href^="/"]').count(), 0, "nothing leads into the panel");

        // The form took the place of the page with the field, so that Back leads out of here and Forward asks about it.
        await goBack(owner);
        await goForward(owner).catch(() => {});
        const again = await context.newPage();
        await again.goto(link);
        await heading(again, "Lösenordet har visats");
        assert.equal((await again.content()).includes(password), false);
      });
      // Nobody looked again: the receipt comes by itself.
      await heading(page, "Read by link:");
    }));
}

test("a scanner that opens a link a hundred times, and runs its scripts, takes nothing from the owner", () =>
  withPage({}, async (page) => {
    const { address, link, code } = await handedOver(page, "linnea");
    for (let time = 0; time < 100; time += 1) {
      const answer = await fetch(link, { method: time % 2 ? "GET" : "HEAD" });
      assert.equal(answer.status, 200);
    }
    await withPage({ locale: "en-US" }, async (scanner) => {
      await scanner.goto(link, { waitUntil: "networkidle" });
      assert.equal(await scanner.locator("#password").count(), 0);
    });
    await withPage(PHONE, async (owner) => {
      await owner.goto(link);
      await types(owner, code);
      assert.equal(await shownPassword(owner), await currentPassword(address));
    });
  }));

test("two wrong codes say how many tries are left, and the right one then shows the password", () =>
  withPage({}, async (page) => {
    const { address, link, code } = await handedOver(page, "gustav");
    await withPage({ ...PHONE, locale: "en-GB" }, async (owner) => {
      await owner.goto(link);
      for (const left of [4, 3]) {
        await types(owner, wrong(code));
        await owner.getByText(`That is not the code. You have ${left} tries left.`).waitFor();
        await focusOn(owner, "#code");
      }
      await types(owner, code);
      assert.equal(await shownPassword(owner), await currentPassword(address));
    });
  }));

test("a link that is revoked while its owner has it open shows nothing any more", () =>
  withPage({}, async (page) => {
    const { address, link, code } = await handedOver(page, "freja");
    await withPage(PHONE, async (owner) => {
      await owner.goto(link);
      await page.getByRole("link", { name: "See whether it has been read" }).click();
      await page.getByRole("button", { name: "Revoke the link" }).click();
      await heading(page, "Link not read:");
      await types(owner, code);
      await heading(owner, "Länken fungerar inte");
      assert.equal((await owner.content()).includes(await currentPassword(address)), false);
    });
    await page.getByRole("link", { name: "Go to the account" }).click();
    assert.equal(addressIn(page.url()), address);
  }));

test("staff copy link and code each by itself", () =>
  withPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    const { link, code } = await handedOver(page, "elsa");
    for (const [button, text] of [["link", link], ["code", code]]) {
      await page.evaluate(() => {
        navigator.clipboard.writeText = async (written) => (document.body.dataset.copied = written);
      });
      await page.locator(`[data-copy=${button}]`).click();
      assert.equal(await page.locator("body").getAttribute("data-copied"), text);
    }
    assert.ok(link.startsWith(at("/hand-over/")));
  }));

test("the demo has a link and a code ready, to look at as an owner", () =>
  withPage(PHONE, async (owner) => {
    for (let tenths = 0; !demo.owner && tenths < 100; tenths += 1) await owner.waitForTimeout(100);
    const [link, code] = demo.owner;
    await owner.goto(link);
    await types(owner, code);
    await heading(owner, "Nytt lösenord för");
  }));
