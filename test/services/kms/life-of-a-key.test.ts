import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KMSClient } from '@aws-sdk/client-kms';
import * as sdk from '@aws-sdk/client-kms';
import { Harness } from '../kinesis/harness.ts';
import { kmsClient } from './kms-client.ts';

const dayMs = 24 * 3600 * 1000;
const words = Buffer.from('as secret as it gets');
const context = { 'aws:kinesis:arn': 'arn:aws:kinesis:eu-central-1:000000000000:stream/orders', b: '2' };

async function createKey(client: KMSClient): Promise<{ id: string; arn: string }> {
  const { KeyMetadata } = await client.send(new sdk.CreateKeyCommand({ Description: 'for tests' }));
  return { id: KeyMetadata!.KeyId!, arn: KeyMetadata!.Arn! };
}

test('a key is made, described, listed and found by its aliases', async () => {
  await using server = await Harness.start();
  const client = kmsClient(server);
  const tags = [{ TagKey: 'team', TagValue: 'shop' }];
  const { KeyMetadata } = await client.send(new sdk.CreateKeyCommand({ Description: 'orders', Tags: tags }));
  const id = KeyMetadata!.KeyId!;
  const arn = `arn:aws:kms:eu-central-1:000000000000:key/${id}`;
  const { CurrentKeyMaterialId, ...described } = KeyMetadata!;
  assert.match(CurrentKeyMaterialId!, /^[0-9a-f]{64}$/);
  assert.deepEqual(described, {
    AWSAccountId: '000000000000',
    KeyId: id,
    Arn: arn,
    CreationDate: new Date(server.clock.now()),
    Enabled: true,
    Description: 'orders',
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: 'Enabled',
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
  });
  await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/orders', TargetKeyId: id }));
  for (const name of [id, arn, 'alias/orders', 'arn:aws:kms:eu-central-1:000000000000:alias/orders']) {
    const found = await client.send(new sdk.DescribeKeyCommand({ KeyId: name }));
    assert.equal(found.KeyMetadata?.KeyId, id, name);
  }
  const { Keys, Truncated } = await client.send(new sdk.ListKeysCommand({}));
  assert.deepEqual([Keys, Truncated], [[{ KeyId: id, KeyArn: arn }], false]);
  const { Tags } = await client.send(new sdk.ListResourceTagsCommand({ KeyId: id }));
  assert.deepEqual(Tags, tags);
  // Another region has keys of its own.
  const elsewhere = await kmsClient(server, 'us-east-1').send(new sdk.ListKeysCommand({}));
  assert.deepEqual(elsewhere.Keys, []);
});

test('what is encrypted comes back with its context, and with no other', async () => {
  await using server = await Harness.start();
  const client = kmsClient(server);
  const { id, arn } = await createKey(client);
  const { CiphertextBlob, KeyId } = await client.send(
    new sdk.EncryptCommand({ KeyId: id, Plaintext: words, EncryptionContext: context }),
  );
  assert.equal(KeyId, arn);
  assert.ok(!Buffer.from(CiphertextBlob!).includes(words));
  const reversed = Object.fromEntries(Object.entries(context).reverse());
  const opened = await client.send(new sdk.DecryptCommand({ CiphertextBlob, EncryptionContext: reversed }));
  assert.deepEqual(Buffer.from(opened.Plaintext!), words);
  assert.equal(opened.KeyId, arn);
  const wrong = [
    undefined,
    {},
    { ...context, b: '3' },
    { ...context, c: '' },
    { b: '2' },
    { ...context, B: '2' },
  ];
  for (const other of wrong) {
    const request = new sdk.DecryptCommand({ CiphertextBlob, EncryptionContext: other });
    await assert.rejects(client.send(request), { name: 'InvalidCiphertextException' });
  }
});

