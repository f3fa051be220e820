import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorization, Harness } from '../kinesis/harness.ts';

/** As lifion-kinesis makes the table of its state. */
const request = {
  TableName: 'lifion-kinesis-state',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'consumerGroup', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'consumerGroup', KeyType: 'HASH' }],
};

async function create(server: Harness, SSESpecification: object): Promise<Record<string, unknown>> {
  const { body } = await server.send({
    method: 'POST',
    target: '/',
    rawHeaders: [
      ...['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z'],
      ...['Authorization', authorization.replace('/kinesis/', '/dynamodb/')],
      ...['X-Amz-Target', 'DynamoDB_20120810.CreateTable', 'Content-Type', 'application/x-amz-json-1.0'],
    ],
    body: Buffer.from(JSON.stringify({ ...request, SSESpecification })),
  });
  return JSON.parse(String(body));
}

test('a table that is to be encrypted with no key of its own is as any other, and says no more', async () => {
  await using server = await Harness.start();
  const { TableDescription } = await create(server, { Enabled: true });
  const { TableName, SSEDescription } = TableDescription as Record<string, unknown>;
  assert.deepEqual([TableName, SSEDescription], ['lifion-kinesis-state', undefined]);
});

test('a table that is to be encrypted with a key is refused by name', async () => {
  await using server = await Harness.start();
  const answer = await create(server, { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: 'alias/orders' });
  assert.equal(answer['message'], 'A KMS key for a table (KMSMasterKeyId) is not served.');
});
