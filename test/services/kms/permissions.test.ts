import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyIdentity } from '../../../src/access/identity/state.ts';
import { contextOf } from '../../../src/access/policy/access.ts';
import { PolicyAuthorizer } from '../../../src/access/policy/policy-authorizer.ts';
import { aCaller } from '../../access/a-caller.ts';
import { TestClock } from '../../log/world.ts';
import { KmsCalls } from './kms-calls.ts';

const Plaintext = Buffer.from('words').toString('base64');
const account = '000000000000';
const region = 'eu-central-1';

/** Policies count, and nobody has one but for those of keys. */
function enforced(): Promise<KmsCalls> {
  return KmsCalls.start(
    new PolicyAuthorizer({ identity: { state: emptyIdentity }, clock: new TestClock(), enforced: true }),
  );
}

function policyOf(...statements: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

const own = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };

test('permission is asked for the key, whatever it is called by, with what the call says of it', async () => {
  await using kms = await KmsCalls.start();
  const { id, arn } = await kms.createKey({ Tags: [{ TagKey: 'team', TagValue: 'shop' }] });
  assert.deepEqual(
    kms.asked.map((access) => [
      access.action,
      access.resource,
      contextOf(access)?.get('aws:requesttag/team'),
    ]),
    [
      ['kms:CreateKey', '*', ['shop']],
      ['kms:TagResource', '*', ['shop']],
    ],
  );
  await kms.call('CreateAlias', { AliasName: 'alias/orders', TargetKeyId: id });
  const alias = `arn:aws:kms:${region}:${account}:alias/orders`;
  assert.deepEqual(
    kms.asked.map(({ action, resource }) => [action, resource]),
    [
      ['kms:CreateAlias', alias],
      ['kms:CreateAlias', arn],
    ],
  );
  const context = { 'aws:kinesis:arn': 'arn:aws:kinesis:…', Team: 'shop' };
  await kms.call('Encrypt', { KeyId: 'alias/orders', Plaintext, EncryptionContext: context });
  const [access] = kms.asked;
  assert.equal(access?.action, 'kms:Encrypt');
  assert.equal(access.resource, arn);
  assert.equal(access.facts?.isPolicyRequired, true);
  assert.deepEqual(access.facts.tags, [{ key: 'team', value: 'shop' }]);
  assert.deepEqual(Object.fromEntries(contextOf(access)!), {
    'kms:calleraccount': [account],
    'kms:encryptioncontext:aws:kinesis:arn': ['arn:aws:kinesis:…'],
    'kms:encryptioncontext:team': ['shop'],
    'kms:encryptioncontextkeys': ['aws:kinesis:arn', 'Team'],
    'kms:keyorigin': ['AWS_KMS'],
    'kms:keyspec': ['SYMMETRIC_DEFAULT'],
    'kms:keyusage': ['ENCRYPT_DECRYPT'],
    'kms:requestalias': ['alias/orders'],
    'kms:resourcealiases': ['alias/orders'],
  });
});

test('taking a ciphertext to another key takes a permission for each of the two', async () => {
  await using kms = await KmsCalls.start();
  const [from, to] = [await kms.createKey(), await kms.createKey()];
  const { CiphertextBlob } = await kms.call('Encrypt', {
    KeyId: from.id,
    Plaintext,
    EncryptionContext: { a: '1' },
  });
  await kms.call('ReEncrypt', {
    CiphertextBlob,
    SourceEncryptionContext: { a: '1' },
    DestinationKeyId: to.id,
    DestinationEncryptionContext: { b: '2' },
  });
  assert.deepEqual(
    kms.asked.map((access) => [
      access.action,
      access.resource,
      contextOf(access)?.get('kms:encryptioncontextkeys'),
    ]),
    [
      ['kms:ReEncryptFrom', from.arn, ['a']],
      ['kms:ReEncryptTo', to.arn, ['b']],
    ],
  );
});

test('another account uses a key that its policy shares, by its ARN, and cannot do more with it', async () => {
  await using kms = await enforced();
  const shared = {
    Effect: 'Allow',
    Principal: { AWS: '222222222222' },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:DisableKey'],
    Resource: '*',
  };
  const { id, arn } = await kms.createKey({ Policy: policyOf(own, shared) });
  const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: id, Plaintext });
  kms.caller = aCaller('bob', '222222222222', region);
  assert.equal(await kms.outcome('Decrypt', { CiphertextBlob }), 'ok');
  assert.equal(await kms.outcome('Encrypt', { KeyId: arn, Plaintext }), 'ok');
  assert.match(
    await kms.outcome('GenerateDataKey', { KeyId: arn, KeySpec: 'AES_256' }),
    /^AccessDeniedException: /,
  );
  // What AWS does not carry out across accounts is not, whatever the policy says.
  assert.equal(
    await kms.outcome('DisableKey', { KeyId: arn }),
    `NotFoundException: Key '${arn}' does not exist`,
  );
  kms.caller = aCaller('carol', '333333333333', region);
  assert.match(await kms.outcome('Decrypt', { CiphertextBlob }), /^AccessDeniedException: /);
  assert.match(await kms.outcome('Encrypt', { KeyId: arn, Plaintext }), /^AccessDeniedException: /);
});

