// The pages that change accounts and aliases, one or several, as looks.test.mjs looks at all others.

import assert from "node:assert/strict";
import { test } from "node:test";

import { at, signIn, simulator, useDemo, withPage } from "./harness.mjs";
import { WIDE, tour } from "./looks.mjs";

useDemo();

for (const [theme, locale] of [["light", "en-GB"], ["dark", "sv-SE"]]) {
  const options = { colorScheme: theme, locale, viewport: WIDE, reducedMotion: "reduce" };

  test(`the pages that change accounts look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees, seesNow } = tour(page, theme);
      await signIn(page, "manager");
      await page.goto(at("/domains/example.se/accounts/new"));
      await sees("account-new");
      await page.locator("#local").fill("anna b");
      await page.locator("#quota").fill("many");
      await page.locator("#reply").check();
      await page.locator("main form button").click();
      await page.locator("#local-problem").waitFor();
      await sees("account-new-wrong");
      const denied = { status: { http: 401, code: 401, text: "No permission", envelope: true } };
      await simulator("faults", { function: "email/createaccount", fault: denied });
      await page.locator("#local").fill(`new-${theme}`);
      await page.locator("#quota").fill("2");
      await page.locator("#reply").uncheck();
      await page.locator("main form button").click();
      await page.waitForURL(/operations/);
      await sees("account-not-created");
      await page.locator("main .button-main").click();
      await page.locator(".notice-warn").waitFor();
      await sees("account-new-after");
      await page.locator("#quota").fill("2");
      await page.locator("#reply").uncheck();
      await page.locator("main form button").click();
      await page.locator("#password").waitFor();
      await sees("account-new-result");
      await page.locator('a[href*="shown="]').click();
      await page.locator(".notice-good").waitFor();
      const address = `new-${theme}@example.se`;
      await page.goto(at(`/accounts/${address}`));
      await page.locator("details[data-menu] summary").click();
      await seesNow("account-manager-actions");
      await page.goto(at(`/accounts/${address}/edit`));
      await sees("account-edit");
      const form = await page.locator("#quota").inputValue();
      assert.equal(form, "2");
      const other = await page.context().newPage();
      await other.goto(at(`/accounts/${address}/edit`));
      await other.locator("#quota").fill("9");
      await other.locator("#text").fill("Away until Monday.\nWrite to info@example.se instead.");
      await other.locator("main form button").click();
      await other.locator(".notice-good").waitFor();
      await other.close();
      await page.locator("#quota").fill("3");
      await page.locator("main form button").click();
      await page.locator(".notice-warn .lines").waitFor();
      await sees("account-edit-conflict");
      await page.locator("main form button").click();
      await page.locator(".notice-good").waitFor();
      await sees("account-saved");
      await page.goto(at(`/accounts/${address}/lock-out`));
      await sees("account-lock-out");
      await page.locator("#ticket").fill("INC-812");
      await page.locator("main form button").click();
      await page.waitForURL(/operations/);
      await sees("account-locked-out");
      await page.locator("main .button-main").click();
      await page.locator(".notice-warn").waitFor();
      await sees("account-is-locked-out");
      await page.goto(at(`/accounts/${address}/reset`));
      await sees("account-reset-of-locked-out");
      await page.goto(at("/domains/example.se?filter=new-"));
      await page.locator("th .mark-warn").first().waitFor();
      await sees("domain-with-locked-out");
      await page.goto(at(`/accounts/${address}/delete`));
      await sees("account-delete");
      await page.locator("#address").fill("anna@example.se");
      await page.locator("main form button").click();
      await page.locator("#address-problem").waitFor();
      await sees("account-delete-wrong");
      await page.locator("#address").fill(address);
      await page.locator("main form button").click();
      await page.waitForURL(/operations/);
      await sees("account-deleted");
    }));

  test(`the pages that change aliases look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees } = tour(page, theme);
      await signIn(page, "manager");
      await page.goto(at("/domains/example.se/aliases/new"));
      await sees("alias-new");
      await page.locator("#local").fill(`look-${theme}`);
      await page.locator("#targets").fill("nonsense");
      await page.locator("main form button").click();
      await page.locator("#targets-problem").waitFor();
      await sees("alias-new-wrong");
      await page.locator("#targets").fill("someone@elsewhere.example");
      const refused = { status: { http: 400, code: 400, text: "Invalid goto", envelope: true } };
      await simulator("faults", { function: "email/createalias", fault: refused });
      await page.locator("main form button").click();
      await page.locator(".notice-warn").waitFor();
      await sees("alias-new-refused");
      await page.locator("main form button").click();
      await page.locator(".notice-good").waitFor();
      await sees("alias-created");
      await page.goto(at(`/aliases/look-${theme}@example.se/edit`));
      await sees("alias-edit");
      await page.locator("#targets").fill("");
      await page.locator("#targets").evaluate((field) => field.removeAttribute("required"));
      await page.locator("main form button").click();
      await page.locator("#targets-problem").waitFor();
      await sees("alias-edit-wrong");
      await page.goto(at(`/aliases/look-${theme}@example.se/delete`));
      await sees("alias-delete");
      await page.locator("main form button").click();
      await page.waitForURL(/operations/);
      await sees("alias-deleted");
    }));

  test(`the pages that change several accounts look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees, seesNow } = tour(page, theme);
      const begin = () => page.locator('form[action$="/begin"] button').click();
      await signIn(page, "manager");
      await page.goto(at("/domains/nordvik.example/bulk?filter=an"));
      await sees("bulk");
      await page.locator("#action").selectOption("quota");
      await page.locator("form[method=post] .button-main").click();
      await page.locator("#quota-problem").waitFor();
      await page.locator("#accounts-problem").waitFor();
      await sees("bulk-wrong");
      await page.goto(at("/domains/nordvik.example/bulk?filter=an"));
      await page.locator("button[value=all]").click();
      await page.waitForURL(/draft=/);
      await page.locator("#action").selectOption("quota");
      await page.locator("#quota").fill(theme === "light" ? "3" : "4");
      await seesNow("bulk-chosen");
      await page.locator("form[method=post] .button-main").click();
      await page.waitForURL(/batches/);
      await sees("batch-confirm");
      await simulator("faults", { function: "email/editaccount", fault: { slow: 4000 }, times: { count: 2 } });
      await begin();
      await page.locator(".working").waitFor();
      // It would go on in the middle of being looked at; an answer without a page lets it stay.
      await page.route("**/batches/*", (route) => route.fulfill({ status: 204, contentType: "text/html" }));
      await sees("batch-running");
      await page.unroute("**/batches/*");
      await page.locator('form[action$="/stop"] button').click();
      await page.locator('.notice-warn, form[action$="/begin"]').first().waitFor();
      await page.locator(".mark-good").nth(1).waitFor();
      await page.reload();
      await sees("batch-stopped");
      await begin();
      await page.locator(".notice-good").waitFor();
      await sees("batch-done");
      await page.locator('main a[href*="/operations/"]').first().click();
      await page.waitForURL(/operations/);
      await sees("operation");
    }));
}
