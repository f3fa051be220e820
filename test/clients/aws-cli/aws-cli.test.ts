import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';

const installed = spawnSync('aws', ['--version']).status === 0;
const skip = !installed && 'the AWS CLI is not installed';

let server: GuardedServer;
before(async () => {
  if (installed) server = await startGuardedServer();
});
after(() => server?.[Symbol.asyncDispose]());

test('the AWS CLI, as it comes, does its work', { skip }, async () => {
  const stream = ['--stream-name', 'orders'];
  const first = ['--shard-id', 'shardId-000000000000'];

  await kinesis(server, 'create-stream', ...stream, '--shard-count', '2');
  await kinesis(server, 'wait', 'stream-exists', ...stream);
  const entries = ['one', 'two', 'three'].map((word) => `Data=${word},PartitionKey=a,ExplicitHashKey=0`);
  const put = await kinesis(server, 'put-records', ...stream, '--records', ...entries);
  assert.equal(put['FailedRecordCount'], 0);

  const type = ['--shard-iterator-type', 'TRIM_HORIZON'];
  const { ShardIterator } = await kinesis(server, 'get-shard-iterator', ...stream, ...first, ...type);
  const page = await kinesis(server, 'get-records', '--shard-iterator', String(ShardIterator));
  assert.deepEqual(words(page), ['one', 'two', 'three']);

  const quarter = ['--new-starting-hash-key', String(2n ** 126n)];
  await kinesis(server, 'split-shard', ...stream, '--shard-to-split', first[1]!, ...quarter);
  await kinesis(server, 'wait', 'stream-exists', ...stream);
  const pair = [
    '--shard-to-merge',
    'shardId-000000000002',
    '--adjacent-shard-to-merge',
    'shardId-000000000003',
  ];
  await kinesis(server, 'merge-shards', ...stream, ...pair);
  const [{ Shards }, { StreamNames }] = await Promise.all([
    kinesis(server, 'list-shards', ...stream),
    kinesis(server, 'list-streams'),
  ]);
  assert.ok((Shards as unknown[]).length >= 4, 'both parents, both children, and perhaps the merged one');
  assert.deepEqual(StreamNames, ['orders']);
  await kinesis(server, 'delete-stream', ...stream);
});

test('the AWS CLI keeps a secret with a KMS key', { skip }, async () => {
  const { KeyMetadata } = await kms(server, 'create-key', '--description', 'orders');
  const { KeyId } = KeyMetadata as { KeyId: string };
  const context = ['--encryption-context', 'team=shop'];
  const { CiphertextBlob } = await kms(
    server,
    ...['encrypt', '--key-id', KeyId, '--plaintext', 'as secret as it gets', ...context],
  );
  const file = join(server.folder, 'ciphertext');
  writeFileSync(file, Buffer.from(String(CiphertextBlob), 'base64'));
  const blob = ['--ciphertext-blob', `fileb://${file}`];
  const { Plaintext } = await kms(server, 'decrypt', ...blob, ...context);
  assert.equal(Buffer.from(String(Plaintext), 'base64').toString(), 'as secret as it gets');
  await assert.rejects(kms(server, 'decrypt', ...blob), /\(InvalidCiphertextException\)/);
});

test('the AWS CLI keeps a lease in a table, and lists items by pages', { skip }, async () => {
  const table = ['--table-name', 'leases'];
  await dynamodb(
    server,
    ...['create-table', ...table, '--billing-mode', 'PAY_PER_REQUEST'],
    ...['--attribute-definitions', 'AttributeName=leaseKey,AttributeType=S'],
    ...['--key-schema', 'AttributeName=leaseKey,KeyType=HASH'],
  );
  await dynamodb(server, 'wait', 'table-exists', ...table);
  const key = (index: number) => ({ leaseKey: { S: `shardId-00000000000${index}` } });
  const put = (index: number) => {
    const item = JSON.stringify({ ...key(index), leaseCounter: { N: '1' } });
    const free = ['--condition-expression', 'attribute_not_exists(leaseKey)'];
    return dynamodb(server, 'put-item', ...table, '--item', item, ...free);
  };
  await put(0);
  const others = [1, 2, 3].map((index) => ({ PutRequest: { Item: key(index) } }));
  await dynamodb(server, 'batch-write-item', '--request-items', JSON.stringify({ leases: others }));
  await assert.rejects(put(0), /\(ConditionalCheckFailedException\).*The conditional request failed/);
  const { Attributes } = await dynamodb(
    server,
    ...['update-item', ...table, '--key', JSON.stringify(key(0)), '--return-values', 'UPDATED_NEW'],
    ...['--update-expression', 'ADD leaseCounter :one', '--condition-expression', 'leaseCounter = :one'],
    ...['--expression-attribute-values', JSON.stringify({ ':one': { N: '1' } })],
  );
  assert.deepEqual(Attributes, { leaseCounter: { N: '2' } });
  // Three requests, which the command line makes one answer of.
  const { Items } = await dynamodb(server, 'scan', ...table, '--page-size', '2');
  assert.equal((Items as unknown[]).length, 4);
  await dynamodb(server, 'delete-table', ...table);
});

