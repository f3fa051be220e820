import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  allow,
  deny,
  Identities,
  inline,
  orders,
  ours,
  policyOf,
  root,
  shared,
  theirs,
} from './identities.ts';

const put = 'kinesis:PutRecord';
const noIdentity = `because no identity-based policy allows the ${put} action`;
const noResource = `because no resource-based policy allows the ${put} action`;
const noBoundary = `because no permissions boundary allows the ${put} action`;
const noSession = `because no session policy allows the ${put} action`;

test('a user may do what its policies allow, its groups and managed policies among them, and nothing else', () => {
  const world = new Identities();
  assert.equal(world.ask(world.user('nobody'), put), noIdentity);
  assert.equal(world.ask(world.user('own', inline(allow(put))), put), 'allowed');
  assert.equal(
    world.ask(world.user('own2', inline(allow(put))), 'kinesis:PutRecords'),
    noIdentity.replace(put, 'kinesis:PutRecords'),
  );
  const attached = [world.managed('Putting', policyOf(allow('kinesis:Put*')))];
  assert.equal(world.ask(world.user('managed', { attached }), put), 'allowed');
  const groups = [world.group('producers', inline(allow('KINESIS:putrecord')).inline)];
  assert.equal(world.ask(world.user('member', { groups }), put), 'allowed');
  const aws = ['arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess'];
  const reader = world.user('reader', { attached: aws });
  assert.equal(world.ask(reader, put), noIdentity);
  assert.equal(world.ask(reader, 'kinesis:GetRecords'), 'allowed');
  assert.equal(
    world.ask(world.user('gone', { attached: [`arn:aws:iam::${ours}:policy/Gone`] }), put),
    noIdentity,
  );
});

test('a denial wins wherever it stands, and AWS names where', () => {
  const world = new Identities();
  const all = allow('*');
  const text = (where: string) => `with an explicit deny in ${where}`;
  const user = world.user('a', inline(deny('kinesis:Put*'), all));
  assert.equal(world.ask(user, put), text('an identity-based policy'));
  const denied = shared(deny('kinesis:*', { Principal: { AWS: ours } }));
  assert.equal(world.ask(world.user('b', inline(all)), put, orders, denied), text('a resource-based policy'));
  assert.equal(world.ask(root(), put, orders, denied), text('a resource-based policy'));
  const boundary = world.managed('Bound', policyOf(all, deny(put)));
  assert.equal(world.ask(world.user('c', { ...inline(all), boundary }), put), text('a permissions boundary'));
  const session = world.role('d', inline(all), { sessionPolicies: [policyOf(all, deny(put))] });
  assert.equal(world.ask(session, put), text('a session policy'));
  const second = { attached: [world.managed('Last', policyOf(deny(put)))], ...inline(all) };
  assert.equal(world.ask(world.user('e', second), put), text('an identity-based policy'));
});

test('NotAction and NotResource are about all but what they name, and a statement without either is refused', () => {
  const world = new Identities();
  const others = { Effect: 'Allow', NotAction: ['kinesis:Put*', 'iam:*'], Resource: '*' };
  const user = world.user('a', inline(others));
  assert.equal(world.ask(user, put), noIdentity);
  assert.equal(world.ask(user, 'kinesis:GetRecords'), 'allowed');
  const elsewhere = { Effect: 'Deny', Action: '*', NotResource: [orders, `${orders}/*`] };
  const bound = world.user('b', inline(allow('*'), elsewhere));
  assert.equal(world.ask(bound, put), 'allowed');
  assert.equal(world.ask(bound, put, `${orders}2`), 'with an explicit deny in an identity-based policy');
  const broken = world.user('c', {
    inline: [{ name: 'x', document: '{"Statement":{"Effect":"Allow","Action":"*"}}' }],
  });
  assert.equal(world.ask(broken, put), 'with an explicit deny in an identity-based policy');
});

test('a resource is compared with the whole pattern, its case and colons included', () => {
  const world = new Identities();
  const asks = (Resource: string, resource = orders) =>
    world.ask(world.user('a', inline(allow('kinesis:*', { Resource }))), put, resource) === 'allowed';
  assert.ok(asks('arn:aws:kinesis:*:*:stream/or*'));
  assert.ok(asks('arn:*/orders'));
  assert.ok(asks(`arn:aws:kinesis:us-east-1:${ours}:stream/?rders`));
  assert.ok(
    asks(`arn:aws:kinesis:us-east-1:${ours}:stream/\${aws:username, 'x'}*`, orders.replace('orders', 'a-1')),
  );
  assert.ok(!asks(`arn:aws:kinesis:us-east-1:${ours}:stream/\${aws:username}*`));
  assert.ok(!asks('arn:aws:kinesis:*:*:stream/Orders'));
  assert.ok(!asks('arn:aws:kinesis:*:*:stream/order'));
  assert.ok(!asks('arn:aws:kinesis:*:*:stream/*', '*'));
  assert.ok(asks('*', '*'));
});

