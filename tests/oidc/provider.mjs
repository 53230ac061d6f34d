// A real OpenID Connect provider (npm's oidc-provider) for the browser journeys, with a few people in a few groups.
//
//     node provider.mjs REDIRECT-URL CLIENT-SECRET
//
// It prints its issuer. Its name is localhost, so that browsers take it for another site than 127.0.0.1. Nobody needs a
// password here; whoever presses "Not me" says no. It asks for no consent.

import { createServer } from "node:http";
import { text } from "node:stream/consumers";

import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const GROUPS = { helga: ["helpdesk"], ivar: ["it"], nils: ["football"], ebba: ["helpdesk"] };

const [redirect, secret] = process.argv.slice(2);
const server = createServer();
await new Promise((listening) => server.listen(0, "localhost", listening));
const issuer = `http://localhost:${server.address().port}`;

const { privateKey } = await generateKeyPair("RS256", { extractable: true });
const key = { ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: "one" };

const provider = new Provider(issuer, {
  clients: [{ client_id: "nyckel", client_secret: secret, redirect_uris: [redirect] }],
  jwks: { keys: [key] },
  cookies: { keys: ["only for these journeys"] },
  claims: { openid: ["sub", "groups"], email: ["email", "email_verified"], profile: ["preferred_username"] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 3600 },
  findAccount(_, id) {
    const claims = () => ({ sub: id, preferred_username: id, email: `${id}@example.se`, groups: GROUPS[id] });
    return GROUPS[id] && { accountId: id, claims };
  },
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

const page = `<!doctype html><html lang="en"><title>Example AB</title><link rel="icon" href="data:,"><h1>Who are you?</h1><form method="post">
<label>Name <input name="login" autofocus></label>
<button>Sign in</button> <button name="no" value="1">Not me</button></form></html>`;

server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return provider.callback()(request, response);
  if (request.method !== "POST") return response.setHeader("content-type", "text/html").end(page);
  const form = new URLSearchParams(await text(request));
  const said = form.has("no") ? { error: "access_denied" } : { login: { accountId: form.get("login") } };
  return provider.interactionFinished(request, response, said);
});

console.log(issuer);
