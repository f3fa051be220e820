import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogKey, openCatalog } from '../../src/catalog/catalog.ts';
import { streamKeyOf } from '../../src/catalog/state.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

test('whatever append a crash cuts short, also that of a snapshot, the journal means what it meant', async () => {
  const stream = sampleStream(1);
  const key = streamKeyOf(stream);
  const journal = openMemoryLog(new ManualClock());
  let catalog = await openCatalog(journal);
  await catalog.commit(() => [{ kind: 'stream-created', stream }]);
  const append = journal.append.bind(journal);
  for (let round = 0; round < 25; round++) {
    const tags = [{ key: `${round}`, value: 'v'.repeat(100_000) }];
    const commit = () => catalog.commit(() => [{ kind: 'settings-changed', key, settings: { tags } }]);
    journal.append = () => new Promise(() => {});
    void commit();
    await new Promise((resolve) => setImmediate(resolve));
    journal.append = append;
    const recovered = await openCatalog(journal);
    assert.deepEqual(recovered.state, catalog.state);
    catalog = recovered;
    await commit();
  }
  assert.ok((await journal.position(catalogKey)).start > 0, 'there was no snapshot');
});