test("in its own account the resource's policy is enough for whom it names, and not for whose account it names", () => {
  const world = new Identities();
  const user = world.user('a', { path: '/team/' });
  const names = (Principal: unknown) => world.ask(user, put, orders, shared(allow(put, { Principal })));
  assert.equal(names({ AWS: `arn:aws:iam::${ours}:user/team/a` }), 'allowed');
  assert.equal(names({ AWS: ['arn:aws:iam::333333333333:root', 'AIDAA'] }), 'allowed');
  assert.equal(names('*'), 'allowed');
  assert.equal(names({ AWS: '*' }), 'allowed');
  assert.equal(names({ AWS: ours }), noIdentity);
  assert.equal(names({ AWS: `arn:aws:iam::${ours}:root` }), noIdentity);
  assert.equal(names({ AWS: `arn:aws:iam::${ours}:user/a` }), noIdentity);
  assert.equal(names({ AWS: `arn:aws:iam::${ours}:user/*` }), noIdentity);
  for (const type of ['Service', 'Federated', 'CanonicalUser'])
    assert.equal(names({ [type]: '*' }), noIdentity);
});

test('another account needs both sides', () => {
  const world = new Identities();
  const may = world.user('may', inline(allow('*')), theirs);
  const mayNot = world.user('maynot', {}, theirs);
  const grant = (...AWS: readonly string[]) => shared(allow(put, { Principal: { AWS } }));
  const both = grant(`arn:aws:iam::${theirs}:user/may`, `arn:aws:iam::${theirs}:user/maynot`);
  assert.equal(world.ask(may, put), noResource);
  assert.equal(world.ask(root(theirs), put), noResource);
  assert.equal(world.ask(may, put, orders, both), 'allowed');
  assert.equal(world.ask(mayNot, put, orders, both), noIdentity);
  for (const grants of [grant(theirs), grant(`arn:aws:iam::${theirs}:root`), grant('*')]) {
    assert.equal(world.ask(may, put, orders, grants), 'allowed');
    assert.equal(world.ask(root(theirs), put, orders, grants), 'allowed');
    assert.equal(world.ask(mayNot, put, orders, grants), noIdentity);
  }
  assert.equal(world.ask(may, put, orders, grant(ours)), noResource);
});

test('a boundary limits what policies allow, but not what a resource allows the user itself', () => {
  const world = new Identities();
  const boundary = world.managed('Bound', policyOf(allow('kinesis:Get*')));
  const user = world.user('a', { ...inline(allow('kinesis:*')), boundary });
  assert.equal(world.ask(user, put), noBoundary);
  assert.equal(world.ask(user, 'kinesis:GetRecords'), 'allowed');
  assert.equal(world.ask(user, 'kinesis:GetRecords2'), 'allowed');
  const named = (AWS: string) => shared(allow(put, { Principal: { AWS } }));
  assert.equal(world.ask(user, put, orders, named(user.arn)), 'allowed');
  assert.equal(world.ask(user, put, orders, named('*')), noBoundary);
  const gone = world.user('b', { ...inline(allow('*')), boundary: `arn:aws:iam::${ours}:policy/Gone` });
  assert.equal(world.ask(gone, put), noBoundary);
  const role = world.role('r', { boundary });
  assert.equal(world.ask(role, put, orders, named(`arn:aws:iam::${ours}:role/r`)), noBoundary);
  assert.equal(world.ask(role, put, orders, named(role.arn)), 'allowed');
});

test('session policies limit a session, but not what a resource allows the session itself', () => {
  const world = new Identities();
  const limits = { sessionPolicies: [policyOf(allow('kinesis:Get*')), policyOf(allow('kinesis:List*'))] };
  const session = world.role('r', { path: '/apps/', ...inline(allow('kinesis:*')) }, limits);
  const named = (AWS: string) => shared(allow(put, { Principal: { AWS } }));
  assert.equal(world.ask(session, put), noSession);
  assert.equal(world.ask(session, 'kinesis:ListShards'), 'allowed');
  assert.equal(world.ask(session, put, orders, named(`arn:aws:iam::${ours}:role/apps/r`)), noSession);
  assert.equal(world.ask(session, put, orders, named(session.arn)), 'allowed');
  const byArn = { sessionPolicyArns: ['arn:aws:iam::aws:policy/AmazonKinesisFullAccess'] };
  assert.equal(world.ask(world.role('s', inline(allow('*')), byArn), put), 'allowed');
  assert.equal(world.ask(world.role('t', {}, byArn), put), noIdentity);
});

