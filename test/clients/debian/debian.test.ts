import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { onlyInFull } from '../extent.ts';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';

const folder = new URL('./', import.meta.url);
const isThere = existsSync(new URL('build/fetched', folder));
const skip = onlyInFull || (!isThere && (await whyMissing(['sh', 'fetch.sh'], folder)));
const scenarios = [
  ['does its work', 'scenario.py'],
  ['keeps leases in a table of DynamoDB', '../boto3/tables-scenario.py'],
] as const;

for (const [what, file] of scenarios) {
  test(`Debian's old boto3 ${what}`, { skip }, async () => {
    await using server = await startGuardedServer();
    assert.equal(await python(server, 'with-endpoint.py', file), 'all went as on AWS\n');
  });
}

test("Debian's old AWS CLI puts, reads, and keeps an item", { skip }, async () => {
  await using server = await startGuardedServer();
  const stream = ['--stream-name', 'orders'];
  await aws(server, 'kinesis', 'create-stream', ...stream, '--shard-count', '1');
  await aws(server, 'kinesis', 'wait', 'stream-exists', ...stream);
  await aws(server, 'kinesis', 'put-record', ...stream, '--partition-key', 'a', '--data', 'one');
  const type = ['--shard-iterator-type', 'TRIM_HORIZON'];
  const first = ['--shard-id', 'shardId-000000000000'];
  const { ShardIterator } = await aws(server, 'kinesis', 'get-shard-iterator', ...stream, ...first, ...type);
  const { Records } = await aws(server, 'kinesis', 'get-records', '--shard-iterator', String(ShardIterator));
  const [{ Data }] = Records as [{ Data: string }];
  assert.equal(Buffer.from(Data, 'base64').toString(), 'one');

  const table = ['--table-name', 'leases'];
  await aws(
    server,
    ...['dynamodb', 'create-table', ...table, '--billing-mode', 'PAY_PER_REQUEST'],
    ...['--attribute-definitions', 'AttributeName=leaseKey,AttributeType=S'],
    ...['--key-schema', 'AttributeName=leaseKey,KeyType=HASH'],
  );
  await aws(server, 'dynamodb', 'wait', 'table-exists', ...table);
  const item = JSON.stringify({ leaseKey: { S: first[1] }, leaseCounter: { N: '1' } });
  await aws(server, 'dynamodb', 'put-item', ...table, '--item', item);
  const scanned = await aws(server, 'dynamodb', 'scan', ...table);
  assert.deepEqual(scanned['Items'], [JSON.parse(item)]);

  const metric = ['--namespace', 'shop', '--metric-name', 'orders'];
  await aws(server, 'cloudwatch', 'put-metric-data', ...metric, '--value', '3');
  const { Metrics } = await aws(server, 'cloudwatch', 'list-metrics', '--namespace', 'shop');
  assert.deepEqual(Metrics, [{ Namespace: 'shop', MetricName: 'orders', Dimensions: [] }]);
});

/** The answer of a command. */
async function aws(server: GuardedServer, ...words: string[]): Promise<Record<string, unknown>> {
  const program = ['build/usr/bin/aws', '--endpoint-url', server.url, '--output', 'json'];
  const said = await python(server, ...program, ...words);
  return said === '' ? {} : (JSON.parse(said) as Record<string, unknown>);
}

/** What a program prints that Debian's Python runs, with nothing but the packages of `build/`. */
function python(server: GuardedServer, ...words: string[]): Promise<string> {
  const packages = fileURLToPath(new URL('build/usr/lib/python3/dist-packages', folder));
  const environment = { ...server.environment, PYTHONPATH: packages };
  const command = ['/usr/bin/python3', '-S', ...words] as const;
  return runProgram({ command, folder, environment, seconds: 600 });
}
