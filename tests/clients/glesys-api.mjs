// Runs the npm package `glesys-api` (10.1.0, unchanged) against a running simulator: every email function it has, what
// it has around them, and how it meets refusals and faults.
//
//     NYCKEL_SIMULATOR_URL=http://127.0.0.1:1234 node glesys-api.mjs
//
// The simulator must serve generated data to the project cl12345 with the key demo-key. Prints one line a check, ends
// within a minute, and fails (exit 1) if any check does. What it makes it deletes again; planned faults are cleared.

import assert from 'node:assert/strict';
import https from 'node:https';
import net from 'node:net';

import { GleSYSAPI } from 'glesys-api';

const url = process.env.NYCKEL_SIMULATOR_URL;
if (!/^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+\/?$/.test(url ?? '')) {
    console.error('NYCKEL_SIMULATOR_URL must be the address of a simulator on loopback, like http://127.0.0.1:1234');
    process.exit(1);
}
const simulator = new URL(url);

// The client knows one address, https://api.glesys.com, and has no option for another. Node's global agent decides where
// an https request's bytes go: here, without TLS, to the simulator. So nothing can reach the real GleSYS either.
class ToSimulator extends https.Agent {
    createConnection() {
        return net.connect(Number(simulator.port), simulator.hostname.replace(/[[\]]/g, ''));
    }
}
https.globalAgent = new ToSimulator();

const deadline = setTimeout(() => fail('all checks within a minute', new Error('they took longer')), 60_000);
const { email, account, api } = new GleSYSAPI({ apiUser: 'cl12345', apiKey: 'demo-key' });

let failures = 0;

async function check(sentence, story) {
    try {
        await story();
        console.log(`ok    ${sentence}`);
    } catch (error) {
        failures += 1;
        console.log(`FAIL  ${sentence}: ${error.message}`);
    }
}

function fail(sentence, error) {
    console.log(`FAIL  ${sentence}: ${error.message}`);
    process.exit(1);
}

async function said(call) {
    const { body } = await call;
    assert.equal(body.response.status.code, 200);
    assert.equal(body.response.status.text, 'OK');
    return body.response;
}

async function refused(call, status, text) {
    const error = await call.then(() => assert.fail('was not refused'), (error) => error);
    assert.equal(error.response?.statusCode, status, error.message);
    const { response } = error.response.body;
    assert.equal(response.status.code, status);
    assert.match(response.status.text, text);
    return error.response;
}

async function control(path, body, method = body === undefined ? 'GET' : 'POST') {
    const answer = await fetch(new URL(`/simulator/${path}`, simulator), { method, body: JSON.stringify(body) });
    assert.equal(answer.status, 200);
    return answer.json();
}

async function domains() {
    const found = [];
    for (let page = 1; ; page += 1) {
        const { overview } = await said(email.overview({ page }));
        assert.equal(overview.meta.page, page);
        found.push(...overview.domains);
        if (found.length >= overview.meta.total || overview.domains.length === 0) {
            return found;
        }
    }
}

const all = await domains().catch((error) => fail('overview tells the domains', error));
const domain = all.find(({ accounts, aliases }) => accounts > 0 && aliases > 0);
const anna = `glesys.api.check@${domain.domainname}`;
const info = `glesys.api.alias@${domain.domainname}`;

await check('overview counts what its domains hold, in numbers', async () => {
    const { overview } = await said(email.overview());
    const sum = (name) => all.reduce((total, row) => total + row[name], 0);
    assert.deepEqual([overview.summary.accounts, overview.summary.aliases], [sum('accounts'), sum('aliases')]);
    assert.ok(overview.summary.maxaccounts >= overview.summary.accounts);
    assert.equal(overview.meta.total, all.length);
});

await check('overview can be filtered, also for a domain that is not ASCII', async () => {
    const { displayname, domainname } = all.find((row) => row.domainname.startsWith('xn--'));
    assert.match(displayname, /[åäö]/);
    const { overview } = await said(email.overview({ filter: domainname }));
    assert.deepEqual(overview.domains.map((row) => row.displayname), [displayname]);
});

