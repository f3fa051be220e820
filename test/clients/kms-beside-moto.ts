import assert from 'node:assert/strict';
import { Harness } from '../services/kinesis/harness.ts';
import type { MotoServer } from './moto-server.ts';

type Members = Readonly<Record<string, unknown>>;

/** A server that is asked, and what it has answered so far, by the names of the steps. */
type Side = {
  readonly post: (operation: string, body: string) => Promise<{ status: number; body: string }>;
  readonly answers: Map<string, Members>;
};

type Step = {
  /** How later steps call its answer; else its number. */
  readonly name?: string;
  readonly operation: string;
  readonly input: (of: (name: string) => Members) => Members;
  /** Where moto is not like AWS: what it does, and what Millrace answers among other things. */
  readonly unlike?: { readonly because: string; readonly ours: Members };
};

const text = (value: string) => Buffer.from(value).toString('base64');
const context = { 'aws:kinesis:arn': 'arn:aws:kinesis:eu-central-1:123456789012:stream/orders', b: '2' };
const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' }],
});
const idOf = (answer: Members) => String((answer['KeyMetadata'] as Members)['KeyId']);
const arnOf = (answer: Members) => String((answer['KeyMetadata'] as Members)['Arn']);
const key = (of: (name: string) => Members) => ({ KeyId: idOf(of('key')) });
const nobody = '11111111-2222-3333-4444-555555555555';
const rotationStatus = { because: 'moto does not answer the id.', ours: { KeyId: 'key' } };
const prefixed =
  'Alias must start with the prefix "alias/". Please see ' +
  'https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html';
const ownArn = 'arn:aws:kms:eu-central-1:123456789012:key/key';

/** What AWS answers besides, and moto does not know (API reference). */
const unknownToMoto = [
  ...['CurrentKeyMaterialId', 'KeyMaterialId', 'SourceKeyMaterialId', 'DestinationKeyMaterialId'],
  ...['EncryptionAlgorithm', 'SourceEncryptionAlgorithm', 'DestinationEncryptionAlgorithm'],
  ...['CreationDate', 'LastUpdatedDate', 'PolicyName', 'RotationPeriodInDays', 'NextRotationDate'],
  ...['KeyMaterialState', 'PendingWindowInDays'],
];

