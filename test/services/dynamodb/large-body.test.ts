import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { startTestServer } from '../../server/server-under-test.ts';

test('a body of megabytes is read in a thread of its own, with bytes and any names, over HTTP', async () => {
  await using server = await startTestServer();
  const call = async (operation: string, body: string) => {
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const response = await fetch(server.url, {
      method: 'POST',
      headers: {
        'X-Amz-Date': time,
        'X-Amz-Target': `DynamoDB_20120810.${operation}`,
        'Content-Type': 'application/x-amz-json-1.0',
        Authorization:
          `AWS4-HMAC-SHA256 Credential=KEY/${time.slice(0, 8)}/us-east-1/dynamodb/aws4_request, ` +
          `SignedHeaders=host, Signature=${'0'.repeat(64)}`,
      },
      body,
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(response.headers.get('x-amz-crc32'), String(crc32(bytes)));
    return { status: response.status, body: JSON.parse(String(bytes)) as Record<string, unknown> };
  };
  const keys = '"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]';
  const types = '"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"B"}]';
  await call('CreateTable', `{"TableName":"all","BillingMode":"PAY_PER_REQUEST",${keys},${types}}`);
  const data = Buffer.alloc(150_000, 0xfe).toString('base64');
  const put = (index: number) =>
    `{"PutRequest":{"Item":{"id":{"B":"${Buffer.from([index]).toString('base64')}"},"data":{"B":"${data}"},"__proto__":{"M":{"__proto__":{"N":"${index}"}}}}}}`;
  const batch = `{"RequestItems":{"all":[${Array.from({ length: 20 }, (_, index) => put(index)).join()}]}}`;
  assert.ok(batch.length > 4_000_000);
  assert.deepEqual(await call('BatchWriteItem', batch), { status: 200, body: { UnprocessedItems: {} } });
  const { body } = await call('GetItem', '{"TableName":"all","Key":{"id":{"B":"Ew=="}}}');
  const item = body['Item'] as Record<string, unknown>;
  assert.deepEqual(Object.keys(item).sort(), ['__proto__', 'data', 'id']);
  assert.deepEqual(item['data'], { B: data });
  assert.equal(JSON.stringify(Object.entries(item).at(-1)![1]).includes('"N":"19"'), true);
  assert.equal(
    (await call('PutItem', `{"TableName":5,"Item":{"a":{"S":"${'x'.repeat(3_000_000)}"}}}`)).status,
    400,
  );
});
