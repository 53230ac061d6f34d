// Every page of what takes two people, of who asks and of who approves: valid HTML, no accessibility rule broken, nothing to
// scroll sideways on a narrow phone; in light and English as in dark and Swedish.

import { test } from "node:test";

import { at, demo, openAccount, signIn, useDemo, withPage } from "./harness.mjs";
import { WIDE, tour } from "./looks.mjs";

useDemo(undefined, { NYCKEL_SECOND_PERSON: "*@*,bulk" });

for (const [theme, locale] of [["light", "en-GB"], ["dark", "sv-SE"]]) {
  const options = { colorScheme: theme, locale, viewport: WIDE, reducedMotion: "reduce" };

  test(`the pages of two people look right, ${theme}, ${locale}`, () =>
    withPage(options, async (asker) => {
      const { sees, seesNow } = tour(asker, theme);
      await signIn(asker, "operator");
      const address = await openAccount(asker, theme === "light" ? "gustav" : "linnea");
      await asker.goto(at(`/accounts/${address}/reset`));
      await sees("takes-two");
      await asker.locator("main a.button-main").click();
      await asker.locator("#ticket").waitFor();
      await seesNow("ask");
      await asker.locator("#ticket").fill("INC-812");
      await asker.locator("main form button").click();
      await asker.locator("main form[action$='/withdraw']").waitFor();
      await sees("approval-asked");
      const approval = new URL(asker.url()).pathname;
      await asker.goto(at("/"));
      await sees("overview-asked");

      await withPage(options, async (giver) => {
        const { sees } = tour(giver, theme);
        await signIn(giver, "manager");
        await sees("overview-for-you");
        await giver.locator("section[aria-labelledby=for-you] a").first().click();
        await giver.locator("#proof").waitFor();
        await sees("approval-to-give");
        await giver.locator("#proof").fill(demo.people.manager.password);
        await giver.locator("main form[action$='/give'] button").click();
        await giver.locator(".notice-good").waitFor();
        await sees("approval-i-gave");
      });

      await asker.goto(at(approval));
      await sees("approval-given");
      await asker.locator("main a.button-main").click();
      await asker.locator("main form[action$='/reset']").waitFor();
      await seesNow("confirm-approved");
      await asker.locator("main form .button-danger").click();
      await asker.locator("#password").waitFor();
      await asker.goto(at(approval));
      await sees("approval-used");
    }));
}
