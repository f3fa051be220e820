import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger } from '../../../src/env/logger.ts';
import { openAuditLog } from '../../../src/server/audit/audit-log.ts';
import { FakeDisk } from '../../log/fake-disk.ts';
import { TestRandom } from '../../log/world.ts';
import { authorization, Harness } from '../../services/kinesis/harness.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { MillraceProcess, temporaryDirectory } from '../process.ts';

type Recorded = Record<string, unknown>;

function recordsIn(directory: string, kind: string): Recorded[] {
  const names = readdirSync(directory).filter((name) => name.startsWith(kind));
  const lines = names.flatMap((name) => String(readFileSync(join(directory, name))).split('\n'));
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

async function post(url: string, operation: string, input: object, authorized = authorization) {
  const headers = {
    'Content-Type': 'application/x-amz-json-1.1',
    'X-Amz-Target': `Kinesis_20131202.${operation}`,
    'X-Amz-Date': '20231114T221320Z',
    'User-Agent': 'a-client/1.0',
    Authorization: authorized,
  };
  await (await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })).text();
}

test('a server keeps an audit log in its data directory, of all its threads, that only it can read', async () => {
  using directory = temporaryDirectory();
  const args = ['--data', directory.path, '--port', '0', '--workers', '1'];
  await using server = new MillraceProcess(args);
  const url = await server.ready();
  // Each on a connection of its own, so that both threads take some.
  for (let nth = 0; nth < 6; nth++) {
    await post(url, 'CreateStream', { StreamName: `orders-${nth}`, ShardCount: 1 });
    await post(url, 'PutRecord', { StreamName: 'orders-0', PartitionKey: 'a', Data: 'eA==' });
    await post(url, 'ListStreams', {}, 'AWS4-HMAC-SHA256 Signature=0');
  }
  server.kill('SIGTERM');
  await once(server.child, 'exit');
  const audit = join(directory.path, 'audit');
  const calls = recordsIn(audit, 'calls');
  assert.deepEqual(
    calls.map(({ eventName, userAgent, requestParameters }) => [eventName, userAgent, requestParameters]),
    Array.from({ length: 6 }, (_, nth) => [
      'CreateStream',
      'a-client/1.0',
      { streamName: `orders-${nth}`, shardCount: 1 },
    ]),
  );
  const refused = recordsIn(audit, 'refused').map(({ additionalEventData: more }) =>
    more === undefined ? 1 : Number((more as Recorded)['recordsLeftOut']),
  );
  assert.equal(
    refused.reduce((sum, count) => sum + count, 0),
    6,
  );
  for (const name of readdirSync(audit)) assert.equal(statSync(join(audit, name)).mode & 0o777, 0o600);
});

test('an audit log may be elsewhere, or not be', async () => {
  const disks: string[] = [];
  const disk = new FakeDisk();
  const diskAt = (directory: string) => {
    disks.push(directory);
    return disk;
  };
  const env = {
    clock: new ManualClock(),
    disk: new FakeDisk(),
    logger: silentLogger,
    random: new TestRandom(1),
  };
  const open = (audit: string | undefined, memory: boolean) =>
    openAuditLog({ audit, memory, account: '000000000000', region: undefined }, env, diskAt);
  const log = await open('/var/log/millrace', true);
  log.note({ kind: 'call', line: '{}' });
  await log.close();
  assert.deepEqual(disks, ['/var/log/millrace']);
  assert.equal((await disk.list('.')).filter((name) => name.endsWith('.jsonl')).length, 1);
  for (const off of [await open('off', false), await open(undefined, true)]) {
    off.note({ kind: 'call', line: '{}' });
    await off.close();
  }
  await assert.rejects(open('on', true), /--audit on needs a data directory/);
  assert.deepEqual(disks, ['/var/log/millrace']);
});

test('a directory that cannot be had is an error at the start', async () => {
  const disk = new FakeDisk();
  disk.fate = () => 'EACCES';
  const env = { clock: new ManualClock(), disk, logger: silentLogger, random: new TestRandom(1) };
  const options = { audit: '/nowhere', memory: false, account: '000000000000', region: undefined };
  await assert.rejects(
    openAuditLog(options, env, () => disk),
    /^StartError: cannot keep the audit log in \/nowhere: /,
  );
  await assert.rejects(Harness.start({ audit: '/nowhere' }), /can only be in the data directory/);
});
