import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { awsManagedPolicies, awsManagedPolicy } from '../../../src/access/policy/aws-managed.ts';
import { compilePolicy } from '../../../src/access/policy/compiled-policy.ts';
import { callerOfArn } from '../../../src/access/policy/explain.ts';
import { rangeOf } from '../../../src/access/policy/ip-range.ts';
import { PolicyError, type PolicyKind, readPolicy } from '../../../src/access/policy/policy-document.ts';
import { isPrincipal } from '../../../src/access/policy/principals.ts';
import { matcherOf, matchesWildcard } from '../../../src/access/policy/wildcard.ts';

const plain = { Effect: 'Allow', Action: 'a:B', Resource: '*' };
const named = { ...plain, Principal: '*' };

/** A policy, the kind that it is to be, and why it is none. */
const refused: readonly [unknown, PolicyKind, string][] = [
  [{ ...plain, Effect: 'allow' }, 'identity', 'an Effect is neither Allow nor Deny'],
  [{ ...plain, Sid: 1 }, 'identity', 'a Sid is not a string'],
  [{ ...plain, Action: undefined }, 'identity', 'a Statement has no Action'],
  [{ ...plain, Resource: undefined }, 'identity', 'a Statement has no Resource'],
  [{ ...plain, Resource: [] }, 'identity', 'a Statement has no Resource'],
  [{ ...plain, NotAction: 'a:C' }, 'identity', 'a Statement has both Action and NotAction'],
  [{ ...plain, NotResource: '*' }, 'identity', 'a Statement has both Resource and NotResource'],
  [named, 'identity', 'a Statement has a Principal, which it may not have'],
  [plain, 'resource', 'a Statement has no Principal'],
  [{ ...named, NotPrincipal: '*' }, 'resource', 'a Statement has both Principal and NotPrincipal'],
  [{ ...named, Principal: 'alice' }, 'resource', 'a Principal is neither * nor an object'],
  [{ ...named, Principal: { AWS: [] } }, 'resource', 'a Statement has no Principal'],
  [{ ...named, Principal: { AWS: 5 } }, 'resource', 'a Principal is not a string'],
  [named, 'trust', 'a Statement has a Resource, which it may not have'],
  [{ ...plain, Condition: [] }, 'identity', 'a Condition is not an object'],
  [{ ...plain, Condition: { Bool: 'x' } }, 'identity', "a Condition's Bool is not an object"],
  [{ ...plain, Condition: { Bool: { k: null } } }, 'identity', "a Condition's value of k is not a string"],
  [{ ...plain, Conditions: {} }, 'identity', 'a Statement has an unknown element, Conditions'],
];

for (const [statement, kind, reason] of refused) {
  test(`a policy of a ${kind} is refused: ${reason}`, () => {
    assert.throws(() => readPolicy(JSON.stringify({ Statement: statement }), kind), new PolicyError(reason));
  });
}

test('a single value is a list of one, and numbers and booleans are as they are written', () => {
  const { statements, version } = readPolicy(
    JSON.stringify({
      Statement: { ...plain, Condition: { NumericLessThan: { 'aws:EpochTime': [5, '6'] } } },
    }),
    'identity',
  );
  assert.equal(version, '2008-10-17');
  assert.deepEqual(statements[0]!.actions, { isNegated: false, names: ['a:B'] });
  const condition = { operator: 'NumericLessThan', key: 'aws:EpochTime', values: ['5', '6'] };
  assert.deepEqual(statements[0]!.conditions, [condition]);
});

