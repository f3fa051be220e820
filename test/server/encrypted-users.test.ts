import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  PutRecordCommand,
  StartStreamEncryptionCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type Key, OfficialClients } from './official-clients.ts';
import { MillraceProcess, temporaryDirectory } from './process.ts';
import { startTestServer, type TestServer } from './server-under-test.ts';

const StreamName = 'orders';

async function newUser({ iam }: OfficialClients, UserName: string): Promise<Key> {
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonKinesisFullAccess';
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

/** A key of the account's own: Kinesis's is open to all of the account that come by Kinesis. */
async function newKey({ clientConfig }: TestServer): Promise<string> {
  const kms = new KMSClient(clientConfig);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  kms.destroy();
  return KeyMetadata!.Arn!;
}

function allow({ iam }: OfficialClients, UserName: string, Action: string): Promise<unknown> {
  const Statement = { Effect: 'Allow', Action, Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  return iam.send(
    new PutUserPolicyCommand({ UserName, PolicyName: Action.replace(':', '-'), PolicyDocument }),
  );
}

async function created(kinesis: KinesisClient): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  await waitUntilStreamExists(
    { client: kinesis, maxWaitTime: 120, minDelay: 1, maxDelay: 1 },
    { StreamName },
  );
}

function put(kinesis: KinesisClient, text: string): Promise<unknown> {
  return kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from(text) }));
}

async function read(kinesis: KinesisClient): Promise<string[]> {
  const from = { StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(from));
  const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ Data }) => String(Buffer.from(Data!)));
}

test('a user needs kms:GenerateDataKey to put into an encrypted stream, and kms:Decrypt to read it', async () => {
  await using server = await startTestServer({ auth: 'required' });
  using root = new OfficialClients(server.url, server.rootUser!);
  const KeyId = await newKey(server);
  const key = await newUser(root, 'anna');
  using anna = new OfficialClients(server.url, key);
  await created(root.kinesis);
  await root.kinesis.send(new StartStreamEncryptionCommand({ StreamName, EncryptionType: 'KMS', KeyId }));
  await waitUntilStreamExists(
    { client: root.kinesis, maxWaitTime: 120, minDelay: 1, maxDelay: 1 },
    { StreamName },
  );
  await put(root.kinesis, 'one');
  await assert.rejects(put(anna.kinesis, 'two'), { name: 'KMSAccessDeniedException' });
  await assert.rejects(read(anna.kinesis), { name: 'KMSAccessDeniedException' });
  await allow(root, 'anna', 'kms:GenerateDataKey');
  await put(anna.kinesis, 'three');
  await assert.rejects(read(anna.kinesis), { name: 'KMSAccessDeniedException' });
  await allow(root, 'anna', 'kms:Decrypt');
  assert.deepEqual(await read(anna.kinesis), ['one', 'three']);
});

test('the command verifies and repairs an encrypted directory, with its root key and without', async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, 'data');
  const keyFile = join(directory.path, 'key');
  writeFileSync(keyFile, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  const rootKey = `file:${keyFile}`;
  const options = { data, rootKey, encrypt: 'alias/aws/kinesis', memory: false };
  const server = await startTestServer(options);
  using clients = new OfficialClients(server.url, server.clientConfig.credentials);
  await created(clients.kinesis);
  await put(clients.kinesis, 'one');
  await server.close();
  const run = (...args: string[]) => new MillraceProcess(args).ended;
  const blind = await run('verify', data);
  assert.equal(blind.code, 0, blind.stderr);
  const seeing = await run('verify', data, '--root-key', rootKey);
  assert.equal(seeing.code, 0, seeing.stderr);
  assert.match(seeing.stdout, /1 of 1/);
  const copy = join(directory.path, 'copy');
  const repaired = await run('repair', data, '--to', copy);
  assert.equal(repaired.code, 0, repaired.stderr);
  const again = await startTestServer({ ...options, data: copy });
  using others = new OfficialClients(again.url, again.clientConfig.credentials);
  assert.deepEqual(await read(others.kinesis), ['one']);
  await again.close();
});
