import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { catalogKey, openCatalog } from '../../src/catalog/catalog.ts';
import type { Edit } from '../../src/catalog/edit.ts';
import { streamKeyOf } from '../../src/catalog/state.ts';
import type { StoredBatch } from '../../src/kinesis/record.ts';
import type { Engine } from '../../src/log/log.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';
import { arbitraryDecision } from './arbitrary-edit.ts';

const stream = sampleStream(1);
const key = streamKeyOf(stream);

function newJournal(): Engine {
  return openMemoryLog(new ManualClock());
}

async function batchesIn(journal: Engine): Promise<readonly StoredBatch[]> {
  const limit = { records: 1000, bytes: Number.POSITIVE_INFINITY };
  return (await journal.read(catalogKey, { from: 0, since: 0, limit })).batches;
}

test('what is replayed is what was there, after every single commit', async () => {
  const commits = fc.array(arbitraryDecision, { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(commits, async (commits) => {
      const journal = newJournal();
      const catalog = await openCatalog(journal);
      for (const decide of commits) {
        await catalog.commit(decide);
        const reopened = await openCatalog(journal);
        assert.deepEqual(reopened.state, catalog.state);
      }
    }),
    { numRuns: 30 },
  );
});

test('a journal that ends between any two commits is the state between them', async () => {
  const states = new Map<number, unknown>();
  const journal = newJournal();
  const catalog = await openCatalog(journal);
  for (const decide of fc.sample(arbitraryDecision, { numRuns: 40, seed: 7 })) {
    states.set((await journal.position(catalogKey)).end, catalog.state);
    await catalog.commit(decide);
  }
  assert.ok(states.size > 20);
  for (const [length, state] of states) {
    const torn = newJournal();
    for (const batch of await batchesIn(journal)) {
      if (batch.first < length) await torn.append(catalogKey, batch);
    }
    assert.deepEqual((await openCatalog(torn)).state, state);
  }
});

test('the edits of one decision are one record: all of them survive, or none', async () => {
  const journal = newJournal();
  const catalog = await openCatalog(journal);
  await catalog.commit(() => [
    { kind: 'stream-created', stream },
    { kind: 'settings-changed', key, settings: { retentionHours: 48 } },
  ]);
  const batches = await batchesIn(journal);
  assert.deepEqual(
    batches.map(({ count }) => count),
    [1],
  );
});

test('a big journal is cut at a snapshot, and means the same', async () => {
  const journal = newJournal();
  const catalog = await openCatalog(journal);
  await catalog.commit(() => [{ kind: 'stream-created', stream }]);
  let bytes = 0;
  for (let round = 0; bytes < 3 * 1024 * 1024; round++) {
    const tags = [{ key: `${round}`, value: 'v'.repeat(100_000) }];
    const edit: Edit = { kind: 'settings-changed', key, settings: { tags } };
    bytes += 100_000;
    await catalog.commit(() => [edit]);
  }
  const { start, end } = await journal.position(catalogKey);
  assert.ok(start > 0, 'nothing was cut');
  assert.ok(end - start < 15, `${end - start} edits are left`);
  assert.deepEqual((await openCatalog(journal)).state, catalog.state);
});

test('a decision sees what was decided just before it, durable or not', async () => {
  const catalog = await openCatalog(newJournal());
  const seen: number[] = [];
  const created = Array.from({ length: 5 }, (_, index) =>
    catalog.commit((state) => {
      seen.push(state.streams.size);
      return [{ kind: 'stream-created', stream: sampleStream(1, { name: `s${index}` }) }];
    }),
  );
  await Promise.all(created);
  assert.deepEqual(seen, [0, 1, 2, 3, 4]);
});

test('commits that arrive during a round share the next one', async () => {
  const journal = newJournal();
  const catalog = await openCatalog(journal);
  const edit: Edit = { kind: 'stream-created', stream };
  await Promise.all(Array.from({ length: 100 }, () => catalog.commit(() => [edit])));
  assert.equal((await batchesIn(journal)).length, 2);
});

test('a decision that throws is refused alone', async () => {
  const catalog = await openCatalog(newJournal());
  const [before, thrown, after] = await Promise.allSettled([
    catalog.commit(() => [{ kind: 'secret-made', secret: 'kept' }]),
    catalog.commit(() => {
      throw new RangeError('refused');
    }),
    catalog.commit(() => [{ kind: 'stream-created', stream }]),
  ]);
  assert.deepEqual([before.status, thrown.status, after.status], ['fulfilled', 'rejected', 'fulfilled']);
  assert.equal(catalog.state.secret, 'kept');
  assert.equal(catalog.state.streams.size, 1);
});

test('when the journal cannot be written, nothing has happened, and later it may', async () => {
  const journal = newJournal();
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const append = journal.append.bind(journal);
  const catalog = await openCatalog(journal);
  journal.append = () => Promise.reject(full);
  await assert.rejects(
    catalog.commit(() => [{ kind: 'stream-created', stream }]),
    full,
  );
  assert.equal(catalog.state.streams.size, 0);
  journal.append = append;
  await catalog.commit(() => [{ kind: 'stream-created', stream }]);
  assert.equal(catalog.state.streams.size, 1);
});

test('the state moves only once the edits are durable, and then waiting callers learn of it', async () => {
  const journal = newJournal();
  const append = journal.append.bind(journal);
  const durable = Promise.withResolvers<void>();
  const catalog = await openCatalog(journal);
  journal.append = (key, batch) => durable.promise.then(() => append(key, batch));
  const changed = catalog.changed(new AbortController().signal);
  const committed = catalog.commit(() => [{ kind: 'stream-created', stream }]);
  await new Promise(setImmediate);
  assert.equal(catalog.state.streams.size, 0);
  durable.resolve();
  await changed;
  assert.equal(catalog.state.streams.size, 1);
  assert.equal(await committed, catalog.state);
});

test('a caller that waits for a change may give up', async () => {
  const catalog = await openCatalog(newJournal());
  await catalog.changed(AbortSignal.abort());
  const gaveUp = new AbortController();
  const changed = catalog.changed(gaveUp.signal);
  gaveUp.abort();
  await changed;
});
