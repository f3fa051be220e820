import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  ExecuteStatementCommand,
  ListBackupsCommand,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { CreateStreamCommand, GetShardIteratorCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { clientAbouts } from '../../scripts/client-abouts.ts';
import { startTestServer } from '../../src/server/testing.ts';
import { type Key, OfficialClients } from '../server/official-clients.ts';
import { applicationPolicy, type Policy } from './application-policy.ts';
import { KclCalls } from './kcl-calls.ts';
import { isThere, testsIn } from './named-test.ts';
import { StoreClients } from './store-clients.ts';

const page = readFileSync('docs/applications.md', 'utf8');

test('every line of what differs from AWS, and every way to move, has a test that is there', () => {
  const rows = [...page.matchAll(/^\| .* \| (\[[^|]*\.test\.ts\][^|]*) \|$/gm)].map(([, cell]) => cell!);
  const lines = tableUnder('## What differs from AWS').length + tableUnder('### How this was tried').length;
  assert.ok(lines >= 13);
  assert.equal(rows.length, lines, 'each has a cell with a test');
  for (const each of rows.flatMap(testsIn)) assert.ok(isThere(each), `${each.file}: ${each.name}`);
});

test('every program that was tried has a line that says where it finds Millrace', async () => {
  const lines = tableUnder('## Where each finds Millrace').join('\n');
  const clients = readFileSync('docs/clients.md', 'utf8');
  for (const { name } of (await clientAbouts()).values()) {
    const link = clients.split(`| **[${name}](#`)[1]?.split(')', 1)[0];
    assert.ok(link !== undefined && lines.includes(`](clients.md#${link})`), name);
  }
});

/** The rows of the first table of a section, without its head. */
function tableUnder(heading: string): string[] {
  const section = page.slice(page.indexOf(`\n${heading}\n`));
  const table = section.slice(section.indexOf('\n| ')).split('\n\n', 1)[0]!;
  return table.trim().split('\n').slice(2);
}

/** A server with the application's stream and a record in it, and a user without a policy. */
async function started() {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startTestServer({ auth: 'required' }));
  const root = opened.use(new OfficialClients(server.url, server.rootUser!));
  await root.kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  const record = { StreamName: 'orders', PartitionKey: 'a', Data: Buffer.from('a') };
  await untilDone(() => root.kinesis.send(new PutRecordCommand(record)));
  await root.iam.send(new CreateUserCommand({ UserName: 'billing' }));
  const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName: 'billing' }));
  const key: Key = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  const calls = opened.use(new KclCalls(server.url, key));
  const ended = opened.move();
  const allow = (policy: Policy) => {
    const PolicyDocument = JSON.stringify(policy);
    return root.iam.send(
      new PutUserPolicyCommand({ UserName: 'billing', PolicyName: 'own', PolicyDocument }),
    );
  };
  return { calls: calls.all, allow, [Symbol.asyncDispose]: () => ended.disposeAsync() };
}

/** A stream that was just made may still be CREATING. */
async function untilDone(attempt: () => Promise<unknown>): Promise<void> {
  while (!(await attempt().then(() => true, isTooEarly)));
}

function isTooEarly(error: unknown): false {
  if (error instanceof Error && /^Resource(NotFound|InUse)Exception$/.test(error.name)) return false;
  throw error;
}

test('a user with the policy of the page does all that the KCL does, and nothing is denied', async () => {
  await using world = await started();
  await world.allow(applicationPolicy(page));
  for (const [, call] of world.calls) await call();
});

test('without one of its actions, something that the KCL does is denied', async () => {
  await using world = await started();
  const policy = applicationPolicy(page);
  const calls = [...world.calls];
  const actions = policy.Statement.flatMap(({ Action }) => Action);
  assert.deepEqual([...new Set(calls.map(([action]) => action))].sort(), actions.sort());
  for (const [action, call] of calls) {
    const Statement = policy.Statement.map((each) => {
      return { ...each, Action: [each.Action].flat().map((own) => (own === action ? 'sts:None' : own)) };
    });
    await world.allow({ ...policy, Statement });
    await assert.rejects(call(), { name: /^AccessDenied(Exception)?$/ }, action);
    await world.allow(policy);
    await call();
  }
});

test('a checkpoint of another service is refused, or means another place', async () => {
  await using server = await startTestServer();
  using clients = new OfficialClients(server.url, server.clientConfig.credentials);
  await clients.kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  const record = { StreamName: 'orders', PartitionKey: 'a', Data: Buffer.from('a') };
  await untilDone(() => clients.kinesis.send(new PutRecordCommand(record)));
  // As in the examples of AWS's API reference.
  const foreign = '49543463076570308322303623326179887152428262250726293588';
  const start = { StreamName: 'orders', ShardId: '0', ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const };
  const asked = clients.kinesis.send(
    new GetShardIteratorCommand({ ...start, StartingSequenceNumber: foreign }),
  );
  await assert.rejects(asked, { name: 'InvalidArgumentException' });
});

test('a table of one unit a second takes a hundred writes at once', async () => {
  await using server = await startTestServer();
  using clients = new StoreClients(server);
  await clients.createTable({
    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
  });
  const puts = Array.from({ length: 100 }, (_, nth) => {
    const Item = { id: { S: String(nth) } };
    return clients.dynamodb.send(
      new PutItemCommand({ TableName: 'items', Item, ReturnConsumedCapacity: 'TOTAL' }),
    );
  });
  const units = (await Promise.all(puts)).map(({ ConsumedCapacity }) => ConsumedCapacity?.CapacityUnits);
  assert.deepEqual(new Set(units), new Set([1]));
});

test('what of DynamoDB and CloudWatch is not served is refused by name', async () => {
  await using server = await startTestServer();
  using clients = new StoreClients(server);
  await clients.createTable({ BillingMode: 'PAY_PER_REQUEST' });
  const { dynamodb, cloudwatch } = clients;
  const TableName = 'items';
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  const { ContinuousBackupsDescription } = await dynamodb.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  );
  assert.equal(
    ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
    'ENABLED',
  );
  await assert.rejects(dynamodb.send(new ListBackupsCommand({})), /ListBackups is not served/);
  const Statement = 'SELECT * FROM items';
  await assert.rejects(dynamodb.send(new ExecuteStatementCommand({ Statement })), /is not served/);
  await assert.rejects(cloudwatch.send(new DescribeAlarmsCommand({})), /DescribeAlarms is not served/);
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' as const };
  const withStream = { ...clients.definition, TableName: 'other', StreamSpecification };
  await assert.rejects(dynamodb.send(new CreateTableCommand(withStream)), /StreamSpecification.* not served/);
});

test('an open server takes any key, and its account is twelve zeros', async () => {
  await using server = await startTestServer();
  using clients = new OfficialClients(server.url, { accessKeyId: 'any', secretAccessKey: 'thing' });
  const { Account } = await clients.sts.send(new GetCallerIdentityCommand({}));
  assert.equal(Account, '000000000000');
});

test('a service that is not served is told so by name', async () => {
  await using server = await startTestServer();
  const scope = 'KEY/20261129/us-east-1/sqs/aws4_request';
  const answer = await fetch(server.url, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`,
      'x-amz-target': 'AmazonSQS.SendMessage',
      'content-type': 'application/x-amz-json-1.0',
    },
    body: '{}',
  });
  assert.match(await answer.text(), /UnknownOperationException.*does not serve sqs/);
});
