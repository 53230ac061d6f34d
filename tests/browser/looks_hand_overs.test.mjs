// Every page of a hand-over by link, of staff and of owners: valid HTML, no accessibility rule broken, nothing to scroll
// sideways on a narrow phone; in light and English as in dark and Swedish.

import { test } from "node:test";

import { at, openAccount, resetByLink, signIn, useDemo, withPage } from "./harness.mjs";
import { WIDE, forReadme, forReadmeOnPhone, tour } from "./looks.mjs";

useDemo();

for (const [theme, locale] of [["light", "en-GB"], ["dark", "sv-SE"]]) {
  const options = { colorScheme: theme, locale, viewport: WIDE, reducedMotion: "reduce" };

  test(`the pages of a hand-over by link look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees, seesNow } = tour(page, theme);
      await signIn(page, theme === "light" ? "operator" : "manager");
      const address = await openAccount(page, theme === "light" ? "gustav" : "linnea");
      await page.goto(at(`/accounts/${address}/reset`));
      await page.locator("input[name=hand_over][value=link]").check();
      await seesNow("confirm-by-link");
      await page.goto(at(`/accounts/${address}`));
      const { link, code } = await resetByLink(page);
      const operation = page.url();
      await sees("link-and-code");
      await forReadme(page, "link.png", theme);
      await page.locator("details.fold summary").click();
      await seesNow("link-and-code-spelt");
      await page.goto(at(`/accounts/${address}`));
      await sees("account-link-waits");
      await page.goto(at("/"));
      await sees("overview-link-waits");
      await page.goto(operation);
      await sees("by-link-waits");

      await withPage(options, async (owner) => {
        const { sees } = tour(owner, theme);
        await owner.goto(link);
        await sees("owner-code");
        await forReadmeOnPhone(owner, "owner-code.png", theme);
        await owner.locator("#code").fill(code === "00000000" ? "11111111" : "00000000");
        await owner.locator("main form button").click();
        await owner.locator("#code-problem").waitFor();
        await sees("owner-wrong-code");
        await owner.locator("#code").fill(code);
        await owner.locator("main form button").click();
        await owner.locator("#password").waitFor();
        await sees("owner-password");
        await forReadmeOnPhone(owner, "owner-password.png", theme);
        await owner.goto(link);
        await sees("owner-read");
        await owner.goto(link.slice(0, -1));
        await sees("owner-refused");
      });

      await page.reload();
      await sees("by-link-read");
      await page.goto(at(`/accounts/${address}`));
      await sees("account-link-read");
    }));
}
