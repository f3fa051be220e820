import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam';
import { CreateStreamCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import { CreateAliasCommand, CreateKeyCommand, EncryptCommand } from '@aws-sdk/client-kms';
import { operations as iam } from '../../src/services/iam/operations.ts';
import { operations as kinesis } from '../../src/services/kinesis/operations.ts';
import { operations as kms } from '../../src/services/kms/operations.ts';
import { operations as sts } from '../../src/services/sts/operations.ts';
import type { Shape, StructureShape } from '../../src/wire/shape.ts';
import { type Key, OfficialClients } from './official-clients.ts';
import { startTestServer } from './server-under-test.ts';
import { signedCall } from './signed-call.ts';

const account = '000000000000';
const policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}';
const trust =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:TagSession"}}';
const streamArn = `arn:aws:kinesis:us-east-1:${account}:stream/there`;
const shardId = 'shardId-000000000000';

type Values = Readonly<Record<string, unknown>>;

/** What is there, by the members of requests that name it, and what has a form. */
function named(keyId: string, ciphertext: string): Values {
  return {
    ...{ UserName: 'there', GroupName: 'there', RoleName: 'there', PolicyName: 'there', NewUserName: 'gone' },
    ...{ PolicyArn: `arn:aws:iam::${account}:policy/there`, VersionId: 'v1' },
    ...{ PolicyDocument: policy, AssumeRolePolicyDocument: trust, AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA' },
    ...{ PermissionsBoundary: `arn:aws:iam::${account}:policy/there`, PolicyInputList: [policy] },
    ...{ PolicySourceArn: `arn:aws:iam::${account}:user/there`, ActionNames: ['kms:Encrypt'] },
    ...{ RoleArn: `arn:aws:iam::${account}:role/there`, RoleSessionName: 'some' },
    ...{ KeyId: keyId, TargetKeyId: keyId, DestinationKeyId: keyId, CiphertextBlob: ciphertext },
    ...{ AliasName: 'alias/there', Policy: trust, Plaintext: 'eA==', PendingWindowInDays: 7, TagKey: 'a' },
    ...{ StreamName: 'there', StreamARN: streamArn, ResourceARN: streamArn, ShardId: shardId },
    ...{ ServiceExecutionRoleARN: `arn:aws:iam::${account}:role/there`, RecordFormatType: 'JSON' },
    ...{ ChannelName: 'there', ChannelARN: `arn:aws:kinesis:us-east-1:${account}:channel/there` },
    ...{ ConsumerName: 'c', ConsumerARN: `${streamArn}/consumer/c:1`, AdjacentShardToMerge: shardId },
    ...{ ShardToMerge: shardId, ShardToSplit: shardId, NewStartingHashKey: '1', PartitionKey: 'k' },
    ...{ ExplicitHashKey: '1', Data: 'eA==', Key: 'a', Value: 'b', Tags: undefined, TagKeys: ['a'] },
  };
}

/** A request with what it must have, and with the first way to name what it is about. */
function inputOf({ members }: StructureShape, values: Values): Values {
  const names = ['StreamName', 'ConsumerARN', 'CiphertextBlob'].filter((name) => name in members);
  const entries = Object.entries(members)
    .filter(([name, member]) => member.required || names.includes(name))
    .filter(([name]) => name !== 'StreamARN' || !names.includes('StreamName'))
    .map(([name, member]) => {
      const isChoice = member.kind === 'string' && member.values !== undefined;
      return [name, (isChoice ? undefined : values[name]) ?? sampleOf(member, values)] as const;
    });
  return Object.fromEntries(entries);
}

function sampleOf(shape: Shape, values: Values): unknown {
  switch (shape.kind) {
    case 'string':
      return shape.values?.[0] ?? 'x'.repeat(shape.min ?? 1);
    case 'integer':
      return shape.min ?? 1;
    case 'list':
      return [sampleOf(shape.item, values)];
    case 'map':
      return { k: 'v' };
    case 'structure':
      return inputOf(shape, values);
    case 'boolean':
      return true;
    default:
      return 1;
  }
}

/** The same as parameters of a form. */
function flat(value: unknown, name: string): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((each, at) => flat(each, `${name}.member.${at + 1}`));
  if (typeof value !== 'object' || value === null) return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, each]) => flat(each, name === '' ? key : `${name}.${key}`));
}

test('who has no permission is told so by every operation, about what is there', async () => {
  await using server = await startTestServer({ auth: 'required' });
  using root = new OfficialClients(server.url, server.rootUser!);
  const AssumeRolePolicyDocument = trust;
  await root.iam.send(new CreateUserCommand({ UserName: 'there', Path: '/top/' }));
  await root.iam.send(new CreateGroupCommand({ GroupName: 'there' }));
  await root.iam.send(new CreateRoleCommand({ RoleName: 'there', AssumeRolePolicyDocument }));
  await root.iam.send(new CreatePolicyCommand({ PolicyName: 'there', PolicyDocument: policy }));
  await root.iam.send(new CreateUserCommand({ UserName: 'nobody' }));
  const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName: 'nobody' }));
  await root.kinesis.send(new CreateStreamCommand({ StreamName: 'there', ShardCount: 1 }));
  await waitUntilStreamExists(
    { client: root.kinesis, minDelay: 1, maxDelay: 1, maxWaitTime: 60 },
    { StreamName: 'there' },
  );
  const { KeyMetadata } = await root.kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata!.KeyId!;
  await root.kms.send(new CreateAliasCommand({ AliasName: 'alias/there', TargetKeyId: KeyId }));
  const { CiphertextBlob } = await root.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
  const values = named(KeyId, Buffer.from(CiphertextBlob!).toString('base64'));
  const nobody = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };

  const others: string[] = [];
  const told = (name: string, text: string) => {
    if (!/AccessDenied(Exception)?\b/.test(text))
      others.push(/<Arn>|<SecretAccessKey>/.test(text) ? name : `${name}: ${text}`);
  };
  for (const [prefix, service, operations] of [
    ['Kinesis_20131202', 'kinesis', kinesis],
    ['TrentService', 'kms', kms],
  ] as const) {
    for (const { name, input } of operations.values()) {
      const body = JSON.stringify(inputOf(input, values));
      told(name, await called(server.url, nobody, service, `${prefix}.${name}`, body));
    }
  }
  for (const [version, service, operations] of [
    ['2010-05-08', 'iam', iam],
    ['2011-06-15', 'sts', sts],
  ] as const) {
    for (const { name, input } of operations.values()) {
      const form = [['Action', name], ['Version', version], ...flat(inputOf(input, values), '')];
      told(name, await called(server.url, nobody, service, undefined, String(new URLSearchParams(form))));
    }
  }
  // Those two need no permission (STS API reference).
  assert.deepEqual(others, ['GetCallerIdentity', 'GetSessionToken']);
});

async function called(
  url: string,
  { accessKeyId, secretAccessKey }: Key,
  service: string,
  target: string | undefined,
  body: string,
): Promise<string> {
  const type = target === undefined ? 'application/x-www-form-urlencoded' : 'application/x-amz-json-1.1';
  const headers = { host: new URL(url).host, 'content-type': type, connection: 'close' };
  const addressed = target === undefined ? headers : { ...headers, 'x-amz-target': target };
  const key = { secretAccessKey };
  return (await signedCall(url, { accessKeyId, key, service, body, headers: addressed })).body;
}