await check('list tells every account and alias of a domain', async () => {
    const { list } = await said(email.list({ domainname: domain.domainname }));
    assert.deepEqual([list.emailaccounts.length, list.emailaliases.length], [domain.accounts, domain.aliases]);
    const [first] = list.emailaccounts;
    assert.deepEqual([typeof first.quotaingib, typeof first.antispamlevel], ['number', 'number']);
    for (const name of ['antivirus', 'autorespond', 'autorespondsaveemail', 'rejectspam']) {
        assert.match(first[name], /^(yes|no)$/);
    }
    assert.match(first.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
    assert.equal(first.password, undefined);
    const one = await said(email.list({ domainname: domain.domainname, filter: first.emailaccount }));
    assert.deepEqual(one.list.emailaccounts, [first]);
});

await check('createaccount generates a password and honours every option', async () => {
    const options = {
        antispamlevel: 4, antivirus: 'no', autorespond: 'yes', autorespondmessage: 'Jag är borta <b>&amp;',
        autorespondsaveemail: 'no', quotaingib: 2, rejectspam: 'yes',
    };
    const made = (await said(email.createAccount({ emailaccount: anna, password: 'mine', ...options }))).emailaccount;
    for (const [name, value] of Object.entries(options)) {
        assert.equal(made[name], value, name);
    }
    assert.notEqual(made.password, 'mine');
    assert.equal((await control(`accounts/${anna}`)).password, made.password);
});

await check('createaccount refuses an address twice', () =>
    refused(email.createAccount({ emailaccount: anna }), 400, /already exists/));

await check('editaccount changes what is sent and leaves the rest', async () => {
    const { emailaccount } = await said(email.editAccount({ emailaccount: anna, quotaingib: 3, autorespond: 'no' }));
    assert.deepEqual([emailaccount.quotaingib, emailaccount.autorespond], [3, 'no']);
    assert.deepEqual([emailaccount.antispamlevel, emailaccount.rejectspam], [4, 'yes']);
    await refused(email.editAccount({ emailaccount: anna, antispamlevel: 6 }), 400, /antispamlevel/);
});

await check('quota tells MiB used and GiB allowed', async () => {
    const { quota } = await said(email.quota({ emailaccount: anna }));
    assert.deepEqual(quota, { emailaccount: anna, usedquotainmib: 0, quotaingib: 3 });
});

await check('resetpassword tells a new password each time, and it opens the mailbox', async () => {
    const first = (await said(email.resetPassword({ emailaccount: anna }))).password;
    const second = (await said(email.resetPassword({ emailaccount: anna }))).password;
    assert.notEqual(first, second);
    assert.match(second, /[^A-Za-z0-9]/);
    assert.equal((await control(`accounts/${anna}`)).password, second);
});

await check('a scripted password arrives byte for byte', async () => {
    await control('passwords', ['S3cr3t}pw! <&>"\'\\ å']);
    assert.equal((await said(email.resetPassword({ emailaccount: anna }))).password, 'S3cr3t}pw! <&>"\'\\ å');
});

await check('createalias and editalias tell where the mail goes', async () => {
    const made = (await said(email.createAlias({ emailalias: info, goto: anna }))).alias;
    assert.deepEqual(made, { emailalias: info, displayname: made.displayname, goto: anna });
    const goto = `${anna},else@example.com`;
    assert.equal((await said(email.editAlias({ emailalias: info, goto }))).alias.goto, goto);
});

await check('delete takes accounts and aliases, once', async () => {
    for (const address of [info, anna]) {
        await said(email.delete({ email: address }));
        await refused(email.delete({ email: address }), 400, /^Could not find .*\n$/);
    }
    await refused(email.resetPassword({ emailaccount: anna }), 400, /^Could not find .*\n$/);
});

await check('costs tells amounts and a price list', async () => {
    const { costs, pricelist } = await said(email.costs());
    assert.equal(costs.accounts.cost.currency, 'SEK');
    assert.equal(typeof pricelist.quota.unit, 'string');
});

await check('account/info and the api module answer', async () => {
    assert.equal((await said(account.info())).accountinfo.accountname, 'cl12345');
    await said(api.serviceInfo());
    await said(api.maintenance());
    await said(api.listFunctions());
});

await check('the answer repeats the arguments in clear', async () => {
    const { debug } = await said(email.list({ domainname: domain.domainname, filter: 'nobody@example.se', secret: 'x' }));
    assert.deepEqual([debug.input.secret, debug.input.projectkey], ['x', 'cl12345']);
});

await check('a wrong key is refused with a challenge', async () => {
    const stranger = new GleSYSAPI({ apiUser: 'cl12345', apiKey: 'wrong' });
    const answer = await refused(stranger.email.resetPassword({ emailaccount: anna }), 401, /login/);
    assert.match(answer.headers['www-authenticate'], /^Basic /);
});

await check('a function that the key may not call is refused', async () => {
    await control('denied', ['email/resetpassword']);
    await refused(email.resetPassword({ emailaccount: anna }), 401, /permission/);
    await control('denied', []);
});

await check('a planned fault strikes once and the ledger has it', async () => {
    const before = (await control('calls')).length;
    const status = { http: 500, code: 500, text: 'Server Locked', envelope: true };
    await control('faults', { function: 'email/quota', fault: { status } });
    await refused(email.quota({ emailaccount: anna }), 500, /Server Locked/);
    const calls = (await control('calls')).slice(before);
    assert.deepEqual(calls.map(({ function: name, applied }) => [name, applied]), [['email/quota', false]]);
    await control('faults', undefined, 'DELETE');
});

clearTimeout(deadline);
console.log(failures === 0 ? 'all checks passed' : `${failures} checks failed`);
process.exit(failures === 0 ? 0 : 1);
