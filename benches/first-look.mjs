#!/usr/bin/env node
// First figures of the release binary, measured on loopback: size, time to ready, idle memory, what the panel adds to a
// reset over GleSYS's own time, and how long an account page takes. Needs Node 20; ends by itself within two minutes.
// Usage: cargo build --release && benches/first-look.mjs [path of the binary]

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const binary = process.argv[2] ?? join(process.env.CARGO_TARGET_DIR ?? "target", "release/nyckel");
const agent = new http.Agent({ keepAlive: true });
const sorted = (values) => [...values].sort((a, b) => a - b);
const quantile = (values, q) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * q))];
const ms = (value) => `${value.toFixed(1)} ms`;

/// One request; resolves to status, headers and body.
const ask = (url, { method = "GET", headers = {}, body } = {}) =>
  new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent, timeout: 10_000 }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString() }));
    });
    request.on("error", reject);
    request.on("timeout", () => request.destroy(new Error("no answer in 10 s")));
    request.end(body);
  });

const timed = async (work) => {
  const begun = performance.now();
  const result = await work();
  return [performance.now() - begun, result];
};

const form = (origin, cookie, fields) => ({
  method: "POST",
  headers: { origin, cookie, "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams(fields).toString(),
});

const stop = async (child) => {
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("exit", resolve));
};

/// Starts `nyckel serve` over an empty data directory and waits for it to be ready.
const measureStart = async (port) => {
  const dir = mkdtempSync(join(tmpdir(), "nyckel-bench-"));
  const env = {
    NYCKEL_DATA_DIR: join(dir, "data"), NYCKEL_LISTEN: `127.0.0.1:${port}`, NYCKEL_PUBLIC_URL: `http://127.0.0.1:${port}`,
    NYCKEL_GLESYS_URL: "http://127.0.0.1:9", NYCKEL_GLESYS_PROJECT: "cl12345", NYCKEL_GLESYS_API_KEY: "none", NYCKEL_LOG: "error",
  };
  const begun = performance.now();
  const child = spawn(binary, ["serve"], { env, stdio: "ignore" });
  let ready;
  while (!ready && performance.now() - begun < 5000) {
    ready = await ask(`http://127.0.0.1:${port}/readyz`).then(({ status }) => status === 200, () => false);
    if (!ready) await pause(2);
  }
  const took = performance.now() - begun;
  await pause(1000);
  const resident = Number(readFileSync(`/proc/${child.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;
  await stop(child);
  rmSync(dir, { recursive: true });
  return [took, resident];
};

const startDemo = async () => {
  const child = spawn(binary, ["demo", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const part of child.stdout) {
    said += part;
    if (/Sign in as\s+admin .*\n/.test(said)) break;
  }
  const [panel] = said.match(/http:\/\/\S+/);
  const simulator = said.match(/Simulator:\s+(\S+)/)[1];
  const staff = Object.fromEntries([...said.matchAll(/Sign in as\s+(\S+)\s+\S+\s+(\S+)/g)].map(([, name, password]) => [name, password]));
  return { child, origin: panel.replace(/\/$/, ""), simulator, staff };
};

const starts = [];
for (let round = 0; round < 5; round += 1) starts.push(await measureStart(18_230 + round));
const demo = await startDemo();
const { origin, simulator, staff } = demo;
const { domains } = JSON.parse((await ask(`${simulator}simulator/state`)).body);
const addresses = Object.values(domains).flatMap(({ accounts }) => Object.keys(accounts));
const auth = `Basic ${Buffer.from("cl12345:demo-key").toString("base64")}`;
const [direct, throughPanel, pages] = [[], [], []];
for (const [turn, name] of ["operator", "manager", "admin"].entries()) {
  const signedIn = await ask(`${origin}/sign-in`, form(origin, "", { name, password: staff[name] }));
  const cookie = signedIn.headers["set-cookie"].find((text) => text.startsWith("nyckel=")).split(";")[0];
  for (const address of addresses.slice(turn * 25, turn * 25 + 25)) {
    const account = `${origin}/accounts/${address}`;
    const [pageTook] = await timed(() => ask(account, { headers: { cookie } }));
    pages.push(pageTook);
    const { body } = await ask(`${account}/reset`, { headers: { cookie } });
    const token = body.match(/name="token" value="([^"]+)"/)[1];
    const [took, answer] = await timed(() => ask(`${account}/reset`, form(origin, cookie, { token })));
    if (answer.status !== 303) throw new Error(`a reset answered ${answer.status}`);
    throughPanel.push(took);
    const call = { method: "POST", headers: { authorization: auth, "content-type": "application/json", accept: "application/json" } };
    const [directTook] = await timed(() => ask(`${simulator}email/resetpassword`, { ...call, body: JSON.stringify({ emailaccount: address }) }));
    direct.push(directTook);
  }
}
await stop(demo.child);
agent.destroy();

const added = quantile(throughPanel, 0.5) - quantile(direct, 0.5);
console.log(`| binary | ${(statSync(binary).size / 2 ** 20).toFixed(1)} MiB |`);
console.log(`| ready after start, median of ${starts.length} | ${ms(quantile(starts.map(([took]) => took), 0.5))} |`);
console.log(`| resident when idle | ${quantile(starts.map(([, resident]) => resident), 0.5).toFixed(1)} MiB |`);
console.log(`| a reset: panel's answer minus GleSYS's own, medians of ${direct.length} | ${ms(added)} |`);
console.log(`| account page, one at a time: median, 99th percentile | ${ms(quantile(pages, 0.5))}, ${ms(quantile(pages, 0.99))} |`);