test('the AWS CLI puts a metric and looks at it', { skip }, async () => {
  const metric = ['--namespace', 'orders', '--metric-name', 'RecordsProcessed'];
  const dimension = { Name: 'ShardId', Value: 'shardId-000000000000' };
  const values = ['--statistic-values', 'SampleCount=2,Sum=7,Minimum=3,Maximum=4'];
  const put = [...values, '--unit', 'Count', '--dimensions', `ShardId=${dimension.Value}`];
  await aws(server, 'cloudwatch', 'put-metric-data', ...metric, ...put);
  const { Metrics } = await aws(server, 'cloudwatch', 'list-metrics', '--namespace', 'orders');
  assert.deepEqual(Metrics, [
    { Namespace: 'orders', MetricName: 'RecordsProcessed', Dimensions: [dimension] },
  ]);
  const [start, end] = [-600_000, 60_000].map((ago) => new Date(Date.now() + ago).toISOString());
  const span = ['--start-time', start!, '--end-time', end!];
  const asked = [
    '--period',
    '3600',
    '--statistics',
    'Sum',
    '--dimensions',
    `Name=ShardId,Value=${dimension.Value}`,
  ];
  const { Datapoints } = await aws(
    server,
    'cloudwatch',
    'get-metric-statistics',
    ...metric,
    ...span,
    ...asked,
  );
  const sum = (Datapoints as { Sum: number }[]).reduce((total, { Sum }) => total + Sum, 0);
  assert.equal(sum, 7);
  await assert.rejects(
    aws(server, 'cloudwatch', 'describe-alarms'),
    /\(InvalidAction\) when calling the DescribeAlarms operation: DescribeAlarms is not served yet/,
  );
});

test('the AWS CLI makes a user and a role, and takes the role by a profile', { skip }, async () => {
  await using server = await startGuardedServer();
  const { Arn } = (await iam(server, 'create-user', '--user-name', 'anna'))['User'] as { Arn: string };
  const policyOf = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const role = ['--role-name', 'reader'];
  const trust = policyOf({ Action: 'sts:AssumeRole', Principal: { AWS: Arn } });
  const [made, { AccessKey }] = await Promise.all([
    iam(server, 'create-role', ...role, '--assume-role-policy-document', trust),
    iam(server, 'create-access-key', '--user-name', 'anna'),
  ]);
  const reading = policyOf({ Action: 'kinesis:List*', Resource: '*' });
  await iam(server, 'put-role-policy', ...role, '--policy-name', 'reading', '--policy-document', reading);

  const { AccessKeyId, SecretAccessKey } = AccessKey as { AccessKeyId: string; SecretAccessKey: string };
  const { AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_CONFIG_FILE: config } = server.environment;
  const key = `aws_access_key_id = ${AccessKeyId}\naws_secret_access_key = ${SecretAccessKey}\n`;
  appendFileSync(credentials!, `[anna]\n${key}`);
  const lent = `role_arn = ${(made['Role'] as { Arn: string }).Arn}\nsource_profile = anna\n`;
  // The command line keeps sessions in the home directory: one of this name may be of another server.
  const session = `night-${randomUUID()}`;
  appendFileSync(config!, `[profile lent]\n${lent}role_session_name = ${session}\n`);
  const as = (AWS_PROFILE: string) => ({ ...server, environment: { ...server.environment, AWS_PROFILE } });
  const [who, listed] = await Promise.all([
    aws(as('lent'), 'sts', 'get-caller-identity'),
    kinesis(as('lent'), 'list-streams'),
    assert.rejects(kinesis(as('anna'), 'list-streams'), /\(AccessDeniedException\).*user\/anna is not/),
    assert.rejects(
      kms(as('lent'), 'list-keys'),
      /\(AccessDeniedException\).*assumed-role\/reader\/night-[\w-]+ is not/,
    ),
  ]);
  assert.equal(who['Arn'], `arn:aws:sts::000000000000:assumed-role/reader/${session}`);
  assert.deepEqual(listed['StreamNames'], []);
});

test('the AWS CLI with a wrong secret says so and fails', { skip }, async () => {
  const impostor = { ...server, environment: { ...server.environment, AWS_PROFILE: 'impostor' } };
  await assert.rejects(kinesis(impostor, 'list-streams'), /\(InvalidSignatureException\)/);
});

const kinesis = (server: GuardedServer, ...words: string[]) => aws(server, 'kinesis', ...words);
const iam = (server: GuardedServer, ...words: string[]) => aws(server, 'iam', ...words);
const dynamodb = (server: GuardedServer, ...words: string[]) => aws(server, 'dynamodb', ...words);
const kms = (server: GuardedServer, ...words: string[]) => aws(server, 'kms', ...words);

/** The answer of a command; rejects with what it says on stderr when it fails. */
async function aws(
  server: GuardedServer,
  service: string,
  ...words: string[]
): Promise<Record<string, unknown>> {
  const options = { env: server.environment, timeout: 600_000 };
  const { stdout } = await promisify(execFile)('aws', [service, '--output', 'json', ...words], options);
  return stdout === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
}

function words(page: Record<string, unknown>): string[] {
  const records = page['Records'] as { Data: string }[];
  return records.map(({ Data }) => Buffer.from(Data, 'base64').toString());
}
