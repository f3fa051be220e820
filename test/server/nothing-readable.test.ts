import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as cloudwatchSdk from '@aws-sdk/client-cloudwatch';
import * as dynamodbSdk from '@aws-sdk/client-dynamodb';
import * as iamSdk from '@aws-sdk/client-iam';
import * as kinesisSdk from '@aws-sdk/client-kinesis';
import * as kmsSdk from '@aws-sdk/client-kms';
import * as stsSdk from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { rootKeyOf } from '../../src/access/keys/root-key.ts';
import { startServer } from '../../src/server/server.ts';
import { TestRandom } from '../log/world.ts';
import { temporaryDirectory } from './process.ts';

const roots = { first: Buffer.alloc(32, 'the first root key'), second: Buffer.alloc(32, 'another root key') };

/** What nobody may find in a data directory, by what it is. */
type Secrets = Record<string, string | Uint8Array>;

/** Calls of all services, each with something secret in its request or its answer. */
async function traffic(url: string, credentials: iamSdk.IAMClientConfig['credentials']): Promise<Secrets> {
  const config = { endpoint: url, region: 'us-east-1', credentials, requestHandler: new NodeHttpHandler() };
  const iam = new iamSdk.IAMClient(config as iamSdk.IAMClientConfig);
  const sts = new stsSdk.STSClient(config as stsSdk.STSClientConfig);
  const kms = new kmsSdk.KMSClient(config as kmsSdk.KMSClientConfig);
  const kinesis = new kinesisSdk.KinesisClient(config as kinesisSdk.KinesisClientConfig);
  await iam.send(new iamSdk.CreateUserCommand({ UserName: 'alice' }));
  const { AccessKey } = await iam.send(new iamSdk.CreateAccessKeyCommand({ UserName: 'alice' }));
  const Principal = { AWS: '*' };
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
  });
  const { Role } = await iam.send(
    new iamSdk.CreateRoleCommand({ RoleName: 'role', AssumeRolePolicyDocument }),
  );
  const alice = {
    accessKeyId: AccessKey!.AccessKeyId!,
    secretAccessKey: AccessKey!.SecretAccessKey!,
  };
  const stsOfAlice = new stsSdk.STSClient({ ...config, credentials: alice } as stsSdk.STSClientConfig);
  const assumed = { RoleArn: Role!.Arn!, RoleSessionName: 'session' };
  const { Credentials } = await stsOfAlice.send(new stsSdk.AssumeRoleCommand(assumed));
  const { KeyMetadata } = await kms.send(new kmsSdk.CreateKeyCommand({}));
  const KeyId = KeyMetadata!.KeyId!;
  const plain = 'a text that KMS alone has seen';
  const Plaintext = Buffer.from(plain);
  const { CiphertextBlob } = await kms.send(new kmsSdk.EncryptCommand({ KeyId, Plaintext }));
  await kms.send(new kmsSdk.DecryptCommand({ CiphertextBlob }));
  const dataKey = await kms.send(new kmsSdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
  const { Plaintext: random } = await kms.send(new kmsSdk.GenerateRandomCommand({ NumberOfBytes: 32 }));

  const StreamName = 'locked';
  await kinesis.send(new kinesisSdk.CreateStreamCommand({ StreamName, ShardCount: 1 }));
  const active = { client: kinesis, maxWaitTime: 60, minDelay: 0.02, maxDelay: 0.1 };
  await kinesisSdk.waitUntilStreamExists(active, { StreamName });
  const payload = 'a payload that nobody else may read, long enough to be found';
  const key = 'a partition key that nobody else may read';
  const refused = 'a payload that is refused';
  const Data = Buffer.from(payload);
  const Records = Array.from({ length: 50 }, (_, nth) => ({ Data, PartitionKey: `${key} ${nth}` }));
  await kinesis.send(new kinesisSdk.PutRecordsCommand({ StreamName, Records }));
  const denied = new kinesisSdk.KinesisClient({
    ...config,
    credentials: alice,
  } as kinesisSdk.KinesisClientConfig);
  const put = { StreamName, Data: Buffer.from(refused), PartitionKey: key };
  await assert.rejects(denied.send(new kinesisSdk.PutRecordCommand(put)), { name: 'AccessDeniedException' });
  const shard = { StreamName, ShardId: 'shardId-000000000000' };
  const { ShardIterator } = await kinesis.send(
    new kinesisSdk.GetShardIteratorCommand({ ...shard, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const read = await kinesis.send(new kinesisSdk.GetRecordsCommand({ ShardIterator }));
  assert.equal(read.Records!.length, 50);
  const kept = await keptByServices(config);
  for (const client of [iam, sts, stsOfAlice, kms, kinesis, denied]) client.destroy();
  return {
    ...{ payload, key, refused, plain, random: random!, dataKey: dataKey.Plaintext! },
    ...{ iterator: ShardIterator!, next: read.NextShardIterator! },
    ...{ userSecret: alice.secretAccessKey, sessionSecret: Credentials!.SecretAccessKey! },
    sessionToken: Credentials!.SessionToken!,
    ...kept,
  };
}

/** What DynamoDB and CloudWatch are told to keep. */
async function keptByServices(config: object): Promise<Secrets> {
  const dynamodb = new dynamodbSdk.DynamoDBClient(config);
  const cloudwatch = new cloudwatchSdk.CloudWatchClient(config);
  const itemKey = 'the key of an item that nobody else may read';
  const itemValue = 'a value that nobody else may read, long enough to be found';
  const metric = 'AMetricThatNobodyElseMaySee';
  const TableName = 'items';
  await dynamodb.send(
    new dynamodbSdk.CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const active = { client: dynamodb, maxWaitTime: 60, minDelay: 0.02, maxDelay: 0.1 };
  await dynamodbSdk.waitUntilTableExists(active, { TableName });
  const Item = { id: { S: itemKey }, value: { S: itemValue } };
  for (let nth = 0; nth < 20; nth++)
    await dynamodb.send(
      new dynamodbSdk.PutItemCommand({ TableName, Item: { ...Item, nth: { N: String(nth) } } }),
    );
  const MetricData = [{ MetricName: metric, Value: 1 }];
  await cloudwatch.send(new cloudwatchSdk.PutMetricDataCommand({ Namespace: 'Any', MetricData }));
  for (const client of [dynamodb, cloudwatch]) client.destroy();
  return { itemKey, itemValue, metric };
}

/** As it is, in hex, and at each of the three places of base64. */
function formsOf(secret: string | Uint8Array): Buffer[] {
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(shift === 0 ? 0 : 4, -1);
  });
  const texts = [bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...shifted];
  return [bytes, ...texts.map((text) => Buffer.from(text))];
}

function search(directory: string, secrets: Secrets): void {
  const files = globSync(join(directory, '**'), { withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== 'lock',
  );
  assert.ok(files.some(({ parentPath }) => parentPath.endsWith('audit')));
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(join(parentPath, name));
    for (const [what, secret] of Object.entries(secrets))
      for (const form of formsOf(secret)) assert.equal(bytes.indexOf(form), -1, `${what} in ${name}`);
  }
}

test('whatever is done on a server, its directory holds no secret, and after another root key nothing of the old one', async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, 'data');
  const file = join(directory.path, 'root-keys');
  const serve = (...keys: Buffer[]) => {
    writeFileSync(file, keys.map((key) => key.toString('hex')).join('\n'), { mode: 0o600 });
    const at = {
      data,
      port: 0,
      rootKey: `file:${file}`,
      auth: 'required',
      encrypt: 'alias/aws/kinesis',
    } as const;
    return startServer({ ...at, logLevel: 'silent', transitionDelay: 0, workers: 0 });
  };
  const secrets: Secrets = { ...roots };
  {
    await using server = await serve(roots.first);
    const { accessKeyId, secretAccessKey } = server.rootUser!;
    secrets['rootSecret'] = secretAccessKey;
    Object.assign(secrets, await traffic(server.url, { accessKeyId, secretAccessKey }));
    // As a crash would leave it.
    search(data, secrets);
  }
  search(data, secrets);
  const mark = (key: Buffer) =>
    rootKeyOf([key], new TestRandom(1)).wrap(key, 'any').split('.').slice(0, 2).join('.');
  assert.throws(() => search(data, { wrapped: mark(roots.first) }));
  await (await serve(roots.second, roots.first)).close();
  search(data, { ...secrets, wrapped: mark(roots.first) });
  await (await serve(roots.second)).close();
});
