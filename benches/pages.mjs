#!/usr/bin/env node
// How many pages a second a signed-in person could have, beside /healthz, which goes through the same layers and does
// nothing: a domain of 500 accounts, and one account. Release binary, 16 connections, loopback; the load generator takes
// part of the same cores. Needs Node 20 and wrk (Debian: wrk); ends by itself within a minute.
// Usage: cargo build --release && benches/pages.mjs [path of the binary]

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const binary = process.argv[2] ?? join(process.env.CARGO_TARGET_DIR ?? "target", "release/nyckel");
const dir = mkdtempSync(join(tmpdir(), "nyckel-pages-"));
const [panel, simulator] = ["127.0.0.1:18240", "127.0.0.1:18241"];
const origin = `http://${panel}`;
const password = "calm otters read the long list";

const people = Array.from({ length: 500 }, (_, n) => [`person${n}.surname@example.se`, { usedquotainmib: n * 2 }]);
writeFileSync(join(dir, "state.json"), JSON.stringify({ domains: { "example.se": { accounts: Object.fromEntries(people) } } }));
const env = {
  NYCKEL_DATA_DIR: join(dir, "data"), NYCKEL_LISTEN: panel, NYCKEL_PUBLIC_URL: origin, NYCKEL_GLESYS_URL: `http://${simulator}`,
  NYCKEL_GLESYS_PROJECT: "cl12345", NYCKEL_GLESYS_API_KEY: "demo-key",
};

/// Milliseconds of processor time that a process has used.
const used = ({ pid }) => {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

/// Requests a second, slowest of a hundred, and processor time a request.
const load = (server, path, cookie) => {
  const before = used(server);
  const said = spawnSync("wrk", ["-t1", "-c16", "-d5s", "--latency", "-H", `Cookie: ${cookie}`, `${origin}${path}`], { encoding: "utf8" }).stdout;
  if (!said || /Non-2xx|Socket errors/.test(said)) throw new Error(`wrk on ${path}: ${said ?? "is it installed?"}`);
  const [, count] = said.match(/(\d+) requests in/);
  const [, slowest] = said.match(/\n\s+99%\s+(\S+)/);
  return { rate: Number(said.match(/Requests\/sec:\s+(\S+)/)[1]), slowest, cost: ((used(server) - before) * 1000) / Number(count) };
};

const begin = (...words) => spawn(binary, words, { env, stdio: "ignore" });
const glesys = begin("simulate-glesys", "--listen", simulator, "--state", join(dir, "state.json"));
spawnSync(binary, ["staff", "add", "eva", "--role", "viewer", "--password-stdin"], { env, input: password });
const server = begin("serve");
try {
  await pause(3000);
  const headers = { origin, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams({ name: "eva", password });
  const answer = await fetch(`${origin}/sign-in`, { method: "POST", redirect: "manual", headers, body });
  const cookie = answer.headers.getSetCookie().find((text) => text.startsWith("nyckel=")).split(";")[0];
  const pages = [["/healthz", "/healthz"], ["list of 500 accounts", "/domains/example.se"], [`account`, `/accounts/${people[7][0]}`]];
  const told = pages.map(([name, path]) => [name, load(server, path, cookie)]);
  const most = told[0][1].rate;
  console.log("| page | a second | of /healthz | 99th percentile | processor time |\n|---|---|---|---|---|");
  for (const [name, { rate, slowest, cost }] of told) {
    console.log(`| ${name} | ${rate.toFixed(0)} | ${(rate / most).toFixed(2)} | ${slowest} | ${cost.toFixed(0)} µs |`);
  }
} finally {
  for (const child of [server, glesys]) child.kill("SIGTERM");
  await pause(500);
  rmSync(dir, { recursive: true });
}