test('any text is a policy or told why it is none', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('*', 'Allow', `\${aws:username}`, `\${`, `\${,'`),
    fc.json(),
  );
  const element = fc.constantFrom(
    ...['Effect', 'Action', 'NotAction', 'Resource', 'Principal', 'NotPrincipal', 'Condition', '__proto__'],
  );
  const tree = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      part,
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(element, tie('any')),
    ),
  })).any;
  const almost = fc.record(
    {
      Effect: fc.constantFrom('Allow', 'Deny'),
      Action: tree,
      Resource: tree,
      Principal: tree,
      Condition: tree,
    },
    { requiredKeys: ['Effect'] },
  );
  const kinds = fc.constantFrom<PolicyKind>('identity', 'resource', 'trust');
  fc.assert(
    fc.property(fc.oneof(almost, tree), kinds, (Statement, kind) => {
      try {
        for (const statement of compilePolicy(JSON.stringify({ Statement }), kind).statements) {
          statement.resource.holds('arn:a', () => undefined);
          statement.condition?.(() => ['a']);
        }
      } catch (error) {
        assert.ok(error instanceof PolicyError, String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test("AWS's policies are policies of which all is known, by whatever partition they are named", () => {
  for (const { arn, document } of awsManagedPolicies) {
    assert.deepEqual(compilePolicy(document, 'identity').unknown, [], arn);
    assert.equal(awsManagedPolicy(arn.replace('arn:aws:', 'arn:aws-cn:'))?.document, document);
  }
  assert.equal(awsManagedPolicy('arn:aws:iam::111111111111:policy/AdministratorAccess'), undefined);
  assert.equal(new Set(awsManagedPolicies.map(({ arn }) => arn)).size, awsManagedPolicies.length);
});

test('a range of addresses is one in CIDR, of either family, or one address', () => {
  const holds = (range: string, address: string) => rangeOf(range)?.holds(address);
  assert.equal(holds('0.0.0.0/0', '255.1.2.3'), true);
  assert.equal(holds('0.0.0.0/0', '::1'), false);
  assert.equal(holds('192.0.2.7', '192.0.2.7'), true);
  assert.equal(holds('192.0.2.7/31', '192.0.2.6'), true);
  assert.equal(holds('192.0.2.7/31', '192.0.2.8'), false);
  assert.equal(holds('::/0', 'fe80::1%eth0'), true);
  assert.equal(holds('2001:DB8::/32', '2001:db8:1:2:3:4:5:6'), true);
  assert.equal(holds('::ffff:192.0.2.0/120', '192.0.2.1'), true);
  assert.equal(holds('::ffff:192.0.2.0/120', '192.0.3.1'), false);
  for (const wrong of [
    '',
    '1.2.3',
    '1.2.3.4/33',
    '01.2.3.4',
    '1.2.3.256',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    '::/129',
    '1.2.3.4/',
    '1.2.3.4/8/8',
    'g::',
    '::ffff:192.0.2.0/24',
  ]) {
    assert.equal(rangeOf(wrong), undefined, wrong);
  }
});

test('a matcher says what its pattern matches, whatever its form', () => {
  const unit = (...of: readonly string[]) => fc.string({ unit: fc.constantFrom(...of), maxLength: 7 });
  fc.assert(
    fc.property(unit('a', 'b', '*', '?'), unit('a', 'b'), (pattern, text) => {
      assert.equal(matcherOf(pattern)(text), matchesWildcard(pattern, text));
    }),
    { numRuns: 1000 },
  );
});

test('an ARN alone tells whether a user, a session, a role or a root user calls', () => {
  const told = (arn: string) => {
    const caller = callerOfArn(arn);
    return caller && [caller.type, caller.names.account, caller.names.roleArn, caller.userName];
  };
  const id = '111111111111';
  assert.deepEqual(told(`arn:aws:iam::${id}:user/team/alice`), ['User', id, undefined, 'alice']);
  assert.deepEqual(told(`arn:aws:iam::${id}:root`), ['Account', id, undefined, undefined]);
  const role = `arn:aws:iam::${id}:role/r`;
  assert.deepEqual(told(role), ['AssumedRole', id, role, undefined]);
  assert.deepEqual(told(`arn:aws:sts::${id}:assumed-role/r/s`), ['AssumedRole', id, role, undefined]);
  for (const wrong of [
    'alice',
    `arn:aws:iam::${id}:group/g`,
    `arn:aws:iam::${id}:user`,
    `arn:aws:sts::${id}:assumed-role/r`,
  ]) {
    assert.equal(told(wrong), undefined, wrong);
  }
});

test('a principal has one of the forms that AWS takes', () => {
  for (const name of [
    '*',
    '111111111111',
    'arn:aws:iam::111111111111:root',
    'arn:aws-cn:iam::111111111111:user/a/b',
    'AIDAIOSFODNN7EXAMPLE2',
  ]) {
    assert.ok(isPrincipal('AWS', name), name);
  }
  for (const name of ['', '1111', 'alice', 'arn:aws:iam::111111111111:user/*', 'arn:aws:s3:::bucket']) {
    assert.ok(!isPrincipal('AWS', name), name);
  }
  assert.ok(isPrincipal('Service', 'lambda.amazonaws.com'));
});
