// Searching while one types, when the panel can't answer.

import { test } from "node:test";

import { signIn, useDemo, withPage } from "./harness.mjs";

useDemo();

test("the search says when it can't look, and goes on when it can", () =>
  withPage({}, async (page, context) => {
    await signIn(page, "operator");
    const field = page.locator("#q");
    const cookies = await context.cookies();
    await context.clearCookies();
    await field.fill("anna");
    const alert = page.getByRole("alert");
    await alert.getByText("You are no longer signed in").waitFor();

    // Signed in again in another tab.
    await context.addCookies(cookies);
    await field.fill("ann");
    await page.locator("[data-hits]").waitFor();
    await alert.waitFor({ state: "detached" });

    await page.route(/\?q=/, (route) => route.fulfill({ status: 204, contentType: "text/html" }), { times: 1 });
    await field.fill("anna");
    await alert.getByText("The panel can’t be reached").waitFor();
    // It looks again by itself.
    await alert.waitFor({ state: "detached" });
  }));
