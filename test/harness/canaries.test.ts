import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { canaries, leaksIn, searchedLogger } from '../../harness/canaries.ts';
import { silentLogger } from '../../src/env/logger.ts';
import { accessKeyId, key, sign } from '../access/sigv4/signer.ts';
import { authorization, Harness } from '../services/kinesis/harness.ts';

const signature = '0123456789abcdef'.repeat(4);

test('every canary is found, wherever in a line it is', () => {
  for (const [name, canary] of Object.entries(canaries)) {
    assert.deepEqual(leaksIn(`{"level":"warn","message":"a \\"${canary}\\" b"}`), [name]);
  }
});

test('what looks like a secret is found, whoever made it', () => {
  for (const line of [
    authorization.replace(canaries.signature, signature),
    `GET /?X-Amz-Signature=${signature}`,
    'GET /?X-Amz-Security-Token=IQoJb3JpZ2lu%2F',
    `{"x-amz-security-token":"IQoJb3JpZ2lu"}`,
    "[ 'X-Amz-Security-Token', 'IQoJb3JpZ2lu' ]",
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG',
    '{"StreamName":"s","Data":"aGVsbG8gd29ybGQ=","PartitionKey":"k"}',
    String.raw`{"message":"failed: {\"PartitionKey\": \"customer-17\"}"}`,
    '{"AccessKey":{"SecretAccessKey":"wJalrXUtnFEMI/K7MDENG"}}',
  ]) {
    assert.equal(leaksIn(line).length, 1, line);
  }
});

test('what a log may say is not taken for a secret', () => {
  for (const line of [
    '{"reason":"… Authorization=…","accessKeyId":"AKIDEXAMPLE"}',
    'Credential=AKIDEXAMPLE, SignedHeaders=host, Signature=…',
    '{"secretAccessKey":"HIDDEN_DUE_TO_SECURITY_REASONS","PartitionKey":"HIDDEN_DUE_TO_SECURITY_REASONS"}',
    'the stream shardId-000000000000 has 256 shards',
  ]) {
    assert.deepEqual(leaksIn(line), [], line);
  }
});

test('a leak into a log is said on stderr, with its line', () => {
  const said: string[] = [];
  const write = mock.method(process.stderr, 'write', (text: string) => said.push(text) > 0);
  const logger = searchedLogger(silentLogger);
  logger.info('all is well', { count: 3 });
  logger.error('it failed', { error: new Error('no', { cause: canaries.partitionKey }) });
  logger.debug('a request', { headers: ['Authorization', authorization] });
  write.mock.restore();
  assert.equal(said.length, 2);
  assert.match(said[0]!, /^the log \(error\) let out: it failed /);
});

test('a server logs nothing of a request that it refuses, whatever is wrong with it', async () => {
  const users = `[a]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${key.secretAccessKey}\n`;
  await using server = await Harness.startFor(users);
  const said: string[] = [];
  const write = mock.method(process.stderr, 'write', (text: string) => said.push(text) > 0);
  const sessionToken = canaries.sessionToken;
  const requests = [
    server.request('ListStreams', '{}'),
    await sign({ accessKeyId: 'STRANGER' }),
    await sign({ key: { ...key, sessionToken } }),
    await sign({ expiresIn: 60, key: { ...key, sessionToken } }),
  ];
  const statuses: number[] = [];
  for (const request of requests) statuses.push((await server.send(request)).status);
  write.mock.restore();
  assert.deepEqual(
    statuses.filter((status) => status === 200),
    [],
  );
  assert.deepEqual(said, []);
});
