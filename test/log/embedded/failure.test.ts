import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../../harness/shard-text.ts';
import { SyncError } from '../../../src/env/disk.ts';
import { OverloadedError } from '../../../src/log/log.ts';
import { type CallKind, type FakeDisk, type Fate, systemError } from '../fake-disk.ts';
import { settled } from '../world.ts';
import { EngineOnFakeDisk, small } from './on-fake-disk.ts';
import { Workload } from './workload.ts';

const key = { stream: 'stream', shard: 0 };
const plenty = { records: 1_000, bytes: 1_000_000 };
const errnoOf = (name: string) => systemError(name, 'any').errno;

test('a write that fails is taken back and refused, and the next one goes on in its place', async () => {
  for (const code of ['ENOSPC', 'EIO', 'EFBIG', 'EDQUOT']) {
    const engine = new EngineOnFakeDisk();
    const log = await engine.open();
    const shard = new OneShard(log, key);
    await shard.append(batchOf('first'));
    failNext(engine.disk, 'write', code);
    const both = Promise.all([shard.append(batchOf('lost')), shard.append(batchOf('too'))]);
    await assert.rejects(both, { errno: errnoOf(code) });
    assert.equal(await shard.end(), 1);
    assert.equal((await shard.append(batchOf('second'))).first, 1);
    assert.deepEqual(await textsOf(shard), ['first', 'second']);
    assert.deepEqual(engine.panics, []);
    const after = new EngineOnFakeDisk(engine.disk.cutPower('everything'));
    assert.deepEqual(await textsOf(new OneShard(await after.open(), key)), ['first', 'second']);
    assert.deepEqual(after.logger.warnings, []);
  }
});

test('a write that fails and cannot be taken back ends the process, and no caller is told that it was written or not', async () => {
  const engine = new EngineOnFakeDisk();
  const shard = new OneShard(await engine.open(), key);
  await shard.append(batchOf('first'));
  engine.disk.fate = ({ kind }) => (kind === 'write' || kind === 'truncate' ? 'EIO' : undefined);
  await staysPending(engine, shard.append(batchOf('unknown')));
});

test('a sync that fails ends the process: no answer, nothing to read, and no second attempt', async () => {
  const engine = new EngineOnFakeDisk();
  const shard = new OneShard(await engine.open(), key);
  await shard.append(batchOf('first'));
  failNext(engine.disk, 'sync', 'EIO');
  await staysPending(engine, shard.append(batchOf('unknown')));
  await staysPending(engine, shard.append(batchOf('later')));
  assert.equal(await shard.end(), 1);
  assert.equal((await shard.read(0, plenty)).length, 1);
});

test('a directory that cannot be synced ends the process', async () => {
  const engine = new EngineOnFakeDisk();
  const shard = new OneShard(await engine.open(), key);
  failNext(engine.disk, 'syncDirectory', 'EIO');
  await staysPending(engine, shard.append(batchOf('unknown')));
});

test('a directory that was made and cannot be synced ends the process', async () => {
  const engine = new EngineOnFakeDisk();
  const shard = new OneShard(await engine.open(), key);
  engine.disk.createDirectory = () =>
    Promise.reject(new SyncError('The directory streams could not be synced'));
  await staysPending(engine, shard.append(batchOf('unknown')));
});

test('a directory that could not be made durable is made durable before anything in it is acknowledged', async () => {
  const engine = new EngineOnFakeDisk();
  const shard = new OneShard(await engine.open(), key);
  failNext(engine.disk, 'create', 'EIO');
  await assert.rejects(shard.append(batchOf('lost')), { code: 'EIO' });
  await shard.append(batchOf('kept'));
  const after = new EngineOnFakeDisk(engine.disk.cutPower('nothing'));
  assert.deepEqual(await textsOf(new OneShard(await after.open(), key)), ['kept']);
});

test('a segment that cannot be made refuses the round, and is made for the next', async () => {
  for (const kind of ['create', 'write', 'rename'] as const) {
    const engine = new EngineOnFakeDisk();
    const shard = new OneShard(await engine.open(), key);
    failNext(engine.disk, kind, 'ENOSPC');
    await assert.rejects(shard.append(batchOf('lost')), { code: 'ENOSPC' });
    await shard.append(batchOf('kept'));
    assert.deepEqual(await textsOf(shard), ['kept']);
    const after = new EngineOnFakeDisk(engine.disk.cutPower('nothing'));
    assert.deepEqual(await textsOf(new OneShard(await after.open(), key)), ['kept']);
  }
});

