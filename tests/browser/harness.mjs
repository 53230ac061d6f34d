// Starts the built program as `nyckel demo` and a browser in front of it, for the journeys beside this file, and ends
// both. Every journey gets a context of its own: no cookie, cache or storage of another.
//
//     NYCKEL_BIN     the program; target/debug/nyckel where it isn't set
//     CHROMIUM       the browser; Debian's where it isn't set

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? "target";
export const program = process.env.NYCKEL_BIN ?? path.resolve(root, target, "debug/nyckel");
const ROLES = ["viewer", "operator", "manager", "auditor", "admin"];

// Without these the browser keeps trying hosts of its maker.
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The running demo: `panel` and `simulator` (addresses), `people` (role → name and password); soon after, `owner` (link and
 * code); where there is one, `provider`.
 */
export const demo = { people: {} };
let browser;
let running;

/** Call once in a file of journeys, before the first of them; `begun` is awaited once the demo runs with `settings`. */
export const useDemo = (begun, settings = {}) => usePanel(() => startDemo(settings), () => ends(running), begun);

/** The same with a panel that `start` starts and tells in `demo`, and `stop` stops. */
export function usePanel(start, stop, begun) {
  before(async () => {
    await start();
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: FLAGS,
      // Playwright switches the back/forward cache off; the one thing that must not happen happens there.
      ignoreDefaultArgs: ["--disable-back-forward-cache"],
    });
    await begun?.();
  }, { timeout: 60_000 });
  after(async () => {
    await browser?.close();
    await stop();
  }, { timeout: 30_000 });
}

async function startDemo(settings) {
  const env = { ...process.env, ...settings };
  running = spawn(program, ["demo", "--listen", "127.0.0.1:0"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((_, fail) => {
    running.once("error", fail);
    running.once("exit", (code, signal) => fail(new Error(`nyckel demo ended early: ${code ?? signal}`)));
  });
  // Ending is only a failure while we wait for it.
  ended.catch(() => {});
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(fail, 30_000, new Error("nyckel demo did not say how to sign in within 30 s"));
  });
  await Promise.race([readSignIns(running.stdout), ended, late]).finally(() => clearTimeout(timer));
}

/** Reads what the demo prints, to the last sign-in; later output is thrown away, so that the pipe never fills. */
function readSignIns(output) {
  return new Promise((done) => {
    createInterface({ input: output }).on("line", (line) => {
      const [, key, rest] = line.match(/^ +(Panel:|Simulator:|Sign in as|An owner:) +(.*)$/) ?? [];
      if (key === "Panel:") demo.panel = new URL(rest.trim());
      if (key === "Simulator:") demo.simulator = new URL(rest.split(" ")[0]);
      if (key === "An owner:") demo.owner = rest.match(/^(\S+) +\(code (.*)\)$/)?.slice(1);
      if (key === "Sign in as") {
        const [role, name, password] = rest.split(/ +/);
        demo.people[role] = { name, password };
      }
      if (demo.panel && demo.simulator && ROLES.every((role) => demo.people[role])) done();
    });
  });
}

/** Ends a program that was started, and waits for its end. */
export async function ends(child) {
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  const hard = setTimeout(() => child.kill("SIGKILL"), 10_000);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(hard);
}

const documents = new WeakMap();

