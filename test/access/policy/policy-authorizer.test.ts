import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyIdentity } from '../../../src/access/identity/state.ts';
import { PolicyAuthorizer } from '../../../src/access/policy/policy-authorizer.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { aCaller } from '../a-caller.ts';
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
const no = `because no identity-based policy allows the ${put} action`;

test('what a caller may do changes with its policies, its groups, its managed policies and its boundary', () => {
  const world = new Identities();
  const groups = [world.group('g', [])];
  const boundary = world.managed('Bound', policyOf(allow('*')));
  const attached = [world.managed('Managed', policyOf(allow('iam:*')))];
  const caller = world.user('a', { groups, attached, boundary });
  const steps: [change: () => unknown, then: string][] = [
    [() => undefined, no],
    [() => world.user('a', { ...inline(allow(put)), groups, attached, boundary }), 'allowed'],
    [() => world.user('a', { groups, attached, boundary }), no],
    [() => world.group('g', inline(allow(put)).inline), 'allowed'],
    [() => world.group('g', []), no],
    [() => world.managed('Managed', policyOf(allow('kinesis:*'))), 'allowed'],
    [
      () => world.managed('Bound', policyOf(allow('iam:*'))),
      `because no permissions boundary allows the ${put} action`,
    ],
    [
      () => world.managed('Bound', policyOf(allow('*'), deny(put))),
      'with an explicit deny in a permissions boundary',
    ],
  ];
  for (const [change, then] of steps) {
    change();
    assert.equal(world.ask(caller, put), then);
    assert.equal(world.ask(caller, put), then, 'asked again');
  }
});

test('of a managed policy the version counts that was chosen, from the next call on, and no other', () => {
  const world = new Identities();
  const versions = [policyOf(allow('iam:*')), policyOf(allow('kinesis:*'))];
  const caller = world.user('a', { attached: [world.managed('Managed', versions, 'v2')] });
  assert.equal(world.ask(caller, put), 'allowed');
  world.managed('Managed', versions, 'v1');
  assert.equal(world.ask(caller, put), no);
  world.managed('Managed', versions, 'v3');
  assert.equal(world.ask(caller, put), no);
});

test("what another account's change says nothing about is not worked out again", () => {
  const world = new Identities();
  const caller = world.user('a', inline(allow(put)));
  assert.equal(world.ask(caller, put), 'allowed');
  world.user('b', {}, theirs);
  assert.equal(world.ask(caller, put), 'allowed');
  world.user('a');
  assert.equal(world.ask(caller, put), no);
});

test('a decision is for one action, one resource and one policy of that resource', () => {
  const world = new Identities();
  const caller = world.user('a', inline(allow(put, { Resource: orders })));
  assert.equal(world.ask(caller, put), 'allowed');
  assert.equal(world.ask(caller, put, `${orders}2`), no);
  assert.equal(world.ask(caller, 'kinesis:PutRecords'), no.replace(put, 'kinesis:PutRecords'));
  const closed = shared(deny('*', { Principal: '*' }));
  assert.equal(world.ask(caller, put, orders, closed), 'with an explicit deny in a resource-based policy');
  assert.equal(world.ask(caller, put), 'allowed');
  assert.equal(world.ask(world.user('b'), put), no);
});

test('a decision that depends on a condition or a variable is made every time', async () => {
  const world = new Identities();
  const night = { DateGreaterThan: { 'aws:CurrentTime': new Date(world.clock.now() + 1000).toISOString() } };
  const caller = world.user('a', inline(allow('*'), deny(put, { Condition: night })));
  assert.equal(world.ask(caller, put), 'allowed');
  await world.clock.advance(1001);
  assert.equal(world.ask(caller, put), 'with an explicit deny in an identity-based policy');
  const tagged = { Resource: `arn:aws:kinesis:*:*:stream/\${aws:ResourceTag/owner}` };
  const owner = world.user('b', inline(allow(put, tagged)));
  const facts = (value: string) => ({ facts: { policy: null, tags: [{ key: 'owner', value }] } });
  assert.equal(world.ask(owner, put, orders, facts('orders')), 'allowed');
  assert.equal(world.ask(owner, put, orders, facts('others')), no);
});

test('session policies are those of the session that calls', () => {
  const world = new Identities();
  const wide = world.role('r', inline(allow('*')));
  const narrow = world.role('r', inline(allow('*')), { sessionPolicies: [policyOf(allow('iam:*'))] });
  assert.equal(world.ask(wide, put), 'allowed');
  assert.equal(world.ask(narrow, put), `because no session policy allows the ${put} action`);
});

test('where signatures are not verified only the account counts, and nothing is asked of resources', () => {
  const parts = { identity: { state: emptyIdentity }, clock: new ManualClock(), enforced: false };
  const authorizer = new PolicyAuthorizer(parts);
  const peer = { address: '', secure: false, listener: '' };
  const caller = aCaller('x', ours, 'us-east-1', 'anyone');
  const facts = { policy: policyOf(deny('*', { Principal: '*' })), tags: [] };
  authorizer.authorize({ caller, action: put, resource: orders, peer, facts });
  authorizer.authorize({ caller, action: 'kinesis:ListStreams', resource: '*', peer });
  assert.equal(authorizer.needsFacts(caller), false);
  const other = aCaller('x', theirs, 'us-east-1', 'anyone');
  assert.throws(
    () => authorizer.authorize({ caller: other, action: put, resource: orders, peer }),
    /: kinesis:PutRecord on resource: \S+ because no resource-based policy allows the kinesis:PutRecord action$/,
  );
});

test('the message is word for word that of AWS', () => {
  const world = new Identities();
  const peer = { address: '192.0.2.7', secure: true, listener: '' };
  const caller = world.user('a');
  assert.throws(() => world.authorizer.authorize({ caller, action: put, resource: orders, peer }), {
    type: 'AccessDeniedException',
    status: 400,
    message:
      `User: arn:aws:iam::${ours}:user/a is not authorized to perform: kinesis:PutRecord on resource: ${orders} ` +
      'because no identity-based policy allows the kinesis:PutRecord action',
  });
});

test('a policy that cannot be read any more denies all but what a root user does in its account', () => {
  const world = new Identities();
  const broken = { facts: { policy: '{"Statement":[{"Effect":"Allow"}]}', tags: [] } };
  const caller = world.user('a', inline(allow('*')));
  assert.equal(world.ask(caller, put, orders, broken), 'with an explicit deny in a resource-based policy');
  assert.equal(world.ask(root(), put, orders, broken), 'allowed');
});
