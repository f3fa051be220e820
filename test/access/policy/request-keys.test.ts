import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '../../../src/access/caller.ts';
import { allow, callerOf, Identities, inline, orders, ours } from './identities.ts';

const put = 'kinesis:PutRecord';
const start = new Date(new Identities().clock.now()).toISOString();

const facts = { policy: null, tags: [{ key: 'Team', value: 'blue' }] };
const context = new Map([
  ['aws:requesttag/cost', ['low']],
  ['aws:tagkeys', ['Cost']],
]);
const peer = { address: '::ffff:192.0.2.7', secure: true, listener: '127.0.0.1:4567', vpce: 'inside' };
const tags = [{ key: 'Squad', value: 'red' }];

/** What a key is for a user, and for a session of a role; undefined where it is missing. */
const keys: readonly [string, string | undefined, string | undefined][] = [
  ['aws:SourceIp', '::ffff:192.0.2.7', '::ffff:192.0.2.7'],
  ['aws:SecureTransport', 'true', 'true'],
  ['aws:SourceVpce', 'inside', 'inside'],
  ['aws:PrincipalArn', `arn:aws:iam::${ours}:user/a`, `arn:aws:iam::${ours}:role/r`],
  ['aws:PrincipalAccount', ours, ours],
  ['aws:PrincipalType', 'User', 'AssumedRole'],
  ['aws:PrincipalTag/squad', 'red', 'green'],
  ['aws:ResourceTag/team', 'blue', 'blue'],
  ['aws:ResourceAccount', ours, ours],
  ['aws:RequestTag/Cost', 'low', 'low'],
  ['aws:TagKeys', 'Cost', 'Cost'],
  ['aws:CurrentTime', start, start],
  ['aws:EpochTime', '1700000000', '1700000000'],
  ['aws:RequestedRegion', 'us-east-1', 'us-east-1'],
  ['aws:username', 'a', undefined],
  ['aws:userid', 'AIDAA', 'AROAR'],
  ['aws:TokenIssueTime', undefined, '1970-01-01T00:00:00.000Z'],
  ['aws:MultiFactorAuthPresent', undefined, 'false'],
  ['aws:ViaAWSService', 'false', 'false'],
  ['aws:PrincipalOrgID', undefined, undefined],
  ['aws:SourceArn', undefined, undefined],
  ['aws:Referer', undefined, undefined],
];

for (const [key, ofUser, ofSession] of keys) {
  test(`${key} is known of every request`, () => {
    const world = new Identities();
    const asks = (of: 'user' | 'session', condition: object) => {
      const statement = inline(allow(put, { Condition: condition }));
      const session = { sessionTags: [{ key: 'squad', value: 'green' }] };
      const caller =
        of === 'user'
          ? world.user('a', { tags, ...statement })
          : world.role('r', { tags, ...statement }, session);
      return world.ask(caller, put, orders, { facts, context, peer }) === 'allowed';
    };
    for (const [of, value] of [
      ['user', ofUser],
      ['session', ofSession],
    ] as const) {
      if (value === undefined) assert.ok(asks(of, { Null: { [key]: true } }));
      else assert.ok(asks(of, { StringEquals: { [key]: value } }));
      assert.ok(!asks(of, { StringEquals: { [key]: 'else' } }));
    }
  });
}

test('over no TLS, and of a root user, keys say so', () => {
  const world = new Identities();
  const insecure = { Bool: { 'aws:SecureTransport': 'false' } };
  const user = world.user('a', inline(allow(put, { Condition: insecure })));
  assert.notEqual(world.ask(user, put), 'allowed');
  assert.equal(world.ask(user, put, orders, { peer: { ...peer, secure: false } }), 'allowed');
  const rootOf = callerOf(ours, `arn:aws:iam::${ours}:root`, { kind: 'root' }) satisfies Caller;
  const onlyRoot = { StringNotEquals: { 'aws:PrincipalType': 'Account' } };
  const policy = JSON.stringify({
    Statement: { Effect: 'Deny', Principal: '*', Action: put, Resource: '*', Condition: onlyRoot },
  });
  assert.equal(world.ask(rootOf, put, orders, { facts: { policy, tags: [] } }), 'allowed');
});
