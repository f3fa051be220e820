import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BatchGetItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { operations } from '../../../src/services/dynamodb/operations.ts';
import { type Key, OfficialClients } from '../../server/official-clients.ts';
import { startTestServer, type TestServer } from '../../server/server-under-test.ts';
import { signedCall } from '../../server/signed-call.ts';

const account = '000000000000';
const TableName = 'there';
const id = { S: 'a' };
const ResourceArn = `arn:aws:dynamodb:us-east-1:${account}:table/there`;
const keys = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  BillingMode: 'PAY_PER_REQUEST' as const,
};

/** A good request for each operation. */
const requests: Readonly<Record<string, object>> = {
  CreateTable: { TableName, ...keys },
  DescribeTable: { TableName },
  ListTables: {},
  UpdateTable: { TableName, BillingMode: 'PAY_PER_REQUEST' },
  DeleteTable: { TableName },
  PutItem: { TableName, Item: { id } },
  GetItem: { TableName, Key: { id } },
  UpdateItem: { TableName, Key: { id } },
  DeleteItem: { TableName, Key: { id } },
  Query: { TableName, KeyConditionExpression: 'id = :i', ExpressionAttributeValues: { ':i': id } },
  Scan: { TableName },
  BatchGetItem: { RequestItems: { there: { Keys: [{ id }] } } },
  BatchWriteItem: { RequestItems: { there: [{ DeleteRequest: { Key: { id } } }] } },
  TransactWriteItems: { TransactItems: [{ Delete: { TableName, Key: { id } } }] },
  TransactGetItems: { TransactItems: [{ Get: { TableName, Key: { id } } }] },
  UpdateTimeToLive: { TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: 'until' } },
  DescribeTimeToLive: { TableName },
  UpdateContinuousBackups: {
    TableName,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  },
  DescribeContinuousBackups: { TableName },
  TagResource: { ResourceArn, Tags: [{ Key: 'a', Value: 'b' }] },
  UntagResource: { ResourceArn, TagKeys: ['a'] },
  ListTagsOfResource: { ResourceArn },
  DescribeLimits: {},
};

/** A server where signatures count, with a table. */
async function started(): Promise<TestServer> {
  const server = await startTestServer({ auth: 'required' });
  using client = clientOf(server.url, server.rootUser!);
  await client.send(new CreateTableCommand({ TableName, ...keys }));
  await waitUntilTableExists({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 60 }, { TableName });
  return server;
}

function clientOf(endpoint: string, credentials: Key): DynamoDBClient & Disposable {
  const requestHandler = new NodeHttpHandler({ httpAgent: { keepAlive: false } });
  const client = new DynamoDBClient({
    ...{ endpoint, region: 'us-east-1', credentials, maxAttempts: 1, requestHandler },
  });
  return Object.assign(client, { [Symbol.dispose]: () => client.destroy() });
}

