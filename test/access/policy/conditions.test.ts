import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePolicy } from '../../../src/access/policy/compiled-policy.ts';
import { decide } from '../../../src/access/policy/decision.ts';

type Condition = Record<string, Record<string, unknown>>;
type Values = Record<string, readonly string[]>;

/** Whether a statement with a condition applies: an Allow allows, a Deny denies. */
function applies(effect: 'Allow' | 'Deny', Condition: Condition, values: Values): boolean {
  const statement = { Effect: effect, Action: 'kinesis:PutRecord', Resource: '*', Condition };
  const all = { Effect: 'Allow', Action: '*', Resource: '*' };
  const Statement = effect === 'Deny' ? [all, statement] : [statement];
  const policy = compilePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity');
  const { kind } = decide(
    { identity: [policy] },
    {
      caller: { account: '1', arn: 'arn:aws:iam::1:user/a', roleArn: undefined, id: 'AIDA' },
      action: 'kinesis:PutRecord',
      resource: 'arn:aws:kinesis:us-east-1:1:stream/orders',
      isOwn: true,
      isPolicyRequired: false,
      valuesOf: (key) => values[key],
    },
  );
  return kind === (effect === 'Allow' ? 'allowed' : 'explicit');
}

/**
 * Operator, the policy's value, request values that fit and that do not, and what it says of a missing key.
 */
const operators: readonly [string, string, readonly string[], readonly string[], boolean][] = [
  ['StringEquals', 'a*', ['a*'], ['ab', 'A*'], false],
  ['StringNotEquals', 'a', ['b', 'A'], ['a'], true],
  ['StringEqualsIgnoreCase', 'Ab', ['aB'], ['a'], false],
  ['StringNotEqualsIgnoreCase', 'Ab', ['a'], ['aB'], true],
  ['StringLike', 'a?c*', ['abc', 'abcd'], ['ac', 'Abc'], false],
  ['StringNotLike', 'a?c*', ['ac'], ['abcd'], true],
  ['ArnEquals', 'arn:aws:s3:::b*', ['arn:aws:s3:::bucket'], ['arn:aws:s3:us:1:b', 'b'], false],
  ['ArnLike', 'arn:*:iam::1?:role/*', ['arn:aws:iam::12:role/a:b'], ['arn:aws:iam::1:2:role/a'], false],
  ['ArnNotEquals', 'arn:aws:s3:::b*', ['arn:aws:s3:::c', 'b'], ['arn:aws:s3:::bc'], true],
  ['ArnNotLike', 'arn:*:iam::1?:role/*', ['arn:aws:iam::1:role/a'], ['arn:aws:iam::12:role/a'], true],
  ['NumericEquals', '10', ['10', '10.0'], ['11', 'ten'], false],
  ['NumericNotEquals', '10', ['9', 'ten'], ['10'], true],
  ['NumericLessThan', '10', ['9'], ['10', 'ten'], false],
  ['NumericLessThanEquals', '10', ['10'], ['11'], false],
  ['NumericGreaterThan', '10', ['11'], ['10'], false],
  ['NumericGreaterThanEquals', '10', ['10'], ['9'], false],
  ['DateEquals', '2026-01-01T00:00:00Z', ['1767225600', '2026-01-01'], ['2026-01-01T00:00:01Z'], false],
  ['DateNotEquals', '2026-01-01', ['2026-01-02'], ['2026-01-01T00:00'], true],
  ['DateLessThan', '2026-01-01T01:00:00+01:00', ['2025-12-31T23:59:59.9Z'], ['2026'], false],
  ['DateLessThanEquals', '1767225600', ['2026-01-01'], ['2026-01-01T00:00:01'], false],
  ['DateGreaterThan', '2026-01-01', ['2026-01-01T00:00:01Z'], ['2026-01-01'], false],
  ['DateGreaterThanEquals', '2026-01-01', ['2026-01-01'], ['2025-12-31'], false],
  ['Bool', 'true', ['true', 'True'], ['false', '1'], false],
  ['BinaryEquals', 'QmluYXJ5', ['QmluYXJ5'], ['qmluYXJ5'], false],
  ['IpAddress', '10.1.0.0/16', ['10.1.2.3', '::ffff:10.1.2.3'], ['10.2.0.1', '::1', 'x'], false],
  ['NotIpAddress', '2001:db8::/33', ['2001:db8:8000::', '10.0.0.1'], ['2001:db8:7fff::1'], true],
];

for (const [operator, wanted, fitting, others, ofMissing] of operators) {
  test(`${operator} in an Allow and in a Deny`, () => {
    for (const effect of ['Allow', 'Deny'] as const) {
      const holds = (name: string, values: Values) =>
        applies(effect, { [name]: { 'aws:SourceIp': wanted } }, values);
      for (const value of fitting) assert.ok(holds(operator, { 'aws:sourceip': [value] }), value);
      for (const value of others) assert.ok(!holds(operator, { 'aws:sourceip': [value] }), value);
      assert.equal(holds(operator, {}), ofMissing, 'missing');
      assert.equal(holds(`${operator}IfExists`, {}), true, 'missing, if it exists');
      assert.ok(holds(`${operator}IfExists`, { 'aws:sourceip': [fitting[0]!] }));
      assert.ok(!holds(`${operator}IfExists`, { 'aws:sourceip': [others[0]!] }));
      assert.equal(holds(`ForAllValues:${operator}`, {}), true, 'all of none');
      assert.equal(holds(`ForAnyValue:${operator}`, {}), false, 'any of none');
      const both = { 'aws:sourceip': [fitting[0]!, others[0]!] };
      assert.equal(holds(`ForAllValues:${operator}`, both), false);
      assert.equal(holds(`ForAnyValue:${operator}`, both), true);
      assert.ok(holds(`ForAllValues:${operator}`, { 'aws:sourceip': fitting }));
      assert.ok(!holds(`ForAnyValue:${operator}`, { 'aws:sourceip': others }));
    }
  });
}

