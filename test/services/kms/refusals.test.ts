import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KmsCalls } from './kms-calls.ts';

const nobody = '11111111-2222-3333-4444-555555555555';
const here = 'arn:aws:kms:eu-central-1:000000000000';
const words = Buffer.from('words').toString('base64');

type Case = [operation: string, input: object, says: string];

/** What is refused whatever keys there are; `KEY` in an input is the id of an enabled key. */
const cases: readonly Case[] = [
  ['DescribeKey', { KeyId: nobody }, `NotFoundException: Key '${here}:key/${nobody}' does not exist`],
  ['DescribeKey', { KeyId: 'alias/none' }, `NotFoundException: Alias ${here}:alias/none is not found.`],
  ['DescribeKey', { KeyId: 'none' }, "NotFoundException: Invalid keyId 'none'"],
  [
    'DescribeKey',
    { KeyId: `arn:aws:kms:us-east-1:000000000000:key/${nobody}` },
    'NotFoundException: Invalid arn us-east-1',
  ],
  ['DescribeKey', { KeyId: 'arn:aws:s3:::b' }, 'InvalidArnException: Invalid arn arn:aws:s3:::b'],
  ['DisableKey', { KeyId: 'alias/none' }, "NotFoundException: Invalid keyId 'alias/none'"],
  [
    'CreateKey',
    { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' },
    'UnsupportedOperationException: Keys of KeySpec RSA_2048 are not served.',
  ],
  [
    'CreateKey',
    { KeySpec: 'HMAC_256' },
    'ValidationException: You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
  ],
  [
    'CreateKey',
    { KeyUsage: 'SIGN_VERIFY' },
    'ValidationException: KeyUsage SIGN_VERIFY is not compatible with KeySpec SYMMETRIC_DEFAULT',
  ],
  [
    'CreateKey',
    { KeySpec: 'SYMMETRIC_DEFAULT', CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' },
    'ValidationException: You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
  ],
  [
    'CreateKey',
    { MultiRegion: true },
    'UnsupportedOperationException: Keys of several regions (MultiRegion) are not served.',
  ],
  [
    'CreateKey',
    { Origin: 'EXTERNAL' },
    'UnsupportedOperationException: Keys of Origin EXTERNAL are not served.',
  ],
  [
    'CreateKey',
    { CustomKeyStoreId: 'cks-1' },
    'UnsupportedOperationException: Custom key stores are not served.',
  ],
  [
    'CreateKey',
    {
      Tags: [
        { TagKey: 'a', TagValue: '1' },
        { TagKey: 'a', TagValue: '2' },
      ],
    },
    'TagException: Duplicate tag keys',
  ],
  [
    'CreateKey',
    { Tags: [{ TagKey: 'aws:a', TagValue: '1' }] },
    'TagException: Tags beginning with aws: are reserved',
  ],
  [
    'CreateKey',
    { Policy: '{' },
    'MalformedPolicyDocumentException: The policy is not valid: it is not JSON.',
  ],
  [
    'CreateKey',
    { Policy: '{"Statement":[]}' },
    'MalformedPolicyDocumentException: The policy is not valid: it has no Statement.',
  ],
  [
    'PutKeyPolicy',
    { KeyId: 'KEY', Policy: '{"Statement":{"Effect":"Allow","Action":"kms:*","Resource":"*"}}' },
    'MalformedPolicyDocumentException: The policy is not valid: a Statement has no Principal.',
  ],
  [
    'PutKeyPolicy',
    { KeyId: 'KEY', Policy: `"${'a'.repeat(33_000)}"` },
    'LimitExceededException: A key policy can have at most 32768 characters.',
  ],
  ['GetKeyPolicy', { KeyId: 'KEY', PolicyName: 'mine' }, 'NotFoundException: No such policy exists'],
  [
    'Encrypt',
    { KeyId: 'KEY', Plaintext: Buffer.alloc(4097).toString('base64') },
    "ValidationException: 1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
  ],
  [
    'Encrypt',
    { KeyId: 'KEY', Plaintext: words, EncryptionContext: { a: 'b'.repeat(8192) } },
    'ValidationException: The encryption context is larger than 8192 bytes.',
  ],
  [
    'Encrypt',
    { KeyId: 'KEY', Plaintext: words, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' },
    'InvalidKeyUsageException: Algorithm RSAES_OAEP_SHA_1 is incompatible with key spec SYMMETRIC_DEFAULT.',
  ],
  ['Encrypt', { KeyId: 'KEY', Plaintext: words, GrantTokens: ['token'] }, 'InvalidGrantTokenException: '],
  [
    'Encrypt',
    { KeyId: 'KEY', Plaintext: words, DryRun: true },
    'DryRunOperationException: The request would have succeeded, but the DryRun option is set.',
  ],
  [
    'GenerateDataKey',
    { KeyId: 'KEY', KeySpec: 'AES_256', DryRun: true },
    'DryRunOperationException: The request would have succeeded, but the DryRun option is set.',
  ],
  [
    'GenerateDataKey',
    { KeyId: 'KEY' },
    'ValidationException: Please specify either number of bytes or key spec.',
  ],
  [
    'GenerateDataKey',
    { KeyId: 'KEY', KeySpec: 'AES_256', Recipient: { AttestationDocument: words } },
    'UnsupportedOperationException: Answers for enclaves (Recipient) are not served.',
  ],
  ['GenerateRandom', {}, 'ValidationException: NumberOfBytes is required.'],
  [
    'GenerateRandom',
    { NumberOfBytes: 1025 },
    "ValidationException: 1 validation error detected: Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024",
  ],
  ['Decrypt', { CiphertextBlob: words }, 'InvalidCiphertextException: '],
  ['Decrypt', {}, 'ValidationException: CiphertextBlob is required.'],
  [
    'ScheduleKeyDeletion',
    { KeyId: 'KEY', PendingWindowInDays: 6 },
    'ValidationException: PendingWindowInDays must be between 7 and 30, not 6.',
  ],
  [
    'EnableKeyRotation',
    { KeyId: 'KEY', RotationPeriodInDays: 89 },
    "ValidationException: 1 validation error detected: Value '89' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value greater than or equal to 90",
  ],
  [
    'ListKeys',
    { Marker: 'no marker' },
    'InvalidMarkerException: The marker is none that this operation has answered.',
  ],
  [
    'CreateAlias',
    { AliasName: 'alias/', TargetKeyId: 'KEY' },
    'ValidationException: alias/ contains invalid characters for an alias',
  ],
  ['DeleteAlias', { AliasName: 'alias/none' }, `NotFoundException: Alias ${here}:alias/none is not found.`],
  ['Sign', {}, 'UnknownOperationException: Sign is not served yet.'],
];

test('what cannot be is refused as AWS refuses it, and as plainly where AWS can do more', async () => {
  await using kms = await KmsCalls.start();
  const key = await kms.createKey();
  for (const [operation, input, says] of cases) {
    const named = JSON.parse(JSON.stringify(input).replaceAll('"KEY"', `"${key.id}"`)) as object;
    assert.equal(
      await kms.outcome(operation, named),
      says,
      `${operation} ${JSON.stringify(input).slice(0, 80)}`,
    );
  }
});

test('a page is as long as is asked for, and its marker leads to the next', async () => {
  await using kms = await KmsCalls.start();
  const ids: string[] = [];
  for (let index = 0; index < 5; index++) ids.push((await kms.createKey()).id);
  const found: string[] = [];
  let marker: string | undefined;
  for (let page = 0; page < 3; page++) {
    const answer = await kms.call('ListKeys', { Limit: 2, Marker: marker });
    found.push(...(answer['Keys'] as { KeyId: string }[]).map(({ KeyId }) => KeyId));
    assert.equal(answer['Truncated'], page < 2);
    marker = answer['NextMarker'] as string | undefined;
  }
  assert.equal(marker, undefined);
  assert.deepEqual(found, ids.toSorted());
});

test('a key has at most fifty tags, fifty aliases, and twenty-five rotations on demand', async () => {
  await using kms = await KmsCalls.start();
  const { id: KeyId } = await kms.createKey();
  const tagged = (from: number, count: number) => ({
    KeyId,
    Tags: Array.from({ length: count }, (_, index) => ({ TagKey: `${from + index}`, TagValue: '' })),
  });
  assert.equal(await kms.outcome('TagResource', tagged(0, 50)), 'ok');
  assert.match(await kms.outcome('TagResource', tagged(50, 1)), /^LimitExceededException: /);
  for (let index = 0; index < 50; index++) {
    await kms.call('CreateAlias', { AliasName: `alias/${index}`, TargetKeyId: KeyId });
  }
  const another = { AliasName: 'alias/another', TargetKeyId: KeyId };
  assert.match(await kms.outcome('CreateAlias', another), /^LimitExceededException: /);
  for (let index = 0; index < 25; index++) await kms.call('RotateKeyOnDemand', { KeyId });
  assert.match(await kms.outcome('RotateKeyOnDemand', { KeyId }), /^LimitExceededException: /);
});

test('an entry of a context counts whatever it is called', async () => {
  await using kms = await KmsCalls.start();
  const { id: KeyId } = await kms.createKey();
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const EncryptionContext = JSON.parse(`{"${name}":"a"}`) as object;
    const { CiphertextBlob } = await kms.call('Encrypt', { KeyId, Plaintext: words, EncryptionContext });
    assert.equal(await kms.outcome('Decrypt', { CiphertextBlob, EncryptionContext }), 'ok', name);
    assert.equal(await kms.outcome('Decrypt', { CiphertextBlob }), 'InvalidCiphertextException: ', name);
  }
});

test('an account has at most half of the keys that the server has room for', async () => {
  await using kms = await KmsCalls.start();
  const { id } = await kms.createKey();
  const { keys } = kms.keys;
  const key = keys.state.keys.get(id)!;
  const more = Array.from({ length: 4_999 }, (_, index) => ({
    ...key,
    id: `${index}`,
    region: `r-${index}`,
  }));
  await keys.commit(() => more.map((each) => ({ kind: 'key-created', key: each })));
  assert.equal(
    await kms.outcome('CreateKey', {}),
    'LimitExceededException: The account 000000000000 can have at most 5000 keys on this server.',
  );
  kms.caller = { ...kms.caller, account: '111111111111' };
  assert.equal(await kms.outcome('CreateKey', {}), 'ok');
});
