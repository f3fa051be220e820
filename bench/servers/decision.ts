/**
 * What it costs to know who calls and whether it may, as CPU time of this process over small requests that
 * were signed beforehand, with warm caches; printed as JSON. One user has 20 statements, three of them with
 * conditions that are asked every time; the other has the same without conditions, so that its decisions are
 * remembered.
 */
import assert from 'node:assert';
import { emptyIdentity, type IdentityState, type User } from '../../src/access/identity/state.ts';
import { rootKeyOf } from '../../src/access/keys/root-key.ts';
import { purposeOfAccessKey } from '../../src/access/known-keys.ts';
import { signedHeaders } from '../../src/access/sigv4/sign.ts';
import type { HttpRequest } from '../../src/env/network.ts';
import { nodeClock } from '../../src/env/node-clock.ts';
import { nodeRandom } from '../../src/env/node-random.ts';
import { HeaderFields } from '../../src/http/headers.ts';
import { openSecurity } from '../../src/server/security.ts';

export type DecisionCosts = {
  readonly verifyMicros: number;
  readonly decideMicros: number;
  readonly rememberedMicros: number;
};

const account = '111111111111';
const region = 'us-east-1';
const orders = `arn:aws:kinesis:${region}:${account}:stream/orders`;
const seconds = Number(process.argv[2]);
const random = nodeRandom();
const rootKey = rootKeyOf([random.bytes(32)], random);
const rules = { isSigned: true, credentials: undefined, region: undefined, account };
const { gate, authorizer } = openSecurity({ state: identity() }, rootKey, rules, {
  clock: nodeClock,
  random,
});
const requests = { conditional: signedBy('AKIACONDITIONAL'), plain: signedBy('AKIAPLAIN') };
const facts = { policy: null, tags: [{ key: 'team', value: 'blue' }] };
const callers = { conditional: callerOf(requests.conditional[0]!), plain: callerOf(requests.plain[0]!) };

const costs: DecisionCosts = {
  verifyMicros: perAction((nth) => callerOf(requests.conditional[nth % requests.conditional.length]!)),
  decideMicros: perAction((nth) => decide('conditional', nth)),
  rememberedMicros: perAction((nth) => decide('plain', nth)),
};
console.log(JSON.stringify(costs));

function callerOf(request: HttpRequest) {
  return gate.authenticate(request, new HeaderFields(request.rawHeaders), nodeClock.now(), ['kinesis']);
}

function decide(who: 'conditional' | 'plain', nth: number): void {
  const action = nth % 2 === 0 ? 'kinesis:PutRecord' : 'kinesis:PutRecords';
  authorizer.authorize({
    caller: callers[who],
    action,
    resource: orders,
    peer: requests.plain[0]!.peer,
    facts,
  });
}

/** 64 requests of about a KiB. */
function signedBy(accessKeyId: string): readonly HttpRequest[] {
  return Array.from({ length: 64 }, (_, nth) => {
    const Data = random.bytes(700).toString('base64');
    const body = Buffer.from(JSON.stringify({ StreamName: 'orders', PartitionKey: `k${nth}`, Data }));
    const headers = {
      host: 'localhost:4567',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.PutRecord',
    };
    const unsigned = { method: 'POST', target: '/', headers, body };
    const credentials = { accessKeyId, secretAccessKey: accessKeyId };
    const signed = signedHeaders(unsigned, credentials, { region, service: 'kinesis' }, nodeClock.now());
    const peer = { address: '10.1.2.3', secure: true, listener: '127.0.0.1:4567' };
    return { method: 'POST', target: '/', rawHeaders: Object.entries(signed).flat(), body, peer };
  });
}

function identity(): IdentityState {
  const users = new Map([
    ['conditional', userWith('conditional', statements(true))],
    ['plain', userWith('plain', statements(false))],
  ]);
  const none = { groups: new Map(), roles: new Map(), policies: new Map() };
  const keys = [...users.keys()].map((user) => {
    const id = `AKIA${user.toUpperCase()}`;
    const secret = rootKey.wrap(Buffer.from(id), purposeOfAccessKey(id));
    return [id, { id, account, user, secret, isActive: true, createdAt: 0 }] as const;
  });
  const accounts = new Map([[account, { id: account, users, ...none }]]);
  return { ...emptyIdentity, version: 1, accounts, accessKeys: new Map(keys) };
}

function userWith(name: string, statement: readonly object[]): User {
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statement });
  return {
    ...{ id: `AIDA${name.toUpperCase()}`, name, path: '/', createdAt: 0, attached: [], groups: [] },
    ...{ inline: [{ name: 'all', document }], boundary: null, tags: [{ key: 'team', value: 'blue' }] },
  };
}

/** 20, of which 3 are about puts. */
function statements(hasConditions: boolean): object[] {
  const rest = Array.from({ length: 17 }, (_, nth) => ({
    ...{ Effect: nth % 3 === 0 ? 'Deny' : 'Allow', Action: [`kms:Do${nth}*`, `kinesis:Update${nth}*`] },
    Resource: `arn:aws:kinesis:*:${account}:stream/team-${nth}-*`,
  }));
  const condition = (Condition: object) => (hasConditions ? { Condition } : {});
  const puts = { Action: 'kinesis:Put*', Resource: `arn:aws:kinesis:*:${account}:stream/*` };
  const away = condition({ NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '2001:db8::/32'] } });
  const plain = condition({ Bool: { 'aws:SecureTransport': 'false' } });
  const elsewhere = `arn:aws:kinesis:*:${account}:stream/closed-*`;
  const own = condition({ StringEquals: { 'aws:ResourceTag/team': `\${aws:PrincipalTag/team}` } });
  return [
    ...rest,
    { Effect: 'Deny', ...puts, ...(hasConditions ? away : { Resource: elsewhere }) },
    { Effect: 'Deny', ...puts, ...(hasConditions ? plain : { Resource: elsewhere }) },
    { Effect: 'Allow', ...puts, ...own },
  ];
}

/** CPU time, user and system, of as many actions as take so long; compilers have seen the code before. */
function perAction(action: (nth: number) => void): number {
  for (let nth = 0; nth < 20_000; nth++) action(nth);
  const start = process.cpuUsage();
  const untilMs = performance.now() + seconds * 1000;
  let actions = 0;
  for (; performance.now() < untilMs; actions += 100) for (let nth = 0; nth < 100; nth++) action(nth);
  const { user, system } = process.cpuUsage(start);
  assert(actions > 0);
  return (user + system) / actions;
}
