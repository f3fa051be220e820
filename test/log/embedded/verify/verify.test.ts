import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { frameHeaderBytes } from '../../../../src/log/embedded/format/frame.ts';
import { verifyLog } from '../../../../src/log/embedded/verify/verify.ts';
import type { FakeDisk, Survival } from '../../fake-disk.ts';
import { directory, readAll, writeDamageable } from '../damageable.ts';
import { EngineOnFakeDisk } from '../on-fake-disk.ts';
import { Workload } from '../workload.ts';

const rounds = 7;
const written = (state: 'closed' | 'killed', seed = 1) =>
  writeDamageable({ state, rounds, segmentBytes: 700, seed });
const checkpointAt = 128;

/** The kinds of what is found, and the check. */
async function check(disk: FakeDisk) {
  disk.isHasty = true;
  const found = await verifyLog(disk, 'logs', 'stream');
  return { ...found, kinds: found.findings.map(({ kind }) => kind) };
}

test('a log that was closed is clean, and so is one whose process was killed', async () => {
  for (const state of ['closed', 'killed'] as const) {
    const { findings, losses, records, frames, segments } = await check(await written(state));
    assert.deepEqual({ findings, losses }, { findings: [], losses: [] });
    assert.equal(records, 2 * rounds);
    assert.ok(frames >= 2 * rounds + segments.length);
  }
});

test('no directory is a clean log of nothing', async () => {
  const { findings, segments } = await check(new EngineOnFakeDisk().disk);
  assert.deepEqual({ findings, segments }, { findings: [], segments: [] });
});

test('whatever a power cut leaves is not called damage, and only what a start cuts off is called torn', async () => {
  const survivals: readonly Survival[] = ['nothing', 'everything', 1, 2];
  let torn = 0;
  for (let k = 0, isOver = false; !isOver; k += 2) {
    const engine = new EngineOnFakeDisk();
    engine.disk.fate = ({ index }) => (index === k ? 'crash' : undefined);
    const work = engine.open().then((log) => new Workload().run(log, engine.clock));
    isOver = await Promise.race([work.then(() => true), engine.disk.crashed.then(() => false)]);
    for (const survival of survivals) {
      const disk = engine.disk.cutPower(survival);
      disk.isHasty = true;
      for (const stream of ['main', 'doomed']) {
        const { findings } = await verifyLog(disk, 'logs', stream);
        for (const finding of findings)
          assert.equal(finding.kind, 'torn', `${k} ${survival} ${finding.message}`);
        torn += findings.length;
      }
    }
  }
  assert.ok(torn > 0);
});

test('damage is told with its file, its byte and the records that are gone', async () => {
  const disk = await written('closed');
  const [, second] = await disk.list(directory);
  const path = `${directory}/${second}`;
  const { bytes } = disk.file(path);
  const frame = checkpointAt + frameHeaderBytes + bytes.readUInt32BE(checkpointAt + 8);
  const first = Number(bytes.readBigUInt64BE(frame + 24));

  const payload = disk.copy();
  payload.file(path).bytes[frame + frameHeaderBytes + 9]! ^= 1;
  const one = await check(payload);
  assert.deepEqual(one.losses, [{ shard: 0, first, end: first + 1 }]);
  assert.deepEqual(one.findings, [
    {
      kind: 'damage',
      path,
      position: frame,
      message: `records ${first} to ${first} of shard 0: what the frame holds is not what was written.`,
    },
  ]);

  const header = disk.copy();
  header.file(path).bytes[frame + 30]! ^= 1;
  const other = await check(header);
  assert.deepEqual(other.losses, one.losses);
  assert.deepEqual(
    other.findings.map(({ position }) => position),
    [frame],
  );
});

test('a segment that is missing, or stands where another should, is damage, and what is lost is told', async () => {
  const disk = await written('closed');
  const names = await disk.list(directory);
  const [first, second] = names.map((name) => `${directory}/${name}`);
  const missing = disk.copy();
  await missing.remove(second!);
  const { findings, losses } = await check(missing);
  assert.deepEqual(findings, [
    { kind: 'damage', path: second, position: 0, message: 'the segment is missing.' },
  ]);
  assert.deepEqual(
    losses.map(({ shard }) => shard),
    [0, 1],
  );
  const swapped = disk.copy();
  swapped.file(first!).bytes = Buffer.from(disk.file(second!).bytes);
  swapped.file(second!).bytes = Buffer.from(disk.file(first!).bytes);
  assert.equal((await check(swapped)).kinds.filter((kind) => kind === 'damage').length >= 2, true);
  const other = disk.copy();
  other.file(second!).bytes = (await written('closed', 9)).file(second!).bytes;
  assert.ok((await check(other)).kinds.includes('damage'));
});

test('a file that is not Millrace’s is noted, and no more', async () => {
  const disk = await written('closed');
  await (await disk.open(`${directory}/notes.txt`, 'create')).close();
  assert.deepEqual((await check(disk)).kinds, ['note']);
  assert.equal((await readAll(new EngineOnFakeDisk(disk))).length, 2);
});

for (const state of ['closed', 'killed'] as const) {
  test(`any flipped bit of a ${state} log is told, as damage exactly where the engine refuses`, async () => {
    const [{ flips, damaged }] = await once(
      new Worker(new URL('../verify-flips.ts', import.meta.url), { workerData: state }),
      'message',
    );
    assert.ok(damaged > flips / 2, `${damaged} of ${flips}`);
  });
}
