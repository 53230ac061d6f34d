// Signing in at a real OpenID Connect provider (tests/oidc), which is another site than the panel: passwords of the panel's
// own are switched off. What a provider may do wrong is told in tests/site/sign_ins/misbehaving_provider.rs.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { promisify } from "node:util";

import { at, currentPassword, demo, ends, goBack, heading, program, root, shownPassword, usePanel, withPage } from "./harness.mjs";
import { tour } from "./looks.mjs";

const SECRET = "a secret that only the two of them know";
// A proof of who one is goes stale while a story waits a little.
const FRESH_SECONDS = 5;
const started = [];
let settings;
let folder;

/** Starts a program; tells what stands in the first line of its output that the pattern finds. */
async function starts(command, args, env, pattern) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const found = line.match(pattern);
    if (found) return found[0];
  }
  throw new Error(`${command} ${args[0]} said nothing`);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function answers(url) {
  for (let tries = 0; tries < 200; tries++) {
    if (await fetch(url).then(({ ok }) => ok, () => false)) return;
    await new Promise((later) => setTimeout(later, 50));
  }
  throw new Error(`${url} does not answer`);
}

const nyckel = (args, input) => {
  const running = promisify(execFile)(program, args, { env: { ...process.env, ...settings } });
  running.child.stdin.end(input);
  return running.then(({ stdout }) => stdout);
};

async function start() {
  folder = await mkdtemp(path.join(tmpdir(), "nyckel-sso-"));
  const panel = `http://127.0.0.1:${await freePort()}`;
  const simulator = await starts(program, ["simulate-glesys", "--listen", "127.0.0.1:0"], {}, /http:\/\/127\.0\.0\.1:\d+/);
  const script = path.join(root, "tests/oidc/provider.mjs");
  const issuer = await starts("node", [script, `${panel}/sign-in/sso/callback`, SECRET], {}, /^http:.*/);
  settings = {
    NYCKEL_LISTEN: new URL(panel).host,
    NYCKEL_PUBLIC_URL: panel,
    NYCKEL_DATA_DIR: path.join(folder, "data"),
    NYCKEL_GLESYS_URL: simulator,
    NYCKEL_GLESYS_PROJECT: "cl12345",
    NYCKEL_GLESYS_API_KEY: "demo-key",
    NYCKEL_FRESH_SIGN_IN: `${FRESH_SECONDS}s`,
    NYCKEL_LOG: "warn",
    NYCKEL_LOCAL_SIGN_IN: "off",
    NYCKEL_OIDC_ISSUER: issuer,
    NYCKEL_OIDC_CLIENT_ID: "nyckel",
    NYCKEL_OIDC_CLIENT_SECRET: SECRET,
    NYCKEL_OIDC_NAME: "Example AB",
    NYCKEL_OIDC_GROUPS: "helpdesk=operator; it=admin",
  };
  Object.assign(demo, { panel: new URL(panel), simulator: new URL(simulator), provider: new URL(issuer) });
  assert.match(await nyckel(["check"]), /single sign-on: good/);
  await nyckel(["staff", "add", "root", "--role", "admin", "--password-stdin"], "four words in a row");
  started.push(spawn(program, ["serve"], { env: { ...process.env, ...settings }, stdio: "inherit" }));
  await answers(`${panel}/healthz`);
}

async function stop() {
  for (const child of started.reverse()) await ends(child);
  await rm(folder, { recursive: true, force: true });
}

usePanel(start, stop);

const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();
const signInThere = (page) => press(page, "Sign in with Example AB");

/** Says at the provider who one is. */
async function is(page, name) {
  await heading(page, "Who are you");
  await page.getByLabel("Name").fill(name);
  await press(page, "Sign in");
}

const untilStale = (page) => page.waitForTimeout(FRESH_SECONDS * 1000 + 300);