test('a policy may ask for an encryption context', async () => {
  await using kms = await enforced();
  const guarded = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'kms:Encrypt',
    Resource: '*',
    Condition: { StringNotEquals: { 'kms:EncryptionContext:team': 'shop' } },
  };
  const { id: KeyId } = await kms.createKey({ Policy: policyOf(own, guarded) });
  assert.match(await kms.outcome('Encrypt', { KeyId, Plaintext }), /^AccessDeniedException: /);
  const EncryptionContext = { team: 'shop' };
  assert.equal(await kms.outcome('Encrypt', { KeyId, Plaintext, EncryptionContext }), 'ok');
});

test('whoever puts a policy must be able to put another one after it, or says that it need not', async () => {
  await using kms = await enforced();
  const { id: KeyId } = await kms.createKey();
  const Policy = policyOf({ ...own, Action: 'kms:Encrypt' });
  const lockedOut =
    'MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.';
  assert.equal(await kms.outcome('PutKeyPolicy', { KeyId, Policy }), lockedOut);
  assert.equal(await kms.outcome('CreateKey', { Policy }), lockedOut);
  const bypassing = { KeyId, Policy, BypassPolicyLockoutSafetyCheck: true };
  assert.equal(await kms.outcome('PutKeyPolicy', bypassing), 'ok');
  assert.match(
    await kms.outcome('PutKeyPolicy', { KeyId, Policy: policyOf(own) }),
    /^AccessDeniedException: /,
  );
});

test('a policy with a principal, a key or an operator that cannot be is refused by its name', async () => {
  await using kms = await enforced();
  const refused = [
    [
      { ...own, Principal: { AWS: 'nobody' } },
      'Policy contains a statement with one or more invalid principals.',
    ],
    [
      { ...own, Condition: { StringIs: { 'aws:username': 'a' } } },
      'The condition operator StringIs is not known.',
    ],
  ] as const;
  for (const [statement, message] of refused) {
    const outcome = await kms.outcome('CreateKey', { Policy: policyOf(statement) });
    assert.equal(outcome, `MalformedPolicyDocumentException: ${message}`);
  }
});

test('a denial tells nobody which aliases another account has, and which keys are behind them', async () => {
  await using kms = await enforced();
  const { id, arn } = await kms.createKey({ Policy: policyOf(own) });
  await kms.call('CreateAlias', { AliasName: 'alias/there', TargetKeyId: id });
  const { CiphertextBlob } = await kms.call('Encrypt', { KeyId: id, Plaintext });
  kms.caller = aCaller('mallory', '222222222222', region);
  const mine = await kms.createKey();
  const calls: readonly [operation: string, inputFor: (KeyId: string) => object][] = [
    ['DescribeKey', (KeyId) => ({ KeyId })],
    ['Encrypt', (KeyId) => ({ KeyId, Plaintext })],
    ['Decrypt', (KeyId) => ({ KeyId, CiphertextBlob })],
    ['GenerateDataKey', (KeyId) => ({ KeyId, KeySpec: 'AES_256' })],
    ['GenerateDataKeyWithoutPlaintext', (KeyId) => ({ KeyId, KeySpec: 'AES_256' })],
    ['ReEncrypt', (SourceKeyId) => ({ CiphertextBlob, SourceKeyId, DestinationKeyId: mine.id })],
  ];
  for (const [operation, inputFor] of calls) {
    const outcomeOf = (name: string) =>
      kms.outcome(operation, inputFor(`arn:aws:kms:${region}:${account}:alias/${name}`));
    const there = await outcomeOf('there');
    assert.match(there, /^AccessDeniedException/, operation);
    assert.ok(!there.includes(id) && arn.includes(id));
    assert.equal(there, (await outcomeOf('gone')).replace('alias/gone', 'alias/there'), operation);
  }
});

test('an encryption context that is too large is not compared with any policy', async () => {
  await using kms = await KmsCalls.start();
  const { id } = await kms.createKey();
  const EncryptionContext = { a: 'a'.repeat(9_000) };
  const outcome = await kms.outcome('Encrypt', { KeyId: id, Plaintext, EncryptionContext });
  assert.match(outcome, /^ValidationException: The encryption context is larger/);
  assert.deepEqual(kms.asked, []);
});
