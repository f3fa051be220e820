import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestServer } from '../../server/server-under-test.ts';
import { type Outcome, runCommand } from '../command-under-test.ts';

const half = String(2n ** 127n);

test('a stream is made, split, merged, scaled, retained, encrypted and deleted by commands', async () => {
  await using server = await startTestServer();
  const stream = async (...args: readonly string[]): Promise<Outcome> =>
    await runCommand(['stream', ...args, '--endpoint', server.url]);
  const described = async (...args: readonly string[]) => JSON.parse((await stream(...args)).out);
  const made = await described('create', 'orders', '--retention', '2d', '--tag', 'team=web');
  assert.deepEqual([made.StreamStatus, made.RetentionPeriodHours, made.OpenShardCount], ['ACTIVE', 48, 1]);
  const split = await described('split', 'orders', '0', '--at', 'half');
  assert.deepEqual(startsOf(split), ['0', half]);
  const merged = await described('merge', 'orders', '1', '2');
  assert.deepEqual(startsOf(merged), ['0']);
  assert.equal((await described('scale', 'orders', '2')).OpenShardCount, 2);
  assert.equal((await described('retain', 'orders', '24h')).RetentionPeriodHours, 24);
  assert.equal((await described('encrypt', 'orders')).KeyId, 'alias/aws/kinesis');
  assert.equal((await described('encrypt', 'orders', 'off')).EncryptionType, 'NONE');
  assert.deepEqual(await described('delete', 'orders', '--yes'), { StreamName: 'orders', Deleted: true });
  await assert.rejects(stream('describe', 'orders'), /there is no stream orders; see millrace streams/);
});

function startsOf(described: { OpenShards: { HashKeyRange: { StartingHashKey: string } }[] }): string[] {
  return described.OpenShards.map(({ HashKeyRange: range }) => range.StartingHashKey);
}

test('whoever deletes a stream at a terminal types its name', async () => {
  await using server = await startTestServer();
  const at = ['--endpoint', server.url];
  await runCommand(['stream', 'create', 'orders', ...at]);
  const refused = await runCommand(['stream', 'delete', 'orders', ...at], {
    isTerminal: true,
    input: 'order\n',
  });
  assert.deepEqual([refused.exitCode, refused.out], [1, '']);
  await assert.rejects(runCommand(['stream', 'delete', 'orders', ...at]), /nobody can be asked here: --yes/);
  const given = { isTerminal: true, input: 'orders\n' };
  assert.equal((await runCommand(['stream', 'delete', 'orders', ...at], given)).out, 'orders is deleted.\n');
});

test('a terminal gets tables, a pipe JSON', async () => {
  await using server = await startTestServer();
  const at = ['--endpoint', server.url];
  assert.match((await runCommand(['streams', ...at], { isTerminal: true })).out, /millrace stream create/);
  const made = await runCommand(['stream', 'create', 'orders', ...at], { isTerminal: true });
  assert.match(made.out, /^Name +orders\nARN +arn:aws:kinesis:/);
  assert.match(made.out, /\nSHARD +OF ALL KEYS +FROM HASH KEY +PARENTS\nshardId-0{12} +100\.00 % +0 +-\n$/);
  const listed = await runCommand(['streams', ...at], { isTerminal: true });
  assert.match(listed.out, /^NAME +STATE +MODE .*\norders +ACTIVE +provisioned /);
  const [stream] = JSON.parse((await runCommand(['streams', 'ord', ...at])).out);
  assert.equal(stream.Name, 'orders');
  assert.equal((await runCommand(['streams', 'nothing', ...at])).out, '[]\n');
});
