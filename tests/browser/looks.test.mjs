// Every page: no accessibility rule broken in light and dark, and nothing to scroll sideways on a narrow phone.
//
// With NYCKEL_SCREENSHOTS=1 it also renews the two pictures of the README (docs/account.png, docs/result.png).

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { AxeBuilder } from "@axe-core/playwright";

import { at, openAccount, reset, root, signIn, useDemo, withPage } from "./harness.mjs";

useDemo();

const WIDE = { width: 1100, height: 800 };
const NARROW = { width: 320, height: 640 };

async function looksRight(page) {
  const where = new URL(page.url()).pathname;
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
    assert.deepEqual(told, [], `${where} in ${colorScheme}`);
  }
  await page.setViewportSize(NARROW);
  const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
  assert.ok(width <= NARROW.width, `${where} is ${width} px wide on a screen of ${NARROW.width}`);
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: "light" });
}

async function picture(page, name) {
  if (!process.env.NYCKEL_SCREENSHOTS) return;
  await mkdir(path.join(root, "docs"), { recursive: true });
  await page.screenshot({ path: path.join(root, "docs", name) });
}

test("the pages of a reset look right", () =>
  withPage({}, async (page) => {
    await page.goto(at("/sign-in"));
    await looksRight(page);
    await signIn(page, "operator");
    await looksRight(page);
    await page.goto(at("/?q=ann"));
    await looksRight(page);
    await page.goto(at("/?q=no-such-name"));
    await looksRight(page);
    const address = await openAccount(page, "gustav");
    await looksRight(page);
    await page.locator("summary", { hasText: "Actions" }).click();
    await looksRight(page);
    await picture(page, "account.png");
    await page.goto(at(`/accounts/${address}/reset`));
    await looksRight(page);
    await page.goto(at(`/accounts/${address}`));
    await reset(page);
    await looksRight(page);
    await picture(page, "result.png");
    await page.locator("summary", { hasText: "Spell it" }).click();
    await looksRight(page);
    await page.reload();
    await looksRight(page);
  }));

test("the other pages look right", () =>
  withPage({}, async (page) => {
    await signIn(page, "admin");
    const address = await openAccount(page, "hanna");
    for (const where of [`/domains/${address.split("@")[1]}`, "/audit", "/no-such-page"]) {
      await page.goto(at(where));
      await looksRight(page);
    }
  }));