test('a data key is answered in clear and encrypted, of the length that is asked for', async () => {
  await using server = await Harness.start();
  const client = kmsClient(server);
  const { id: KeyId } = await createKey(client);
  const orders = [{ KeySpec: 'AES_128' }, { KeySpec: 'AES_256' }, { NumberOfBytes: 1024 }] as const;
  for (const order of orders) {
    const made = await client.send(
      new sdk.GenerateDataKeyCommand({ KeyId, EncryptionContext: context, ...order }),
    );
    const opened = await client.send(
      new sdk.DecryptCommand({ CiphertextBlob: made.CiphertextBlob, EncryptionContext: context }),
    );
    assert.deepEqual(opened.Plaintext, made.Plaintext);
  }
  const hidden = await client.send(
    new sdk.GenerateDataKeyWithoutPlaintextCommand({ KeyId, NumberOfBytes: 7 }),
  );
  assert.ok(!('Plaintext' in hidden));
  const { Plaintext } = await client.send(new sdk.DecryptCommand({ CiphertextBlob: hidden.CiphertextBlob }));
  assert.equal(Plaintext?.length, 7);
  const { Plaintext: random } = await client.send(new sdk.GenerateRandomCommand({ NumberOfBytes: 33 }));
  assert.equal(random?.length, 33);
});

test('a ciphertext is taken to another key and context without being shown', async () => {
  await using server = await Harness.start();
  const client = kmsClient(server);
  const [one, two] = [await createKey(client), await createKey(client)];
  const first = await client.send(
    new sdk.EncryptCommand({ KeyId: one.id, Plaintext: words, EncryptionContext: context }),
  );
  const moved = await client.send(
    new sdk.ReEncryptCommand({
      CiphertextBlob: first.CiphertextBlob,
      SourceEncryptionContext: context,
      DestinationKeyId: two.arn,
      DestinationEncryptionContext: { new: 'context' },
    }),
  );
  assert.deepEqual([moved.SourceKeyId, moved.KeyId], [one.arn, two.arn]);
  const { CiphertextBlob } = moved;
  const opened = await client.send(
    new sdk.DecryptCommand({ CiphertextBlob, EncryptionContext: { new: 'context' }, KeyId: two.id }),
  );
  assert.deepEqual(Buffer.from(opened.Plaintext!), words);
  const misnamed = new sdk.DecryptCommand({
    CiphertextBlob,
    EncryptionContext: { new: 'context' },
    KeyId: one.id,
  });
  await assert.rejects(client.send(misnamed), { name: 'IncorrectKeyException' });
});

/** A call of every operation that needs a key, by its name. */
function callsOf(KeyId: string, CiphertextBlob: Uint8Array): Record<string, () => object> {
  return {
    Encrypt: () => new sdk.EncryptCommand({ KeyId, Plaintext: words }),
    Decrypt: () => new sdk.DecryptCommand({ CiphertextBlob }),
    ReEncrypt: () => new sdk.ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId }),
    GenerateDataKey: () => new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }),
    GenerateDataKeyWithoutPlaintext: () =>
      new sdk.GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256' }),
    RotateKeyOnDemand: () => new sdk.RotateKeyOnDemandCommand({ KeyId }),
    EnableKeyRotation: () => new sdk.EnableKeyRotationCommand({ KeyId }),
    DisableKeyRotation: () => new sdk.DisableKeyRotationCommand({ KeyId }),
    CreateAlias: () => new sdk.CreateAliasCommand({ TargetKeyId: KeyId, AliasName: 'alias/a' }),
    UpdateAlias: () => new sdk.UpdateAliasCommand({ TargetKeyId: KeyId, AliasName: 'alias/there' }),
    TagResource: () => new sdk.TagResourceCommand({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] }),
    UntagResource: () => new sdk.UntagResourceCommand({ KeyId, TagKeys: ['a'] }),
    UpdateKeyDescription: () => new sdk.UpdateKeyDescriptionCommand({ KeyId, Description: 'new' }),
    DescribeKey: () => new sdk.DescribeKeyCommand({ KeyId }),
    GetKeyPolicy: () => new sdk.GetKeyPolicyCommand({ KeyId }),
    ListKeyPolicies: () => new sdk.ListKeyPoliciesCommand({ KeyId }),
    GetKeyRotationStatus: () => new sdk.GetKeyRotationStatusCommand({ KeyId }),
    ListKeyRotations: () => new sdk.ListKeyRotationsCommand({ KeyId }),
    ListResourceTags: () => new sdk.ListResourceTagsCommand({ KeyId }),
    ListAliases: () => new sdk.ListAliasesCommand({ KeyId }),
    PutKeyPolicy: () => new sdk.PutKeyPolicyCommand({ KeyId, Policy: policy }),
    CancelKeyDeletion: () => new sdk.CancelKeyDeletionCommand({ KeyId }),
    ScheduleKeyDeletion: () => new sdk.ScheduleKeyDeletionCommand({ KeyId }),
    EnableKey: () => new sdk.EnableKeyCommand({ KeyId }),
    DisableKey: () => new sdk.DisableKeyCommand({ KeyId }),
  };
}