test("whoever signs in at the provider lands where they were going, and proves there anew who they are for a reset", () =>
  withPage({}, async (page) => {
    await page.goto(at("/?q=sara"));
    const account = await page.locator("main a[href*='/accounts/']").count();
    assert.equal(account, 0);
    await signInThere(page);
    await is(page, "helga");
    await page.waitForURL(at("/?q=sara"));
    await page.getByRole("link", { name: "helga" }).waitFor();
    // The session's cookie is Strict, and yet the first page after the provider's had it.
    await page.locator("main a[href*='/accounts/']").first().click();
    await page.waitForURL(/\/accounts\//);
    const address = decodeURIComponent(new URL(page.url()).pathname.split("/").at(-1));

    await page.goto(at(`/accounts/${address}/reset`));
    await untilStale(page);
    const before = await page.context().cookies(demo.panel.href);
    await page.locator("#ticket").fill("812 & åäö");
    await press(page, "Reset password");
    await heading(page, "Confirm it’s you");
    await press(page, "Go to Example AB");
    // Although the provider knows them already.
    await is(page, "helga");
    await heading(page, "Reset the password of");
    assert.equal(await page.locator("#ticket").inputValue(), "812 & åäö");
    const after = await page.context().cookies(demo.panel.href);
    const session = (cookies) => cookies.find(({ name }) => name === "nyckel").value;
    assert.notEqual(session(before), session(after));
    assert.ok(after.every(({ sameSite, httpOnly }) => sameSite === "Strict" && httpOnly));
    await press(page, "Reset password");
    assert.equal(await shownPassword(page), await currentPassword(address));
  }));

test("the way there and back works without JavaScript, with one more press", () =>
  withPage({ javaScriptEnabled: false }, async (page) => {
    await page.goto(at("/profile"));
    await signInThere(page);
    await is(page, "ebba");
    await heading(page, "Back again");
    await press(page, "Continue");
    await page.waitForURL(at("/profile"));
    await page.getByText("You sign in by single sign-on.").waitFor();
    await press(page, "Sign out");
    await page.getByText("You have signed out.").waitFor();
  }));

test("whoever is in no group that counts, or says no, is told so and not signed in", () =>
  withPage({}, async (page) => {
    await page.goto(at("/"));
    await signInThere(page);
    await is(page, "nils");
    await page.getByText("you are in no group that may sign in here").waitFor();
    await page.goto(at("/profile"));
    await heading(page, "Sign in");
    await page.context().clearCookies({ domain: "localhost" });
    await signInThere(page);
    await heading(page, "Who are you");
    await press(page, "Not me");
    await page.getByText("You cancelled at Example AB").waitFor();
  }));

test("going back leads past the pages in between", () =>
  withPage({}, async (page) => {
    await page.goto(at("/sign-in"));
    await signInThere(page);
    await heading(page, "Who are you");
    await goBack(page);
    await heading(page, "Sign in");
    await signInThere(page);
    await is(page, "helga");
    await page.getByRole("searchbox").first().waitFor();
    await goBack(page);
    await heading(page, "Who are you");
  }));

test("with passwords switched off a link of the command line's lets an admin in, once", () =>
  withPage({}, async (page) => {
    await page.goto(at("/sign-in"));
    assert.equal(await page.locator("#password").count(), 0);
    const told = await nyckel(["staff", "sign-in-link", "root"]);
    const link = told.match(/http:\S+/)[0];
    await page.goto(link);
    await press(page, "Sign in as root");
    await page.getByRole("link", { name: "root" }).waitFor();
    await page.goto(link);
    await heading(page, "This link can’t be used");
    await assert.rejects(nyckel(["staff", "sign-in-link", "helga"]), /no admin of the panel's own/);
  }));

for (const [theme, locale, button] of [
  ["light", "en-GB", "Sign in with Example AB"],
  ["dark", "sv-SE", "Logga in med Example AB"],
]) {
  test(`the pages of single sign-on look right, ${theme}, ${locale}`, () =>
    withPage({ colorScheme: theme, locale, reducedMotion: "reduce" }, async (page) => {
      const { sees } = tour(page, theme);
      await page.goto(at("/profile"));
      await sees("sso-sign-in");
      await page.goto(at("/sign-in/sso/callback?state=x&error=x"));
      await page.getByRole("alert").waitFor();
      await sees("sso-refused");
      const told = await nyckel(["staff", "sign-in-link", "root"]);
      await page.goto(told.match(/http:\S+/)[0]);
      await sees("sso-link");
      await page.goto(at("/sign-in"));
      await press(page, button);
      await is(page, "ivar");
      await page.getByRole("searchbox").first().waitFor();
      await page.goto(at("/profile"));
      await sees("sso-profile");
      await untilStale(page);
      await page.goto(at("/sign-in/again?next=/profile"));
      await sees("sso-again");
      await page.goto(at("/staff"));
      await sees("sso-staff");
      await page.getByRole("link", { name: "helga" }).click();
      await sees("sso-staff-member");
    }));
}
