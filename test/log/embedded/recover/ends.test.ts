import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OneShard } from '../../../../harness/one-shard.ts';
import { batchOf, numbered, textsOf } from '../../../../harness/shard-text.ts';
import { decodeEnds } from '../../../../src/log/embedded/recover/ends.ts';
import { isDamaged, verifyLog } from '../../../../src/log/embedded/verify/verify.ts';
import { DamagedError, type Engine } from '../../../../src/log/log.ts';
import type { FakeDisk, Survival } from '../../fake-disk.ts';
import { directory, readAll, writeDamageable } from '../damageable.ts';
import { EngineOnFakeDisk } from '../on-fake-disk.ts';

const rounds = 7;
const closed = () => writeDamageable({ state: 'closed', rounds, segmentBytes: 700, seed: 1 });

function notedEnd(disk: FakeDisk): number {
  return decodeEnds(disk.file('logs/_ends').bytes, 'logs/_ends')!.get('stream')!.bytes;
}

async function lastPath(disk: FakeDisk): Promise<string> {
  return `${directory}/${(await disk.list(directory)).at(-1)}`;
}

test('after a proper end a last segment that misses any record is damaged, for a start and for verify, and is left as it is', async () => {
  const disk = await closed();
  const path = await lastPath(disk);
  const end = notedEnd(disk);
  assert.ok(end < disk.file(path).bytes.length);
  for (let size = 0; size < end; size++) {
    const cut = disk.copy();
    cut.file(path).truncate(size);
    await assert.rejects(readAll(new EngineOnFakeDisk(cut)), DamagedError, `${size} bytes`);
    assert.equal(cut.file(path).bytes.length, size);
    assert.ok(isDamaged(await verifyLog(cut, 'logs', 'stream')), `${size} bytes`);
  }
});

test('after a proper end a last segment that only misses its footer gets it again', async () => {
  const disk = await closed();
  const path = await lastPath(disk);
  const { length } = disk.file(path).bytes;
  const end = notedEnd(disk);
  for (let size = end; size < length; size++) {
    const cut = disk.copy();
    cut.file(path).truncate(size);
    assert.ok(!isDamaged(await verifyLog(cut, 'logs', 'stream')));
    assert.deepEqual(await readAll(new EngineOnFakeDisk(cut)), [numbered(0, rounds), numbered(0, rounds)]);
    assert.equal(cut.file(path).bytes.length, length);
  }
});

test('after a proper end a last segment that is missing is named', async () => {
  const disk = await closed();
  const path = await lastPath(disk);
  await disk.remove(path);
  await assert.rejects(readAll(new EngineOnFakeDisk(disk)), {
    name: 'DamagedError',
    message: `${path}: missing.`,
  });
  const { findings } = await verifyLog(disk, 'logs', 'stream');
  assert.deepEqual(
    findings.map((finding) => [finding.kind, finding.path]),
    [['damage', path]],
  );
});

test('a note that is damaged is said to be, and nothing else is wrong', async () => {
  const disk = await closed();
  disk.file('logs/_ends').bytes[12]! ^= 1;
  const engine = new EngineOnFakeDisk(disk);
  assert.deepEqual(await readAll(engine), [numbered(0, rounds), numbered(0, rounds)]);
  assert.match(engine.logger.warnings.join(), /^The note of where the logs ended is damaged/);
});

test('the note of a stream stays while others are written and it is not opened', async () => {
  const disk = await closed();
  const path = await lastPath(disk);
  for (const text of ['one', 'two']) {
    const log = await new EngineOnFakeDisk(disk).open();
    await new OneShard(log, { stream: 'other', shard: 0 }).append(batchOf(text));
    await log.close();
  }
  disk.file(path).truncate(300);
  await assert.rejects(readAll(new EngineOnFakeDisk(disk)), DamagedError);
});