test('Null asks whether a key is missing, and guards ForAllValues', () => {
  const isMissing = (value: string, values: Values) =>
    applies('Allow', { Null: { 'aws:TagKeys': value } }, values);
  assert.deepEqual(
    [isMissing('true', {}), isMissing('false', {}), isMissing('true', { 'aws:tagkeys': [] })],
    [true, false, true],
  );
  const some = { 'aws:tagkeys': ['team'] };
  assert.deepEqual([isMissing('true', some), isMissing('false', some)], [false, true]);
  const guarded = {
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost'] },
    Null: { 'aws:TagKeys': false },
  };
  assert.equal(applies('Allow', guarded, {}), false);
  assert.equal(applies('Allow', guarded, some), true);
  assert.equal(applies('Allow', guarded, { 'aws:tagkeys': ['team', 'other'] }), false);
});

test('several values are one or another, several keys and operators all of them, of negated ones none', () => {
  const of = (values: Values) =>
    applies(
      'Allow',
      {
        StringEquals: { 'aws:username': ['a', 'b'], 'aws:PrincipalTag/Team': 'x' },
        StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-west-2'] },
      },
      values,
    );
  const fine = {
    'aws:username': ['b'],
    'aws:principaltag/team': ['x'],
    'aws:requestedregion': ['us-east-1'],
  };
  assert.ok(of(fine));
  assert.ok(!of({ ...fine, 'aws:username': ['c'] }));
  assert.ok(!of({ ...fine, 'aws:principaltag/team': ['y'] }));
  assert.ok(!of({ ...fine, 'aws:requestedregion': ['eu-west-2'] }));
});

const unknownParts: readonly [string, Condition][] = [
  ['an operator', { StringMatches: { 'aws:username': 'a' } }],
  ['a negated operator', { StringNotMatches: { 'aws:username': 'a' } }],
  ['an operator that only exists without IfExists', { NullIfExists: { 'aws:username': 'true' } }],
  ['a quantifier', { 'ForSomeValues:StringEquals': { 'aws:username': 'a' } }],
  ['a key', { StringNotEquals: { 'aws:Weather': 'rain' } }],
  ['a key of another service', { StringEquals: { 's3:prefix': 'a' } }],
  ['a variable', { StringNotEquals: { 'aws:username': `\${aws:Nickname}` } }],
  ['a value that is no number', { NumericLessThan: { 'aws:EpochTime': 'soon' } }],
  ['a value that is no range of addresses', { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/33' } }],
  ['a value that is no ARN', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws' } }],
  ['a value that is no date', { DateGreaterThan: { 'aws:CurrentTime': '2026-13-01' } }],
  ['a value that is not true or false', { Bool: { 'aws:SecureTransport': 'yes' } }],
];

for (const [what, condition] of unknownParts) {
  test(`${what} that is not known has a Deny deny, and an Allow not allow`, () => {
    for (const values of [{}, { 'aws:username': ['a'] }]) {
      assert.equal(applies('Deny', condition, values), true);
      assert.equal(applies('Allow', condition, values), false);
    }
  });
}

test('a Deny whose known part does not apply does not deny for what is unknown besides', () => {
  const condition = { StringMatches: { 'aws:userid': 'a' }, StringEquals: { 'aws:username': 'a' } };
  assert.equal(applies('Deny', condition, { 'aws:username': ['b'] }), false);
  assert.equal(applies('Deny', condition, { 'aws:username': ['a'] }), true);
});

test('variables stand for values, with defaults, and never for wildcards', () => {
  const likes = (value: string, wanted: string, values: Values = {}) =>
    applies('Allow', { StringLike: { 'aws:userid': wanted } }, { 'aws:userid': [value], ...values });
  const alice = { 'aws:username': ['alice'] };
  assert.ok(likes('alice-1', `\${aws:username}-*`, alice));
  assert.ok(likes('alice-1', `\${AWS:UserName}-?`, alice));
  assert.ok(!likes('bob-1', `\${aws:username}-*`, alice));
  assert.ok(!likes('alice-1', `\${aws:username}-*`), 'no value');
  assert.ok(likes('nobody-1', `\${aws:username, 'nobody'}-*`));
  assert.ok(!likes('bob', `\${aws:username}`, { 'aws:username': ['*'] }), 'a star in a value');
  assert.ok(likes('*', `\${aws:username}`, { 'aws:username': ['*'] }));
  assert.ok(likes(`a*?$`, `a\${*}\${?}\${$}`));
  assert.ok(!likes('abc$', `a\${*}\${?}\${$}`));
  assert.ok(!likes('alice', `\${aws:username}`, { 'aws:username': ['alice', 'bob'] }), 'several values');
});

test('the older version has no variables', () => {
  const statement = { Effect: 'Allow', Action: '*', Resource: `\${aws:username}` };
  const policy = compilePolicy(JSON.stringify({ Statement: statement }), 'identity');
  const [{ resource }] = policy.statements as [(typeof policy.statements)[number]];
  assert.ok(resource.holds(`\${aws:username}`, () => ['alice']));
  assert.ok(!resource.holds('alice', () => ['alice']));
});