test('a seal that cannot be written leaves the shard open', async () => {
  const engine = new EngineOnFakeDisk();
  const shard = new OneShard(await engine.open(), key);
  await shard.append(batchOf('first'));
  failNext(engine.disk, 'write', 'ENOSPC');
  await assert.rejects(shard.seal(), { code: 'ENOSPC' });
  assert.equal((await shard.append(batchOf('second'))).first, 1);
  assert.equal(await shard.seal(), 2);
});

for (const [full, name] of [
  ['a full disk', 'ENOSPC'],
  ['a quota that is used up', 'EDQUOT'],
] as const) {
  test(`${full} does not keep a log from being opened and read`, async () => {
    const engine = new EngineOnFakeDisk();
    const shard = new OneShard(await engine.open(), key);
    for (const text of numbered(0, 30)) await shard.append(batchOf(text));
    const disk = engine.disk.cutPower('nothing');
    const next = new EngineOnFakeDisk(disk);
    disk.fate = ({ kind }) => (kind === 'write' ? name : undefined);
    const log = await next.open();
    const again = new OneShard(log, key);
    assert.deepEqual(await textsOf(again), numbered(0, 30));
    await assert.rejects(again.append(batchOf('x')), { errno: errnoOf(name) });
    await again.trim(30);
    assert.equal(await again.start(), 30);
    disk.fate = () => undefined;
    await again.append(batchOf('record 30'));
    await log.close();
    const last = new OneShard(await new EngineOnFakeDisk(disk).open(), key);
    assert.deepEqual(await textsOf(last, 30), ['record 30']);
  });
}

test('more than the log holds is refused at once, and taken again when there is room', async () => {
  const engine = new EngineOnFakeDisk();
  const shard = new OneShard(await engine.open({ ...small, waitingBytesMax: 3_000 }), key);
  const outcomes = await Promise.allSettled(
    numbered(0, 100).map((text) => shard.append(batchOf(text.padEnd(100)))),
  );
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.ok(refused.length > 50);
  for (const { reason } of refused) assert.ok(reason instanceof OverloadedError);
  assert.equal(await shard.end(), 100 - refused.length);
  assert.equal((await shard.append(batchOf('x'))).first, 100 - refused.length);
});

test('a mistake of our own ends the process too, instead of answering', async () => {
  const engine = new EngineOnFakeDisk();
  const shard = new OneShard(await engine.open(), key);
  engine.clock.time = -1;
  await staysPending(engine, shard.append(batchOf('x')));
});

test('whatever call fails, what was acknowledged stays and what was refused is never seen', async () => {
  const { calls } = (await runWith(() => undefined)).engine.disk;
  for (const code of ['EIO', 'EDQUOT']) {
    for (let k = 1; k < calls; k++) await failAt(k, k, code);
    for (let k = 1; k < calls; k += 5) await failAt(k, k + 4, code);
  }
});

async function failAt(first: number, last: number, code: string): Promise<void> {
  const fate = (index: number) => (index >= first && index <= last ? code : undefined);
  const { engine, workload } = await runWith(fate);
  for (const survival of ['nothing', 'everything', first] as const) {
    try {
      const after = new EngineOnFakeDisk(engine.disk.cutPower(survival));
      after.disk.isHasty = true;
      const log = await after.open();
      await workload.check(log);
      await log.close();
    } catch (error) {
      throw new Error(`${code} at calls ${first} to ${last}, then ${survival} survives`, { cause: error });
    }
  }
}

async function runWith(
  fate: (index: number) => Fate,
): Promise<{ engine: EngineOnFakeDisk; workload: Workload }> {
  const engine = new EngineOnFakeDisk();
  const log = await engine.open();
  const workload = new Workload();
  engine.disk.fate = ({ index }) => fate(index);
  await Promise.race([workload.run(log, engine.clock), engine.panicked]);
  return { engine, workload };
}

/** The next call of a kind fails, and only that. */
function failNext(disk: FakeDisk, kind: CallKind, code: string): void {
  disk.fate = (call) => {
    if (call.kind !== kind) return undefined;
    disk.fate = () => undefined;
    return code;
  };
}

async function staysPending(engine: EngineOnFakeDisk, promise: Promise<unknown>): Promise<void> {
  let answered = false;
  const settle = () => {
    answered = true;
  };
  promise.then(settle, settle);
  await settled();
  assert.equal(answered, false);
  assert.equal(engine.panics.length, 1);
}
