import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePolicy } from '../../../src/access/policy/compiled-policy.ts';
import { allow, deny, Identities, inline, ours, policyOf, shared } from './identities.ts';

const action = 'iam:GetUser';
const all = allow('*');
const boss = (partition: string) => `arn:${partition}:iam::${ours}:user/boss`;
const stream = (partition: string, region: string) =>
  `arn:${partition}:kinesis:${region}:${ours}:stream/orders`;

/** Ways to write users of China, and what may stand in their place. */
const ways = [
  ...['aws', 'aws-cn', 'aws-*', 'aws-c?', '*', 'aws-nowhere', `\${aws:PrincipalTag/where, 'aws-cn'}`].map(
    boss,
  ),
  ...['arn:aws-cn:*', 'arn:aws-*', 'arn:aws-cn:i?m::*', 'arn:aws-cn:*:user/boss'],
];

test('a user is named in whichever partition a policy writes it, and seen in whichever one', () => {
  const world = new Identities();
  for (const Resource of ways) {
    const user = world.user('mallory', inline(all, deny('iam:*', { Resource })));
    const other = world.user('ann', inline(allow('iam:*', { Resource })));
    for (const partition of ['aws', 'aws-cn', 'aws-us-gov']) {
      assert.match(world.ask(user, action, boss(partition)), /explicit deny/, `${Resource} ${partition}`);
      assert.equal(world.ask(other, action, boss(partition)), 'allowed', `${Resource} ${partition}`);
    }
  }
  const written = policyOf(deny('iam:*', { Resource: boss('aws-cn') })).replace(
    'aws-cn',
    String.raw`aws\u002dcn`,
  );
  const statement = compilePolicy(written, 'identity').statements[0];
  assert.equal(
    statement?.resource.holds(boss('aws'), () => undefined),
    true,
  );
});

test("a stream's partition is its region's, and a policy of another one is not about it", () => {
  const world = new Identities();
  const own = stream('aws-cn', 'cn-north-1');
  for (const [Resource, isAbout] of [
    [own, true],
    ['arn:aws-cn:*', true],
    [stream('aws-*', '*'), true],
    [stream('aws', 'cn-north-1'), false],
    ['arn:aws:*', false],
  ] as const) {
    const outcome = world.ask(
      world.user('ann', inline(allow('kinesis:*', { Resource }))),
      'kinesis:PutRecord',
      own,
    );
    assert.equal(outcome === 'allowed', isAbout, Resource);
  }
});

test('a condition and a principal name a caller in any partition as well', () => {
  const world = new Identities();
  const self = (partition: string) => boss(partition).replace('boss', 'mallory');
  for (const [operator, written] of [
    ['ArnEquals', self('aws-cn')],
    ['ArnLike', 'arn:aws-*:iam:*:*:user/mal*'],
    ['StringEquals', self('aws-cn')],
    ['StringEqualsIgnoreCase', self('aws-cn').toUpperCase()],
    ['StringLike', 'arn:aws-c*:user/mallory'],
    ['StringLike', 'arn:aws-cn:iam::*'],
  ] as const) {
    const Condition = { [operator]: { 'aws:PrincipalArn': written } };
    const made = world.user('mallory', inline(all, deny('iam:*', { Condition })));
    for (const arn of [made.arn, self('aws-us-gov')]) {
      assert.match(
        world.ask({ ...made, arn }, action, boss('aws')),
        /explicit deny/,
        `${operator} ${written}`,
      );
    }
  }
  const made = world.user('mallory', inline(all));
  const named = shared(deny('kinesis:*', { Principal: { AWS: self('aws-cn') } }));
  for (const arn of [made.arn, self('aws-cn')]) {
    const outcome = world.ask({ ...made, arn }, 'kinesis:PutRecord', stream('aws', 'us-east-1'), named);
    assert.match(outcome, /explicit deny in a resource-based policy/);
  }
});
