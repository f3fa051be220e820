import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../../harness/shard-text.ts';
import { catalogKey } from '../../../src/catalog/catalog.ts';
import { lockGraceMs } from '../../../src/log/embedded/ownership.ts';
import { defaultOptions } from '../../../src/server/options.ts';
import { openStorage } from '../../../src/server/storage.ts';
import type { FakeDisk } from '../fake-disk.ts';
import { settled, TestClock, TestLogger, TestRandom } from '../world.ts';
import { EngineOnFakeDisk, small } from './on-fake-disk.ts';

const key = { stream: 'stream', shard: 0 };
const takenAway = /^The lock of the data directory was taken away/;

/** A log that has its lock, with one record in it. */
async function begun() {
  const engine = new EngineOnFakeDisk();
  const lock = await engine.disk.lock('lock');
  const log = await engine.open({ ...small, lock });
  const shard = new OneShard(log, key);
  await shard.append(batchOf('first'));
  return { engine, log, shard };
}

/** What is on the disk, to be compared. */
function bytesOf(disk: FakeDisk): Buffer {
  return Buffer.from(disk.file('logs/stream/000000000001.log').bytes);
}

async function endsPending(
  engine: EngineOnFakeDisk,
  reason: RegExp,
  promise: Promise<unknown>,
): Promise<void> {
  let answered = false;
  const settle = () => {
    answered = true;
  };
  promise.then(settle, settle);
  await Promise.race([engine.panicked, promise]);
  await settled();
  assert.equal(answered, false);
  assert.match(engine.panics[0]!, reason);
}

test('a log whose lock was taken away begins no segment', async () => {
  const { engine, shard } = await begun();
  engine.disk.takeLockAway('lock');
  const appended = (async () => {
    for (const text of numbered(0, 50)) await shard.append(batchOf(text));
  })();
  await endsPending(engine, takenAway, appended);
  assert.deepEqual(await engine.disk.list('logs/stream'), ['000000000001.log']);
});

test('a log whose lock was taken away writes nothing a second later', async () => {
  const { engine, shard } = await begun();
  const before = bytesOf(engine.disk);
  engine.disk.takeLockAway('lock');
  engine.clock.time += 1_000;
  await endsPending(engine, takenAway, shard.append(batchOf('second')));
  assert.deepEqual(bytesOf(engine.disk), before);
});

test('what is durable only long after the lock was seen last is not acknowledged without another look', async () => {
  const { engine, shard } = await begun();
  engine.disk.fate = ({ kind }) => {
    if (kind !== 'sync') return undefined;
    engine.disk.takeLockAway('lock');
    engine.clock.time += 1_000;
    return undefined;
  };
  await endsPending(engine, takenAway, shard.append(batchOf('second')));
  assert.equal(await shard.end(), 1);
});

test('a look that fails refuses what is not written yet, and nothing else', async () => {
  const { engine, log } = await begun();
  await log.close();
  let fails = true;
  const isHeld = () =>
    fails ? Promise.reject(Object.assign(new Error('EIO'), system)) : Promise.resolve(true);
  const lock = { isNew: false, isHeld, release: async () => {} };
  fails = false;
  const shard = new OneShard(await engine.open({ ...small, lock }), key);
  await shard.append(batchOf('second'));
  engine.clock.time += 1_000;
  fails = true;
  await assert.rejects(shard.append(batchOf('refused')), { code: 'EIO' });
  fails = false;
  await shard.append(batchOf('third'));
  assert.deepEqual(await textsOf(shard), ['first', 'second', 'third']);
  assert.deepEqual(engine.panics, []);
});

const system = { code: 'EIO', errno: -5, syscall: 'stat' };

test('a log whose lock was taken away ends without its footer, and drops and opens nothing', async () => {
  const acts = [
    ({ log }: Begun) => log.close(),
    ({ log }: Begun) => log.drop('stream'),
    ({ log }: Begun) => log.position({ stream: 'other', shard: 0 }),
    ({ shard }: Begun) => shard.trim(1),
  ];
  for (const act of acts) {
    const opened = await begun();
    const before = bytesOf(opened.engine.disk);
    opened.engine.disk.takeLockAway('lock');
    opened.engine.clock.time += 1_000;
    await endsPending(opened.engine, takenAway, act(opened));
    assert.deepEqual(bytesOf(opened.engine.disk), before);
  }
});

type Begun = Awaited<ReturnType<typeof begun>>;

test('of two logs in one directory, whatever locks they believe in, neither writes over the segment of the other', async () => {
  const first = new EngineOnFakeDisk();
  const shard = new OneShard(await first.open(), key);
  await shard.append(batchOf('first'));
  const second = new EngineOnFakeDisk(first.disk.otherProcess());
  const others = new OneShard(await second.open(), key);
  await others.append(batchOf('second'));
  const before = Buffer.from(second.disk.file('logs/stream/000000000002.log').bytes);
  const appended = (async () => {
    for (const text of numbered(0, 50)) await shard.append(batchOf(text));
  })();
  await endsPending(first, /^Another server has made logs\/stream\/000000000002\.log/, appended);
  assert.deepEqual(second.disk.file('logs/stream/000000000002.log').bytes, before);
  assert.deepEqual(await textsOf(others), ['first', 'second']);
});

test('a server that finds logs and no lock waits until the lock’s former owner has looked', async () => {
  const disk = await emptyStorage();
  disk.takeLockAway('lock');
  assert.deepEqual(await waitsOf(disk), [lockGraceMs]);
  assert.deepEqual(await waitsOf(disk.nextProcess()), []);
});

/** A disk on which a server was once. */
async function emptyStorage(): Promise<FakeDisk> {
  const { disk } = new EngineOnFakeDisk();
  assert.deepEqual(await waitsOf(disk), []);
  return disk.nextProcess();
}

/** For how long a server waits in its start, on a disk where it makes a record of its own. */
async function waitsOf(disk: FakeDisk): Promise<number[]> {
  const waits: number[] = [];
  const clock = Object.assign(new TestClock(), { sleep: async (delay: number) => void waits.push(delay) });
  const env = { disk, clock, logger: new TestLogger(), random: new TestRandom(1) };
  const panic = () => assert.fail('a panic');
  await using storage = await openStorage({ ...defaultOptions, memory: false }, { ...env, panic });
  await storage.control.append(catalogKey, batchOf('edit'));
  return waits;
}