test('NotPrincipal denies whoever is not named in all ways, and allows whoever is named in none', () => {
  const world = new Identities();
  const user = world.user('a', inline(allow('*')));
  const session = world.role('r', inline(allow('*')));
  const account = `arn:aws:iam::${ours}:root`;
  const role = `arn:aws:iam::${ours}:role/r`;
  const denied = 'with an explicit deny in a resource-based policy';
  const but = (...AWS: readonly string[]) => shared(deny(put, { NotPrincipal: { AWS } }));
  assert.equal(world.ask(user, put, orders, but(account)), denied);
  assert.equal(world.ask(user, put, orders, but(account, user.arn)), 'allowed');
  assert.equal(world.ask(session, put, orders, but(account, role)), denied);
  assert.equal(world.ask(session, put, orders, but(account, role, session.arn)), 'allowed');
  const allBut = (...AWS: readonly string[]) => shared(allow(put, { NotPrincipal: { AWS } }));
  const powerless = world.user('b');
  assert.equal(world.ask(powerless, put, orders, allBut(user.arn)), 'allowed');
  assert.equal(world.ask(powerless, put, orders, allBut(account)), noIdentity);
});

test('where a policy is required nobody has access without it, not even the root user', () => {
  const world = new Identities();
  const key = `arn:aws:kms:us-east-1:${ours}:key/1`;
  const decrypt = 'kms:Decrypt';
  const user = world.user('a', inline(allow('*')));
  const of = (...statements: readonly Record<string, unknown>[]) => ({
    facts: { policy: policyOf(...statements), tags: [], isPolicyRequired: true },
  });
  const no = `because no resource-based policy allows the ${decrypt} action`;
  const other = of(allow('kms:*', { Principal: { AWS: `arn:aws:iam::${ours}:user/other` } }));
  assert.equal(world.ask(user, decrypt, key, other), no);
  assert.equal(world.ask(root(), decrypt, key, other), no);
  const account = of(allow('kms:*', { Principal: { AWS: `arn:aws:iam::${ours}:root` } }));
  assert.equal(world.ask(user, decrypt, key, account), 'allowed');
  assert.equal(world.ask(root(), decrypt, key, account), 'allowed');
  assert.match(world.ask(world.user('b'), decrypt, key, account), /^because no identity-based policy/);
});

test("a role is assumed by whom its trust policy names, and AWS's text names that policy", () => {
  const world = new Identities();
  const user = world.user('a');
  const role = `arn:aws:iam::${ours}:role/r`;
  const assume = 'sts:AssumeRole';
  const trust = (Effect: string, Principal: unknown, rest = {}) => ({
    facts: {
      policy: JSON.stringify({ Statement: { Effect, Action: assume, Principal, ...rest } }),
      tags: [],
      isPolicyRequired: true,
    },
  });
  assert.equal(world.ask(user, assume, role, trust('Allow', { AWS: user.arn })), 'allowed');
  assert.match(world.ask(user, assume, role, trust('Allow', { AWS: ours })), /^because no identity-based/);
  const no = `because no role trust policy allows the ${assume} action`;
  assert.equal(world.ask(user, assume, role, trust('Allow', { Service: 'lambda.amazonaws.com' })), no);
  const denied = 'with an explicit deny in the role trust policy';
  assert.equal(world.ask(user, assume, role, trust('Deny', '*')), denied);
  const secret = { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } };
  const outside = trust('Allow', { AWS: user.arn }, secret);
  assert.equal(world.ask(user, assume, role, outside), no);
  const context = new Map([['sts:externalid', ['x']]]);
  assert.equal(world.ask(user, assume, role, { ...outside, context }), 'allowed');
});

test('who one is can be asked whatever policies say', () => {
  const world = new Identities();
  const user = world.user('a', inline(deny('*')));
  assert.equal(world.ask(user, 'sts:GetCallerIdentity', '*'), 'allowed');
});

test('a user of the name of another that is gone has none of its permissions', () => {
  const world = new Identities();
  const before = world.user('a', inline(allow('*')));
  world.user('a', { id: 'AIDANEW', ...inline(allow('*')) });
  assert.equal(world.ask(before, put), noIdentity);
});