async function userOf(server: TestServer, UserName: string, statement?: object): Promise<Key> {
  using root = new OfficialClients(server.url, server.rootUser!);
  await root.iam.send(new CreateUserCommand({ UserName }));
  if (statement !== undefined) {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await root.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
  }
  const { AccessKey } = await root.iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

test('who has no permission is told so by every operation on tables, about what is there', async () => {
  assert.deepEqual(Object.keys(requests).sort(), [...operations.keys()].sort());
  await using server = await started();
  const { accessKeyId, secretAccessKey } = await userOf(server, 'nobody');
  const others: string[] = [];
  for (const [name, request] of Object.entries(requests)) {
    const headers = {
      host: new URL(server.url).host,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${name}`,
      connection: 'close',
    };
    const key = { secretAccessKey };
    const order = { accessKeyId, key, service: 'dynamodb', headers, body: JSON.stringify(request) };
    const { body } = await signedCall(server.url, order);
    if (!body.includes('AccessDeniedException')) others.push(`${name}: ${body}`);
  }
  assert.deepEqual(others, []);
});

test('a user whose policy names hash keys and attributes reaches these, by any way, and no others', async () => {
  await using server = await started();
  const key = await userOf(server, 'alice', {
    Effect: 'Allow',
    Action: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'],
    Resource: ResourceArn,
    Condition: {
      'ForAllValues:StringEquals': {
        'dynamodb:LeadingKeys': [`\${aws:username}`],
        'dynamodb:Attributes': ['id', 'open'],
      },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });
  using client = clientOf(server.url, key);
  const denied = (sent: Promise<unknown>) => assert.rejects(sent, { name: 'AccessDeniedException' });
  await client.send(new PutItemCommand({ TableName, Item: { id: { S: 'alice' }, open: { N: '1' } } }));
  await client.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'id = :i',
      ExpressionAttributeValues: { ':i': { S: 'alice' } },
    }),
  );
  await denied(client.send(new PutItemCommand({ TableName, Item: { id: { S: 'bob' } } })));
  const secret = { id: { S: 'alice' }, secret: { N: '1' } };
  await denied(client.send(new PutItemCommand({ TableName, Item: secret })));
  const part = { TableName, Key: { id: { S: 'alice' } }, ProjectionExpression: 'secret.part' };
  await denied(client.send(new GetItemCommand(part)));
  const asks = {
    TableName,
    Item: { id: { S: 'alice' } },
    ConditionExpression: 'size(secret) > :n',
    ExpressionAttributeValues: { ':n': { N: '1' } },
  };
  await denied(client.send(new PutItemCommand(asks)));
  await denied(client.send(new ScanCommand({ TableName })));
});

test('a user who may have attributes by name alone gets all of an item by no read, and by no write that fails', async () => {
  await using server = await started();
  using root = clientOf(server.url, server.rootUser!);
  await root.send(new PutItemCommand({ TableName, Item: { id, open: { N: '1' }, secret: { N: '2' } } }));
  const key = await userOf(server, 'carol', {
    Effect: 'Allow',
    Action: ['dynamodb:*Item', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:Scan'],
    Resource: ResourceArn,
    Condition: {
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['id', 'open'] },
      StringEqualsIfExists: {
        'dynamodb:Select': 'SPECIFIC_ATTRIBUTES',
        'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'],
      },
    },
  });
  using client = clientOf(server.url, key);
  const denied = (sent: Promise<unknown>) => assert.rejects(sent, { name: 'AccessDeniedException' });
  const Key = { id };
  const query = { TableName, KeyConditionExpression: 'id = :i', ExpressionAttributeValues: { ':i': id } };
  const some = { ProjectionExpression: 'id, #o', ExpressionAttributeNames: { '#o': 'open' } };
  await client.send(new GetItemCommand({ TableName, Key, ...some }));
  await client.send(new QueryCommand({ ...query, ...some }));
  await client.send(new ScanCommand({ TableName, ...some }));
  await denied(client.send(new GetItemCommand({ TableName, Key })));
  await denied(client.send(new QueryCommand(query)));
  await denied(client.send(new ScanCommand({ TableName })));
  await denied(client.send(new BatchGetItemCommand({ RequestItems: { there: { Keys: [Key] } } })));
  await denied(client.send(new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key } }] })));
  const once = { TableName, Item: Key, ConditionExpression: 'attribute_not_exists(id)' };
  const shown = { ...once, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
  await denied(client.send(new PutItemCommand(shown)));
  await denied(client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: shown }] })));
  await assert.rejects(client.send(new PutItemCommand(once)), { name: 'ConditionalCheckFailedException' });
});

test('a policy without a quantifier lets a batch have none but its keys, and what a failing write shows is no less', async () => {
  await using server = await started();
  const key = await userOf(server, 'dora', {
    Effect: 'Allow',
    Action: 'dynamodb:*',
    Resource: ResourceArn,
    Condition: {
      StringEquals: { 'dynamodb:LeadingKeys': 'dora' },
      StringEqualsIfExists: { 'dynamodb:ReturnValues': ['NONE', 'ALL_NEW'] },
    },
  });
  using client = clientOf(server.url, key);
  const Key = { id: { S: 'dora' } };
  const batch = (Keys: (typeof Key)[]) =>
    client.send(new BatchGetItemCommand({ RequestItems: { there: { Keys } } }));
  await batch([Key]);
  await assert.rejects(batch([Key, { id: { S: 'bob' } }]), { name: 'AccessDeniedException' });
  const update = { TableName, Key, ReturnValues: 'ALL_NEW' as const };
  await client.send(new UpdateItemCommand(update));
  const shown = { ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
  await assert.rejects(client.send(new UpdateItemCommand(shown)), { name: 'AccessDeniedException' });
});
