import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { formsOf, keysOn } from '../../sim/sealed.ts';
import { rootKeyOf } from '../../src/access/keys/root-key.ts';
import { checkData } from '../../src/cli/offline/data-check.ts';
import { times } from '../length.ts';
import type { FakeDisk, Survival } from '../log/fake-disk.ts';
import { TestRandom } from '../log/world.ts';
import type { Harness } from '../services/kinesis/harness.ts';
import { Machine, searchDisk } from './machine.ts';
import { temporaryDirectory } from './process.ts';

const secret = Buffer.alloc(32, 'the root key, 32 bytes of it all');
const outside = temporaryDirectory();
after(() => outside[Symbol.dispose]());
const rootKeyPath = join(outside.path, 'root-key');
writeFileSync(rootKeyPath, `${secret.toString('hex')}\n`, { mode: 0o600 });

const plaintext = 'a plaintext that nobody may find';
const partitionKey = 'a partition key that nobody may find';

/** A server whose streams are all encrypted. */
function newMachine(): Machine {
  return new Machine({ encrypt: 'alias/aws/kinesis', rootKey: `file:${rootKeyPath}` });
}

/** Puts records, splits the shard, puts more, starts anew, and puts more; retention removes what is old. */
async function work(machine: Machine): Promise<void> {
  const first = await machine.boot();
  await created(first);
  for (let nth = 0; nth < 3; nth++) await put(first, nth);
  const split = {
    StreamName: 's',
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: String(2n ** 127n),
  };
  await first.call('SplitShard', split);
  await machine.clock.advance(100);
  await active(first);
  await put(first, 3);
  await machine.close(first);
  machine.disk = machine.disk.nextProcess();
  const second = await machine.boot();
  machine.clock.jump(26 * 3_600_000);
  await machine.clock.advance(60_000);
  for (let nth = 4; nth < 7; nth++) await put(second, nth);
  await machine.close(second);
}

/** Creates the stream if it is not there, and waits until it can be used. */
async function created(server: Harness): Promise<void> {
  await server.answer('CreateStream', { StreamName: 's', ShardCount: 1 });
  await server.clock.advance(1000);
  await active(server);
}

async function active(server: Harness): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    const { body } = await server.answer('DescribeStreamSummary', { StreamName: 's' });
    if (JSON.stringify(body).includes('"StreamStatus":"ACTIVE"')) return;
    await server.settled();
  }
  assert.fail('the stream does not become ACTIVE');
}

function put(server: Harness, nth: number): Promise<unknown> {
  const Data = Buffer.from(`${plaintext} ${nth}`.padEnd(1500, '.')).toString('base64');
  return server.call('PutRecord', { StreamName: 's', PartitionKey: `${partitionKey} ${nth}`, Data });
}

/** Fails where any file of a disk holds something that nobody may find. */
async function search(disk: FakeDisk, secrets: readonly Buffer[]): Promise<void> {
  const forms = secrets.flatMap(formsOf);
  const base64 = Buffer.from(plaintext).toString('base64').slice(0, -4);
  const texts = [plaintext, partitionKey, base64].map((text) => Buffer.from(text));
  await searchDisk(disk, [...texts, ...forms]);
}

test('a directory of encrypted streams holds no plaintext, partition key or key, and every nonce once', async () => {
  const machine = newMachine();
  await work(machine);
  const { secrets, nonces } = await keysOn(machine.disk, secret, new TestRandom(1));
  assert.ok(secrets.length >= 3);
  await search(machine.disk, secrets);
  assert.ok(nonces.size >= 1);
  for (const [, each] of nonces) assert.equal(new Set(each).size, each.length);
  const { streams } = await checkData(machine.disk, () => {}, {
    root: rootKeyOf([secret], new TestRandom(1)),
    random: new TestRandom(1),
  });
  const [{ opened }] = streams as [(typeof streams)[number]];
  assert.ok(opened!.encrypted > 0);
  assert.deepEqual(opened, { ...opened, decrypted: opened!.encrypted, keysMissing: [] });
});

test('whichever call of the disk the power goes at, nothing of them is there, and no nonce comes twice', async () => {
  const calls = await callsOf(work);
  assert.ok(calls > 50);
  const before = new Map<string, string[]>();
  for (let k = 0; k < calls; k += strideOf(calls)) {
    const machine = newMachine();
    const { disk } = machine;
    disk.fate = ({ index }) => (index === k ? 'crash' : undefined);
    const survival: Survival = k % 2 === 0 ? 'everything' : k;
    await Promise.race([work(machine), disk.crashed]);
    machine.disk = machine.disk.cutPower(survival);
    const restarted = await machine.boot();
    await created(restarted);
    await put(restarted, 9);
    await machine.close(restarted);
    const { secrets, nonces } = await keysOn(machine.disk, secret, new TestRandom(1));
    await search(machine.disk, secrets);
    for (const [key, each] of nonces) {
      assert.equal(new Set(each).size, each.length, `crash at call ${k}`);
      before.set(key, each);
    }
  }
  assert.ok(before.size >= 2);
});

async function callsOf(worked: (machine: Machine) => Promise<void>): Promise<number> {
  const machine = newMachine();
  const { disk } = machine;
  await worked(machine);
  return disk.calls;
}

/** About so many crashes: each is a server's life and a half. */
function strideOf(calls: number): number {
  return Math.max(1, Math.floor(calls / times(15, 400)));
}