/** Runs a story on a fresh page; whatever the page complains about (script, policy, other hosts) fails it. */
export async function withPage(options, story) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1100, height: 800 }, ...options });
  const complaints = [];
  context.on("request", (request) => {
    const url = new URL(request.url());
    const own = [demo.panel.origin, demo.provider?.origin];
    if (url.protocol.startsWith("http") && !own.includes(url.origin)) complaints.push(`asked ${url}`);
  });
  context.on("page", (page) => {
    page.on("response", (response) => {
      const leadsOn = response.status() >= 300 && response.status() < 400;
      if (response.request().resourceType() === "document" && !leadsOn) documents.set(page, response);
    });
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("console", (message) => {
    // A page that says no does so with its status too, which the browser notes; a file that is missing is none of these.
    const saysNo = message.location().url === message.page()?.url() && /status of (4\d\d|503) /.test(message.text());
    if (["error", "warning"].includes(message.type()) && !saysNo) complaints.push(message.text());
  });
  // Leaving a password that was not copied asks first; the stories mean to leave.
  context.on("dialog", (dialog) => dialog.accept());
  context.setDefaultTimeout(15_000);
  try {
    await story(await context.newPage(), context);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

/** What the panel sent as the page's last document, before any script; and how: status, headers. */
export const documentOf = (page) => documents.get(page);

/** A page of the panel, by its path. */
export function at(where) {
  return new URL(where.replace(/^\//, ""), demo.panel).href;
}

/** Signs the demo's person of that role in; ends on the overview. In any language. */
export async function signIn(page, role) {
  await page.goto(at("/sign-in"));
  await page.locator("#name").fill(demo.people[role].name);
  await page.locator("#password").fill(demo.people[role].password);
  await page.locator("main .button-main").click();
  await page.getByRole("searchbox").first().waitFor();
}

/** Opens the first account that a search finds; tells its address. A search that finds but one leads there by itself. */
export async function openAccount(page, query) {
  await page.goto(at(`/?q=${encodeURIComponent(query)}`));
  if (!addressIn(page.url())) await page.locator('main a[href*="/accounts/"]').first().click();
  await page.waitForURL(/\/accounts\//);
  return addressIn(page.url());
}

/** Goes back or forward. Not to the load of the page: one from the back/forward cache is not loaded again. */
export const goBack = (page) => page.goBack({ waitUntil: "commit" });
export const goForward = (page) => page.goForward({ waitUntil: "commit" });

/** The address that a page of the panel is about. */
export function addressIn(url) {
  const [, address] = new URL(url).pathname.match(/\/accounts\/([^/]+)/) ?? [];
  return decodeURIComponent(address ?? "");
}

/** Confirms a reset from the account's page, in any language, without waiting for its end. */
export async function confirmReset(page) {
  await page.locator("details[data-menu] summary").click();
  await page.locator('details[data-menu] a[href$="/reset"]').click();
  await page.locator("main form button").click();
}

/** Confirms a reset from the account's page; ends on the page that shows the password, which it tells. */
export async function reset(page) {
  await confirmReset(page);
  return shownPassword(page);
}

/** Confirms a reset whose password goes to the owner, from the account's page; ends on link and code, which it tells. */
export async function resetByLink(page) {
  await page.locator("details[data-menu] summary").click();
  await page.locator('details[data-menu] a[href$="/reset"]').click();
  await page.locator("input[name=hand_over][value=link]").check();
  await page.locator("main form button").click();
  const [link, code] = await Promise.all(["#link", "#code"].map((shown) => page.locator(shown).textContent()));
  return { link: link.trim(), code: code.trim() };
}

/** The password on the page, once there is one. */
export async function shownPassword(page) {
  return page.locator("#password").textContent();
}

/** The page's main heading, once it begins with that text. */
export const heading = (page, text) => page.getByRole("heading", { level: 1, name: new RegExp(`^${text}`) }).waitFor();

/** Waits for what work under way comes to; without scripts somebody has to look again. */
export async function comesTo(page, words, javaScriptEnabled) {
  const come = page.getByText(words);
  const again = page.getByRole("link", { name: "Refresh" });
  for (let looks = 0; !javaScriptEnabled && looks < 40 && !(await come.isVisible()); looks += 1) {
    await page.waitForTimeout(500);
    if (await again.isVisible()) await again.click();
  }
  await come.waitFor({ timeout: 20_000 });
}

/** The focus, once it is on what the selector names: the browser gives it when it draws the page, not when it has loaded it. */
export const focusOn = (page, selector) => page.locator(`${selector}:focus`).waitFor();

/** What the simulated GleSYS takes as the account's password now. */
export async function currentPassword(address) {
  const { password } = await simulator(`accounts/${address}`);
  return password;
}

/** How many resets of the account the simulated GleSYS was asked for. */
export async function resetsOf(address) {
  const calls = await simulator("calls");
  return calls.filter((call) => call.function === "email/resetpassword" && call.address === address).length;
}

/** Asks the simulated GleSYS, or tells it something: `simulator("faults", { fault: "hang-before" })`. */
export async function simulator(what, body) {
  const method = body === undefined ? "GET" : "POST";
  const answer = await fetch(new URL(`simulator/${what}`, demo.simulator), { method, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, `${answer.url}: ${answer.status}`);
  return answer.json();
}

/** Plugs a security key in that its owner's PIN opens. */
export async function plugIn(page, options) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable", { enableUI: false });
  const usual = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: { ...usual, automaticPresenceSimulation: true, ...options },
  });
  return {
    turn: (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    unplug: () => cdp.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId }),
    holds: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
  };
}

/** Adds a passkey from the profile; ends on the recovery codes of whoever had none. In any language. */
export async function addPasskey(page, label, person) {
  await page.goto(at("/profile"));
  await page.locator('a[href$="/passkeys/new"]').click();
  await proves(page, person);
  await page.locator("#label").fill(label);
  await page.locator("main .button-main").click();
}

/** Proves anew who one is where the page asks: with a passkey where there is one, else with the password. */
export async function proves(page, person) {
  if (!page.url().includes("/sign-in/again")) return;
  const passkey = page.locator("form[data-passkey] button");
  if (await passkey.count()) {
    await passkey.click();
  } else {
    await page.locator("#password").fill(demo.people[person].password);
    await page.locator("main .button-main").click();
  }
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in/again"));
}

/** What a button gives the clipboard, without leave to read it back, which the panel's own pages don't have. */
export async function copied(page, button) {
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => (document.body.dataset.copied = text);
  });
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByText("Copied", { exact: true }).waitFor();
  return page.locator("body").getAttribute("data-copied");
}

/** What an authenticator app shows for a key: RFC 6238 with SHA-1, six digits, half a minute. */
export function codeOf(key) {
  const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key.replaceAll(/\s/g, "")].map((sign) => signs.indexOf(sign).toString(2).padStart(5, "0")).join("");
  const seed = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", seed).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}