const policy = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }],
});

/** The name of what an operation rejects with, `ok` if it succeeds. */
async function outcomeOf(client: KMSClient, command: object): Promise<string> {
  try {
    await client.send(command as Parameters<KMSClient['send']>[0]);
    return 'ok';
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

/** What changes the state itself is looked at on its own. */
const changing = ['CancelKeyDeletion', 'ScheduleKeyDeletion', 'EnableKey', 'DisableKey'];
const reading = [
  ...['DescribeKey', 'GetKeyPolicy', 'ListKeyPolicies', 'GetKeyRotationStatus', 'ListKeyRotations'],
  ...['ListResourceTags', 'ListAliases', 'PutKeyPolicy'],
];

async function keyInTrouble(
  server: Harness,
  trouble: (client: KMSClient, KeyId: string) => Promise<unknown>,
) {
  const client = kmsClient(server);
  const { id, arn } = await createKey(client);
  const other = await createKey(client);
  await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/there', TargetKeyId: other.id }));
  const { CiphertextBlob } = await client.send(new sdk.EncryptCommand({ KeyId: id, Plaintext: words }));
  await trouble(client, id);
  return { client, arn, calls: callsOf(id, CiphertextBlob!) };
}

test('a disabled key is of no use, and whatever is no use of it goes on', async () => {
  await using server = await Harness.start();
  const { client, arn, calls } = await keyInTrouble(server, (client, KeyId) =>
    client.send(new sdk.DisableKeyCommand({ KeyId })),
  );
  const unusable = [
    ...['Encrypt', 'Decrypt', 'ReEncrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'],
    ...['RotateKeyOnDemand', 'EnableKeyRotation', 'DisableKeyRotation'],
  ];
  for (const [name, call] of Object.entries(calls)) {
    if (changing.includes(name)) continue;
    const expected = unusable.includes(name) ? `DisabledException: ${arn} is disabled.` : 'ok';
    assert.equal(await outcomeOf(client, call()), expected, name);
  }
  const notPending = `KMSInvalidStateException: ${arn} is not pending deletion.`;
  assert.equal(await outcomeOf(client, calls['CancelKeyDeletion']!()), notPending);
  await client.send(calls['EnableKey']!() as sdk.EnableKeyCommand);
  assert.equal(await outcomeOf(client, calls['Decrypt']!()), 'ok');
});

test('a key that is to be deleted can be read about and kept, and nothing else', async () => {
  await using server = await Harness.start();
  const { client, arn, calls } = await keyInTrouble(server, (client, KeyId) =>
    client.send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 })),
  );
  for (const [name, call] of Object.entries(calls)) {
    if (name === 'CancelKeyDeletion') continue;
    const expected = reading.includes(name) ? 'ok' : `KMSInvalidStateException: ${arn} is pending deletion.`;
    assert.equal(await outcomeOf(client, call()), expected, name);
  }
  assert.equal(await outcomeOf(client, calls['CancelKeyDeletion']!()), 'ok');
  const { KeyMetadata } = await client.send(calls['DescribeKey']!() as sdk.DescribeKeyCommand);
  assert.deepEqual([KeyMetadata?.KeyState, KeyMetadata?.DeletionDate], ['Disabled', undefined]);
});