const steps: readonly Step[] = [
  {
    name: 'key',
    operation: 'CreateKey',
    input: () => ({ Description: 'orders', KeyUsage: 'ENCRYPT_DECRYPT', MultiRegion: false }),
  },
  {
    name: 'other',
    operation: 'CreateKey',
    input: () => ({ KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT', MultiRegion: false }),
  },
  { operation: 'DescribeKey', input: key },
  { operation: 'DescribeKey', input: (of) => ({ KeyId: arnOf(of('key')) }) },
  { operation: 'DescribeKey', input: () => ({ KeyId: nobody }) },
  { operation: 'DescribeKey', input: () => ({ KeyId: 'alias/none' }) },
  {
    operation: 'DescribeKey',
    input: () => ({ KeyId: 'not-a-key' }),
    unlike: { because: 'moto leaves the quotes out.', ours: { message: "Invalid keyId 'not-a-key'" } },
  },
  { operation: 'UpdateKeyDescription', input: (of) => ({ ...key(of), Description: 'all orders' }) },
  { operation: 'CreateAlias', input: (of) => ({ AliasName: 'alias/orders', TargetKeyId: idOf(of('key')) }) },
  { operation: 'CreateAlias', input: (of) => ({ AliasName: 'alias/orders', TargetKeyId: idOf(of('key')) }) },
  {
    operation: 'CreateAlias',
    input: (of) => ({ AliasName: 'orders', TargetKeyId: idOf(of('key')) }),
    unlike: { because: 'moto has an older text.', ours: { message: prefixed } },
  },
  { operation: 'CreateAlias', input: (of) => ({ AliasName: 'alias/a b', TargetKeyId: idOf(of('key')) }) },
  { operation: 'CreateAlias', input: (of) => ({ AliasName: 'alias/a:b', TargetKeyId: idOf(of('key')) }) },
  { operation: 'CreateAlias', input: (of) => ({ AliasName: 'alias/aws/s3', TargetKeyId: idOf(of('key')) }) },
  { operation: 'CreateAlias', input: () => ({ AliasName: 'alias/b', TargetKeyId: 'alias/orders' }) },
  { operation: 'CreateAlias', input: () => ({ AliasName: 'alias/b', TargetKeyId: nobody }) },
  { operation: 'DescribeKey', input: () => ({ KeyId: 'alias/orders' }) },
  { operation: 'ListAliases', input: key },
  {
    operation: 'UpdateAlias',
    input: (of) => ({ AliasName: 'alias/orders', TargetKeyId: idOf(of('other')) }),
  },
  { operation: 'UpdateAlias', input: (of) => ({ AliasName: 'alias/none', TargetKeyId: idOf(of('other')) }) },
  { operation: 'DescribeKey', input: () => ({ KeyId: 'alias/orders' }) },
  { operation: 'DeleteAlias', input: () => ({ AliasName: 'alias/orders' }) },
  { operation: 'DeleteAlias', input: () => ({ AliasName: 'alias/orders' }) },
  { operation: 'ListKeys', input: () => ({}) },
  {
    name: 'encrypted',
    operation: 'Encrypt',
    input: (of) => ({ ...key(of), Plaintext: text('words'), EncryptionContext: context }),
  },
  {
    operation: 'Decrypt',
    input: (of) => ({ CiphertextBlob: of('encrypted')['CiphertextBlob'], EncryptionContext: context }),
  },
  { operation: 'Decrypt', input: (of) => ({ CiphertextBlob: of('encrypted')['CiphertextBlob'] }) },
  {
    operation: 'Decrypt',
    input: (of) => ({
      CiphertextBlob: of('encrypted')['CiphertextBlob'],
      EncryptionContext: { ...context, b: '3' },
    }),
  },
  { operation: 'Decrypt', input: () => ({ CiphertextBlob: text('what is this?') }) },
  { operation: 'Encrypt', input: (of) => ({ ...key(of), Plaintext: '' }) },
  { operation: 'Encrypt', input: (of) => ({ ...key(of), Plaintext: text('a'.repeat(4097)) }) },
  { operation: 'Encrypt', input: () => ({ KeyId: nobody, Plaintext: text('words') }) },
  {
    name: 'moved',
    operation: 'ReEncrypt',
    input: (of) => ({
      CiphertextBlob: of('encrypted')['CiphertextBlob'],
      SourceEncryptionContext: context,
      DestinationKeyId: idOf(of('other')),
    }),
  },
  { operation: 'Decrypt', input: (of) => ({ CiphertextBlob: of('moved')['CiphertextBlob'] }) },
  { operation: 'GenerateDataKey', input: (of) => ({ ...key(of), KeySpec: 'AES_128' }) },
  { operation: 'GenerateDataKey', input: (of) => ({ ...key(of), NumberOfBytes: 64 }) },
  { operation: 'GenerateDataKey', input: key },
  { operation: 'GenerateDataKey', input: (of) => ({ ...key(of), KeySpec: 'AES_256', NumberOfBytes: 32 }) },
  { operation: 'GenerateDataKey', input: (of) => ({ ...key(of), KeySpec: 'AES_512' }) },
  { operation: 'GenerateDataKey', input: (of) => ({ ...key(of), NumberOfBytes: 1025 }) },
  { operation: 'GenerateDataKeyWithoutPlaintext', input: (of) => ({ ...key(of), KeySpec: 'AES_256' }) },
  { operation: 'GenerateRandom', input: () => ({ NumberOfBytes: 12 }) },
  { operation: 'GetKeyPolicy', input: (of) => ({ ...key(of), PolicyName: 'default' }) },
  { operation: 'GetKeyPolicy', input: (of) => ({ ...key(of), PolicyName: 'another' }) },
  { operation: 'PutKeyPolicy', input: (of) => ({ ...key(of), PolicyName: 'default', Policy: policy }) },
  { operation: 'GetKeyPolicy', input: (of) => ({ ...key(of), PolicyName: 'default' }) },
  { operation: 'ListKeyPolicies', input: key },
  { operation: 'GetKeyRotationStatus', input: key, unlike: rotationStatus },
  { operation: 'EnableKeyRotation', input: key },
  { operation: 'GetKeyRotationStatus', input: key, unlike: rotationStatus },
  { operation: 'DisableKeyRotation', input: key },
  { operation: 'RotateKeyOnDemand', input: key },
  { operation: 'ListKeyRotations', input: key },
  {
    operation: 'TagResource',
    input: (of) => ({
      ...key(of),
      Tags: [
        { TagKey: 'a', TagValue: '1' },
        { TagKey: 'b', TagValue: '' },
      ],
    }),
  },
  { operation: 'UntagResource', input: (of) => ({ ...key(of), TagKeys: ['b', 'c'] }) },
  { operation: 'ListResourceTags', input: key },
  { operation: 'DisableKey', input: key },
  { operation: 'DescribeKey', input: key },
  {
    operation: 'GenerateDataKey',
    input: (of) => ({ ...key(of), KeySpec: 'AES_256' }),
    unlike: {
      because: 'moto lets keys work that are disabled.',
      ours: { message: `${ownArn} is disabled.` },
    },
  },
  { operation: 'EnableKey', input: key },
  {
    operation: 'ScheduleKeyDeletion',
    input: (of) => ({ ...key(of), PendingWindowInDays: 7 }),
    unlike: {
      because: 'moto answers the id, and no state.',
      ours: { KeyId: ownArn, KeyState: 'PendingDeletion' },
    },
  },
  { operation: 'DescribeKey', input: key },
  {
    operation: 'Encrypt',
    input: (of) => ({ ...key(of), Plaintext: text('words') }),
    unlike: {
      because: 'moto lets keys work that are to be deleted.',
      ours: { message: `${ownArn} is pending deletion.` },
    },
  },
  {
    operation: 'CancelKeyDeletion',
    input: key,
    unlike: { because: 'moto answers the id.', ours: { KeyId: ownArn } },
  },
  { operation: 'DescribeKey', input: key },
];

/** Fails where KMS does not answer as moto does, but where moto is not like AWS. */
export async function compareKms(moto: MotoServer): Promise<void> {
  await using server = await Harness.start({ account: '123456789012' });
  const theirs: Side = { post: (operation, body) => postTo(moto.url, operation, body), answers: new Map() };
  const ours: Side = { post: (operation, body) => postHere(server, operation, body), answers: new Map() };
  for (const [index, step] of steps.entries()) {
    const [their, our] = [await answerOf(theirs, step), await answerOf(ours, step)];
    const label = `${index}: ${step.operation}`;
    if (step.unlike === undefined) assert.deepEqual(our, their, label);
    else {
      // What is no longer unlike goes from the list.
      assert.notDeepEqual(our, their, label);
      assert.partialDeepStrictEqual(our, step.unlike.ours, label);
    }
  }
}

async function answerOf(side: Side, { name, operation, input }: Step): Promise<Members> {
  const { status, body } = await side.post(operation, JSON.stringify(input((of) => side.answers.get(of)!)));
  const answer = body === '' ? {} : ((JSON.parse(body) as Members | null) ?? {});
  if (name !== undefined) side.answers.set(name, answer);
  const ids = new Map(
    [...side.answers].flatMap(([of, each]) => ('KeyMetadata' in each ? [[idOf(each), of]] : [])),
  );
  return { status, ...normal(answer, ids) };
}

function normal(answer: Members, ids: ReadonlyMap<string, string>): Members {
  return JSON.parse(JSON.stringify(answer), (name, value: unknown) => {
    if (value === null || unknownToMoto.includes(name)) return undefined;
    if (name === 'Keys')
      return (value as Members[]).toSorted((a, b) => (String(a['KeyId']) < String(b['KeyId']) ? -1 : 1));
    if (name === 'Policy') return JSON.parse(String(value)) as unknown;
    if (/Date$/.test(name)) return 'a date';
    if (name === 'CiphertextBlob') return 'a ciphertext';
    if (name === 'Plaintext') return Buffer.from(String(value), 'base64').length;
    if (typeof value !== 'string') return value;
    return [...ids].reduce((all, [id, of]) => all.replaceAll(id, of), value);
  }) as Members;
}

async function postTo(url: string, operation: string, body: string) {
  const headers = {
    'x-amz-target': `TrentService.${operation}`,
    'content-type': 'application/x-amz-json-1.1',
    authorization,
  };
  const response = await fetch(url, { method: 'POST', headers, body });
  return { status: response.status, body: await response.text() };
}

async function postHere(server: Harness, operation: string, body: string) {
  const rawHeaders = [
    ...['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z', 'Authorization', authorization],
    ...['X-Amz-Target', `TrentService.${operation}`, 'Content-Type', 'application/x-amz-json-1.1'],
  ];
  const answer = await server.send({ method: 'POST', target: '/', rawHeaders, body: Buffer.from(body) });
  return { status: answer.status, body: String(answer.body) };
}

const authorization =
  'AWS4-HMAC-SHA256 Credential=KEY/20231114/eu-central-1/kms/aws4_request, ' +
  `SignedHeaders=host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`;
