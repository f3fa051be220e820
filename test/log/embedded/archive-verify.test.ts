import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsOf } from '../../../harness/shard-text.ts';
import { ArchiveStore } from '../../../src/log/embedded/archive/archive-store.ts';
import { repairLog } from '../../../src/log/embedded/verify/repair.ts';
import { isDamaged, verifyLog } from '../../../src/log/embedded/verify/verify.ts';
import { ArchivedLog, place, textsFrom } from './archived-log.ts';
import { EngineOnFakeDisk } from './on-fake-disk.ts';

/** Some segments of it are archived and some on the disk. */
async function halfArchived(): Promise<ArchivedLog> {
  const archived = await new ArchivedLog().open();
  await archived.append(0, 30);
  await archived.archive();
  await archived.append(30, 50);
  await archived.log.close();
  return archived;
}

function reading({ store, engine }: ArchivedLog): Parameters<typeof verifyLog>[4] {
  return { store: new ArchiveStore({ store, place }), clock: engine.clock };
}

test('what is archived is checked with its archive, and counted without', async () => {
  const archived = await halfArchived();
  const { disk } = archived.engine;
  const without = await verifyLog(disk, 'logs', 'stream');
  assert.deepEqual(without.findings, []);
  assert.ok(without.archived.segments > 3 && !without.archived.isRead);
  assert.equal(without.records, 40);
  const all = await verifyLog(disk, 'logs', 'stream', {}, reading(archived));
  assert.deepEqual(all.findings, []);
  assert.equal(all.records, 100);
});

test('objects that are changed or gone are damage', async () => {
  const archived = await halfArchived();
  const { disk } = archived.engine;
  const key = archived.store.keys.findLast((each) => each.endsWith('.log'))!;
  const bytes = Buffer.from(archived.store.objects.get(key)!);
  bytes[500]! ^= 1;
  archived.store.objects.set(key, bytes);
  assert.ok(isDamaged(await verifyLog(disk, 'logs', 'stream', {}, reading(archived))));
  archived.store.objects.delete(key);
  const { findings, losses } = await verifyLog(disk, 'logs', 'stream', {}, reading(archived));
  assert.ok(findings.some(({ kind, message }) => kind === 'damage' && message.includes('is not there')));
  assert.equal(losses.length, 2);
});

test('a segment that is missing between the archive and the disk is damage, and so is a note', async () => {
  const archived = await halfArchived();
  const gap = archived.engine.disk.copy();
  const first = (await gap.list('logs/stream')).find((name) => name.endsWith('.log'))!;
  await gap.remove(`logs/stream/${first}`);
  assert.ok(isDamaged(await verifyLog(gap, 'logs', 'stream')));
  await assert.rejects(
    textsOf((await new ArchivedLog(new EngineOnFakeDisk(gap)).open()).shard(0)),
    /missing/,
  );
  const noted = archived.engine.disk.copy();
  noted.file('logs/stream/archived').bytes[70]! ^= 1;
  assert.ok(isDamaged(await verifyLog(noted, 'logs', 'stream')));
  await assert.rejects(
    textsOf((await new ArchivedLog(new EngineOnFakeDisk(noted)).open()).shard(0)),
    /damaged/,
  );
});

test('a copy of what is sound goes on from the archive', async () => {
  const archived = await halfArchived();
  const { disk } = archived.engine;
  const names = (await disk.list('logs/stream')).filter((name) => name.endsWith('.log'));
  for (const damaged of [undefined, names.at(-2)!]) {
    const from = disk.copy();
    if (damaged !== undefined) from.file(`logs/stream/${damaged}`).bytes[600]! ^= 1;
    const to = new EngineOnFakeDisk();
    const check = await verifyLog(from, 'logs', 'stream');
    const { clock, logger, random } = to;
    const panic = (reason: string) => assert.fail(reason);
    await repairLog(from, { clock, logger, random, disk: to.disk, panic }, 'logs', check);
    const copy = await new ArchivedLog(to, archived.store).open();
    const texts = await textsOf(copy.shard(0));
    assert.deepEqual(texts, textsFrom(0, texts.length));
    // The damage may be in the other shard's records.
    assert.ok(damaged === undefined ? texts.length === 50 : texts.length > 30);
  }
});