test('a stream that was dropped begins anew, whatever was noted of it, also when the power goes before the next proper end', async () => {
  let engine = new EngineOnFakeDisk(await closed());
  await (await engine.open()).drop('stream');
  for (const text of ['anew', 'again']) {
    engine = new EngineOnFakeDisk(engine.disk.cutPower('nothing'));
    await new OneShard(await engine.open(), { stream: 'stream', shard: 0 }).append(batchOf(text));
  }
  engine = new EngineOnFakeDisk(engine.disk.cutPower('nothing'));
  const shard = new OneShard(await engine.open(), { stream: 'stream', shard: 0 });
  assert.deepEqual(await textsOf(shard), ['anew', 'again']);
});

test('a note of an earlier end never makes damage of what a crash leaves, whatever call the power goes at', async () => {
  const before = await closed();
  const survivals: readonly Survival[] = ['nothing', 'everything', 3];
  for (let k = 0; ; k++) {
    const engine = new EngineOnFakeDisk(before.copy());
    engine.clock.time += 1_000;
    engine.disk.fate = ({ index }) => (index === k ? 'crash' : undefined);
    const work = secondLife(engine);
    const isOver = await Promise.race([work.ended.then(() => true), engine.disk.crashed.then(() => false)]);
    for (const survival of survivals) {
      const next = new EngineOnFakeDisk(engine.disk.cutPower(survival));
      next.disk.isHasty = true;
      try {
        await checkSecondLife(await next.open(), work);
      } catch (error) {
        throw new Error(`crash at call ${k}, ${survival} survives`, { cause: error });
      }
    }
    if (isOver) break;
  }
});

test('what is noted at a proper end is durable, also of a segment that a killed process had just made', async () => {
  const before = await closed();
  for (let k = 0; ; k++) {
    const killed = new EngineOnFakeDisk(before.copy());
    killed.disk.fate = ({ index }) => (index === k ? 'crash' : undefined);
    const work = secondLife(killed);
    const isOver = await Promise.race([work.ended.then(() => true), killed.disk.crashed.then(() => false)]);
    const second = new EngineOnFakeDisk(killed.disk.nextProcess());
    second.disk.isHasty = true;
    await checkSecondLife(await second.open(), work);
    const third = new EngineOnFakeDisk(second.disk.cutPower('nothing'));
    third.disk.isHasty = true;
    try {
      await checkSecondLife(await third.open(), work);
    } catch (error) {
      throw new Error(`killed at call ${k}`, { cause: error });
    }
    if (isOver) break;
  }
});

type Life = { ended: Promise<void>; acknowledged: number; trimmed: boolean };

/** Appends, trims everything once, appends again, and ends properly. */
function secondLife(engine: EngineOnFakeDisk): Life {
  const life: Life = { ended: Promise.resolve(), acknowledged: rounds, trimmed: false };
  const live = async () => {
    const log = await engine.open({ segmentBytes: 700 });
    const shard = new OneShard(log, { stream: 'stream', shard: 0 });
    const append = async (text: string) => {
      await shard.append(batchOf(text));
      life.acknowledged += 1;
    };
    for (const text of numbered(rounds, rounds + 3)) await append(text);
    life.trimmed = true;
    await shard.trim(await shard.end());
    await new OneShard(log, { stream: 'stream', shard: 1 }).trim(rounds);
    for (const text of numbered(rounds + 3, rounds + 6)) await append(text);
    await log.close();
  };
  life.ended = live();
  return life;
}

async function checkSecondLife(log: Engine, { acknowledged, trimmed }: Life): Promise<void> {
  const shard = new OneShard(log, { stream: 'stream', shard: 0 });
  assert.ok((await shard.end()) >= acknowledged);
  if (!trimmed) assert.equal(await shard.start(), 0);
  assert.deepEqual(
    await textsOf(shard, await shard.start(), 100),
    numbered(await shard.start(), await shard.end()),
  );
  await log.close();
}
