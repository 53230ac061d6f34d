// The contact address of an account, and a reset whose link goes by mail: valid HTML, no accessibility rule broken, nothing to
// scroll sideways on a narrow phone; in light and English as in dark and Swedish. Nobody takes mail where the panel sends it.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";

import { at, demo, ends, openAccount, program, signIn, usePanel, withPage } from "./harness.mjs";
import { WIDE, tour } from "./looks.mjs";

const PASSWORD = "four words in a row";
const started = [];
let folder;

function runs(args, env, input) {
  return new Promise((done, fail) => {
    const child = execFile(program, args, { env }, (error, stdout) => (error ? fail(error) : done(stdout)));
    child.stdin.end(input);
  });
}

async function start() {
  folder = await mkdtemp(path.join(tmpdir(), "nyckel-mail-"));
  const glesys = spawn(program, ["simulate-glesys", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  started.push(glesys);
  let simulator;
  for await (const line of createInterface({ input: glesys.stdout })) {
    [simulator] = line.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
    if (simulator) break;
  }
  const free = createServer();
  await new Promise((listens) => free.listen(0, "127.0.0.1", listens));
  const panel = `127.0.0.1:${free.address().port}`;
  await new Promise((closed) => free.close(closed));
  const env = {
    ...process.env,
    NYCKEL_LISTEN: panel,
    NYCKEL_PUBLIC_URL: `http://${panel}`,
    NYCKEL_DATA_DIR: path.join(folder, "data"),
    NYCKEL_GLESYS_URL: simulator,
    NYCKEL_GLESYS_PROJECT: "cl12345",
    NYCKEL_GLESYS_API_KEY: "demo-key",
    NYCKEL_LOG: "error",
    NYCKEL_SMTP: "127.0.0.1:1/unencrypted",
    NYCKEL_SMTP_FROM: "it@example.se",
    NYCKEL_LINK_BY_MAIL: "any",
  };
  await runs(["staff", "add", "manager", "--role", "manager", "--password-stdin"], env, PASSWORD);
  demo.people.manager = { name: "manager", password: PASSWORD };
  Object.assign(demo, { panel: new URL(env.NYCKEL_PUBLIC_URL), simulator: new URL(simulator) });
  started.push(spawn(program, ["serve"], { env, stdio: "inherit" }));
  for (let tries = 0; ; tries++) {
    if (await fetch(at("/healthz")).then(({ ok }) => ok, () => false)) return;
    assert.ok(tries < 200, "the panel does not answer");
    await new Promise((later) => setTimeout(later, 50));
  }
}

async function stop() {
  for (const child of started.reverse()) await ends(child);
  await rm(folder, { recursive: true, force: true });
}

usePanel(start, stop);

for (const [theme, locale] of [["light", "en-GB"], ["dark", "sv-SE"]]) {
  const options = { colorScheme: theme, locale, viewport: WIDE, reducedMotion: "reduce" };

  test(`contact addresses and links by mail look right, ${theme}, ${locale}`, () =>
    withPage(options, async (page) => {
      const { sees, seesNow } = tour(page, theme);
      await signIn(page, "manager");
      const address = await openAccount(page, theme === "light" ? "gustav" : "linnea");
      const save = page.locator("main .button-main");
      await page.locator("details[data-menu] summary").click();
      await page.locator('details[data-menu] a[href$="/contact"]').click();
      await sees("contact-none");
      await page.locator("#contact").fill(address);
      await save.click();
      await page.locator("#contact-problem").waitFor();
      await sees("contact-refused");
      await page.locator("#contact").fill("a.rather.long.private.address.of.somebody@mail.elsewhere.example");
      await save.click();
      await page.locator("[role=status]").waitFor();
      await sees("contact-set");
      await page.locator("#contact").fill("other@elsewhere.example");
      await save.click();
      await page.locator("[role=status]").waitFor();
      await sees("contact-changed");
      await page.goto(at(`/accounts/${address}`));
      await sees("account-with-contact");

      await page.goto(at(`/accounts/${address}/reset`));
      await page.locator("#mail_to").waitFor({ state: "hidden" });
      await page.locator("input[name=hand_over][value=link]").check();
      await seesNow("confirm-mail");
      await page.locator("input[name=mail][value=typed]").check();
      await page.locator("#mail_to").fill(address);
      await page.locator("main form .button-danger").click();
      await page.locator("#mail_to-problem").waitFor();
      await sees("confirm-mail-refused");
      await page.locator("input[name=mail][value=contact]").check();
      await page.locator("main form .button-danger").click();
      await page.locator("#code").waitFor();
      await sees("link-not-mailed");
      await page.reload();
      await sees("by-link-not-mailed");
    }));
}
