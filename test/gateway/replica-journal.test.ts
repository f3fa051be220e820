import '../property-seed.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { catalogMachine, openCatalog } from '../../src/catalog/catalog.ts';
import type { Edit } from '../../src/catalog/edit.ts';
import type { CatalogState } from '../../src/catalog/state.ts';
import { nodeWorkers } from '../../src/env/node-workers.ts';
import { JournalPublisher } from '../../src/gateway/journal-publisher.ts';
import { ReplicaJournal } from '../../src/gateway/replica-journal.ts';
import type { Revision } from '../../src/journal/revision.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { arbitraryDecision } from '../catalog/arbitrary-edit.ts';
import { sampleStream } from '../kinesis/sample.ts';
import { ManualClock, settled } from '../services/kinesis/manual-clock.ts';

const created: Edit = { kind: 'stream-created', stream: sampleStream(1) };
type Replica = ReplicaJournal<CatalogState, Edit>;

const forEver = new AbortController().signal;

async function newCatalog() {
  const log = openMemoryLog(new ManualClock());
  return await openCatalog(log);
}

function replicaOf(feed: JournalPublisher<CatalogState, Edit>): Replica & Disposable {
  const [port, portOfReplica] = nodeWorkers.channel<Revision<Edit>, never>();
  return disposable(new ReplicaJournal(catalogMachine, portOfReplica, feed.join(port)));
}

function disposable(replica: Replica): Replica & Disposable {
  return Object.assign(replica, { [Symbol.dispose]: () => replica.close() });
}

test('a client that was told of a commit finds it at every replica at once', async () => {
  const catalog = await newCatalog();
  const feed = new JournalPublisher(catalog);
  using one = replicaOf(feed);
  using other = replicaOf(feed);
  const told = await catalog.commit(() => [created]);
  // Nothing is awaited: no message can have been delivered in between.
  assert.deepEqual(one.state, told);
  assert.deepEqual(other.state, told);
});

test('a replica is as its catalog after any edits, wherever it joins', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(arbitraryDecision, { maxLength: 30 }),
      fc.nat(30),
      async (decisions, joinAt) => {
        const catalog = await newCatalog();
        const feed = new JournalPublisher(catalog);
        const before = decisions.slice(0, joinAt);
        for (const decide of before) await catalog.commit(decide);
        using replica = replicaOf(feed);
        for (const decide of decisions.slice(before.length)) {
          await catalog.commit(decide);
          assert.deepEqual(replica.state, catalog.state);
        }
        await settled();
        assert.deepEqual(replica.state, catalog.state);
      },
    ),
    { numRuns: 50 },
  );
});

test('a caller that waits at a replica for a change wakes with the change in sight', async () => {
  const catalog = await newCatalog();
  using replica = replicaOf(new JournalPublisher(catalog));
  const changed = replica.changed(forEver);
  await catalog.commit(() => [created]);
  await changed;
  assert.equal(replica.state.streams.size, 1);
});

test('a wait at a replica ends when the signal is aborted', async () => {
  const catalog = await newCatalog();
  using replica = replicaOf(new JournalPublisher(catalog));
  const stop = new AbortController();
  const changed = replica.changed(stop.signal);
  stop.abort();
  await changed;
  assert.equal(replica.state.streams.size, 0);
});

test('a revision that is announced, and still on its way, is waited for', async () => {
  const published = new Int32Array(new SharedArrayBuffer(4));
  const [port, portOfReplica] = nodeWorkers.channel<Revision<Edit>, never>();
  const replica = new ReplicaJournal(catalogMachine, portOfReplica, {
    start: { version: 0, edits: [] },
    published,
  });
  Atomics.add(published, 0, 1);
  const module = new URL('posting-thread.ts', import.meta.url);
  const worker = nodeWorkers.start(
    { name: 'test', module, run: async () => {} },
    { after: 0, edits: [created] },
    { port },
  );
  assert.equal(replica.state.streams.size, 1);
  replica.close();
  await worker.ended;
});

test('a replica that misses a revision, or hears one twice, ends with it: it must never show what never was', async () => {
  const catalog = await newCatalog();
  for (const revision of [
    { after: 0, edits: [created] },
    { after: 2, edits: [created] },
  ]) {
    await catalog.commit(() => [created]);
    const [port, portOfReplica] = nodeWorkers.channel<Revision<Edit>, never>();
    const start = { version: 1, edits: catalog.snapshot().edits };
    using replica = disposable(
      new ReplicaJournal(catalogMachine, portOfReplica, { start, published: new Int32Array([2]) }),
    );
    port.post(revision);
    assert.throws(() => replica.state, /revisions come in order, each once/);
  }
});

test('what left is told nothing any more', async () => {
  const catalog = await newCatalog();
  const feed = new JournalPublisher(catalog);
  const [port, portOfReplica] = nodeWorkers.channel<Revision<Edit>, never>();
  feed.join(port);
  feed.leave(port);
  await catalog.commit(() => [created]);
  assert.equal(portOfReplica.take(), undefined);
  port.close();
});

test('a replica that begins late, and after a restart, knows the version', async () => {
  const log = openMemoryLog(new ManualClock());
  const before = await openCatalog(log);
  for (const name of ['a', 'b']) {
    await before.commit(() => [{ kind: 'stream-created', stream: sampleStream(1, { name }) }]);
  }
  const catalog = await openCatalog(log);
  using replica = replicaOf(new JournalPublisher(catalog));
  assert.equal(replica.state.version, 2);
  await catalog.commit(() => [created]);
  assert.deepEqual(await replica.current(), catalog.state);
});

test('a replica refuses to commit', async () => {
  using replica = replicaOf(new JournalPublisher(await newCatalog()));
  await assert.rejects(replica.commit(), /Only the owner commits/);
});
