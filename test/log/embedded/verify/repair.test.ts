import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numbered } from '../../../../harness/shard-text.ts';
import { repairLog } from '../../../../src/log/embedded/verify/repair.ts';
import { isDamaged, verifyLog } from '../../../../src/log/embedded/verify/verify.ts';
import type { FakeDisk } from '../../fake-disk.ts';
import { directory, readAll, writeDamageable } from '../damageable.ts';
import { EngineOnFakeDisk } from '../on-fake-disk.ts';

const rounds = 7;
const written = () => writeDamageable({ state: 'closed', rounds, segmentBytes: 700, seed: 1 });

/**
 * Repairs a log, requires the copy to be sound and the original to be as it was, and answers what is read
 * from the copy.
 */
async function repaired(disk: FakeDisk) {
  disk.isHasty = true;
  const calls = disk.calls;
  const check = await verifyLog(disk, 'logs', 'stream');
  const target = new EngineOnFakeDisk();
  target.random.bytes(99);
  target.disk.isHasty = true;
  const kept = await repairLog(disk, worldOf(target), 'logs', check);
  assert.equal(disk.calls, calls, 'the original was written to');
  const again = await verifyLog(target.disk, 'logs', 'stream');
  assert.equal(isDamaged(again), false);
  return { check, kept, texts: await readAll(target), names: await target.disk.list(directory) };
}

function worldOf({ clock, disk, random, logger }: EngineOnFakeDisk) {
  return { clock, disk, random, logger, panic: (reason: string) => assert.fail(reason) };
}

test('a sound log is copied byte by byte', async () => {
  const disk = await written();
  const target = new EngineOnFakeDisk();
  const check = await verifyLog(disk, 'logs', 'stream');
  await repairLog(disk, worldOf(target), 'logs', check);
  for (const name of await disk.list(directory)) {
    const path = `${directory}/${name}`;
    assert.deepEqual(target.disk.file(path).bytes, disk.file(path).bytes);
  }
});

test('wherever a byte is damaged, the copy is sound, and a shard is without a gap', async () => {
  const disk = await written();
  let repairs = 0;
  for (const name of await disk.list(directory)) {
    const { length } = disk.file(`${directory}/${name}`).bytes;
    for (let at = 0; at < length; at += 11) {
      const damaged = disk.copy();
      damaged.file(`${directory}/${name}`).bytes[at]! ^= 0x10;
      const { check, kept, texts } = await repaired(damaged);
      repairs += isDamaged(check) ? 1 : 0;
      for (const [shard, found] of texts.entries()) {
        const lost = check.losses.filter((loss) => loss.shard === shard);
        const begin = lost[0]?.first === 0 ? lost.shift()!.end : 0;
        const next = lost[0]?.first ?? (check.isUncertain(shard) ? begin + found.length : rounds);
        assert.deepEqual(found, numbered(begin, next), `${name} byte ${at}`);
        assert.equal(kept.get(shard)?.next ?? 0, next);
      }
    }
  }
  assert.ok(repairs > 100);
});

test('a damaged header costs nothing, because the frames behind it can be read', async () => {
  const disk = await written();
  const [first, second] = await disk.list(directory);
  for (const name of [first, second]) {
    const damaged = disk.copy();
    damaged.file(`${directory}/${name}`).bytes[20]! ^= 1;
    const { check, texts } = await repaired(damaged);
    assert.ok(isDamaged(check));
    assert.deepEqual(texts, [numbered(0, rounds), numbered(0, rounds)]);
  }
});

test('damage to one shard leaves the other whole', async () => {
  const disk = await written();
  const [, second] = await disk.list(directory);
  const path = `${directory}/${second}`;
  const at = disk.file(path).bytes.indexOf('record');
  disk.file(path).bytes[at]! ^= 1;
  const { check, texts } = await repaired(disk);
  const { first } = check.losses[0]!;
  assert.deepEqual(texts, [numbered(0, first), numbered(0, rounds)]);
});

test('without a segment in the middle every shard ends before it, and the copy has no gap in its files', async () => {
  const disk = await written();
  const [, second] = await disk.list(directory);
  await disk.remove(`${directory}/${second}`);
  const { check, texts, names } = await repaired(disk);
  for (const { shard, first } of check.losses) assert.deepEqual(texts[shard], numbered(0, first));
  assert.deepEqual(
    names,
    names.map((_, index) => `${String(index + 1).padStart(12, '0')}.log`),
  );
});

test('without its first segment a log looks trimmed, with damage to the second one too', async () => {
  const disk = await written();
  const [first, second] = await disk.list(directory);
  await disk.remove(`${directory}/${first}`);
  const trimmed = await repaired(disk.copy());
  assert.equal(isDamaged(trimmed.check), false);
  const begin = rounds - trimmed.texts[0]!.length;
  assert.deepEqual(trimmed.texts[0], numbered(begin, rounds));
  disk.file(`${directory}/${second}`).bytes[130]! ^= 1;
  const { texts } = await repaired(disk);
  assert.deepEqual(texts[0], numbered(begin, rounds));
});