test('a key is gone with its aliases once its time has come, and what it encrypted is lost', async () => {
  await using server = await Harness.start();
  const client = kmsClient(server);
  const { id, arn } = await createKey(client);
  const { CiphertextBlob } = await client.send(new sdk.EncryptCommand({ KeyId: id, Plaintext: words }));
  await client.send(new sdk.CreateAliasCommand({ AliasName: 'alias/doomed', TargetKeyId: id }));
  const scheduled = await client.send(
    new sdk.ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }),
  );
  assert.deepEqual(
    [scheduled.KeyId, scheduled.DeletionDate?.getTime(), scheduled.KeyState, scheduled.PendingWindowInDays],
    [arn, server.clock.now() + 7 * dayMs, 'PendingDeletion', 7],
  );
  server.clock.jump(7 * dayMs - 60_000);
  await server.clock.advance(59_000);
  assert.equal(await outcomeOf(client, new sdk.DescribeKeyCommand({ KeyId: id })), 'ok');
  await server.clock.advance(120_000);
  const describe = new sdk.DescribeKeyCommand({ KeyId: id });
  assert.equal(await outcomeOf(client, describe), `NotFoundException: Key '${arn}' does not exist`);
  assert.equal(
    await outcomeOf(client, new sdk.DescribeKeyCommand({ KeyId: 'alias/doomed' })),
    'NotFoundException: Alias arn:aws:kms:eu-central-1:000000000000:alias/doomed is not found.',
  );
  await assert.rejects(client.send(new sdk.DecryptCommand({ CiphertextBlob })), {
    name: 'AccessDeniedException',
  });
});

test('a rotated key has new material, and decrypts what the old has encrypted', async () => {
  await using server = await Harness.start();
  const client = kmsClient(server);
  const { id: KeyId } = await createKey(client);
  const encrypt = async () =>
    (await client.send(new sdk.EncryptCommand({ KeyId, Plaintext: words }))).CiphertextBlob;
  const ciphertexts = [await encrypt()];
  await client.send(new sdk.RotateKeyOnDemandCommand({ KeyId }));
  ciphertexts.push(await encrypt());
  await client.send(new sdk.EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
  const before = await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId }));
  assert.deepEqual(
    [before.KeyRotationEnabled, before.RotationPeriodInDays, before.NextRotationDate?.getTime()],
    [true, 90, server.clock.now() + 90 * dayMs],
  );
  server.clock.jump(90 * dayMs);
  await server.clock.advance(60_000);
  ciphertexts.push(await encrypt());
  const materials: string[] = [];
  for (const CiphertextBlob of ciphertexts) {
    const { Plaintext, KeyMaterialId } = await client.send(new sdk.DecryptCommand({ CiphertextBlob }));
    assert.deepEqual(Buffer.from(Plaintext!), words);
    materials.push(KeyMaterialId!);
  }
  assert.equal(new Set(materials).size, 3);
  const { Rotations } = await client.send(
    new sdk.ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
  );
  assert.deepEqual(
    Rotations?.map(({ RotationType, KeyMaterialState, KeyMaterialId }) => [
      RotationType,
      KeyMaterialState,
      KeyMaterialId,
    ]),
    [
      [undefined, 'NON_CURRENT', materials[0]],
      ['ON_DEMAND', 'NON_CURRENT', materials[1]],
      ['AUTOMATIC', 'CURRENT', materials[2]],
    ],
  );
  await client.send(new sdk.DisableKeyRotationCommand({ KeyId }));
  const after = await client.send(new sdk.GetKeyRotationStatusCommand({ KeyId }));
  assert.equal(after.KeyRotationEnabled, false);
});

test('the key of Kinesis is there once it is asked for, and is not changed by anyone', async () => {
  await using server = await Harness.start();
  const client = kmsClient(server);
  const KeyId = 'alias/aws/kinesis';
  const { KeyMetadata } = await client.send(new sdk.DescribeKeyCommand({ KeyId }));
  assert.equal(KeyMetadata?.KeyManager, 'AWS');
  const again = await client.send(new sdk.DescribeKeyCommand({ KeyId }));
  assert.equal(again.KeyMetadata?.KeyId, KeyMetadata.KeyId);
  const { KeyId: id } = KeyMetadata;
  for (const command of [
    new sdk.DisableKeyCommand({ KeyId: id }),
    new sdk.ScheduleKeyDeletionCommand({ KeyId: id }),
    new sdk.PutKeyPolicyCommand({ KeyId: id, Policy: policy }),
    new sdk.CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: id }),
  ]) {
    assert.match(await outcomeOf(client, command), /^AccessDeniedException: /);
  }
  const deletion = new sdk.DeleteAliasCommand({ AliasName: KeyId });
  assert.match(await outcomeOf(client, deletion), /^NotAuthorizedException: /);
});
