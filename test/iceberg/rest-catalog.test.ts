import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CatalogFate, HonestCatalog } from '../../harness/iceberg/honest-catalog.ts';
import { MapStore, type StoreFate } from '../../harness/iceberg/map-store.ts';
import { OtherWriter } from '../../harness/iceberg/other-writer.ts';
import { liveFilesOf } from '../../harness/iceberg/table-reader.ts';
import type { HttpClient } from '../../src/env/http-client.ts';
import { ObjectStoreError } from '../../src/env/object-store.ts';
import {
  type DataFile,
  type IcebergCatalog,
  IcebergError,
  type NewTable,
} from '../../src/iceberg/iceberg-table.ts';
import { openCatalog } from '../../src/iceberg/open-catalog.ts';
import { TestRandom } from '../log/world.ts';
import { hurriedClock } from '../objects/hurried-clock.ts';

const name = { namespace: 'flights', table: 'seen' };
const path = '/v1/namespaces/flights/tables/seen';
const request: NewTable = {
  schema: { fields: [{ id: 1, name: 'at', required: true, type: { kind: 'timestamptz' } }] },
  partition: { column: 'at', transform: 'hour' },
  // So that manifests are made one in between.
  properties: { 'commit.manifest.min-count-to-merge': '3' },
};

type Act = 'append' | 'compact' | 'expire';

/** A catalog, a store, and somebody else who gets between a request and what is done. */
class World {
  readonly objects = new MapStore();
  readonly catalog = new HonestCatalog(this.objects, 's3://lake/tables');
  readonly other: OtherWriter;
  readonly random: TestRandom;
  readonly acts: Act[] = [];

  constructor(seed: number) {
    this.random = new TestRandom(seed);
    this.other = new OtherWriter(this.catalog, this.objects, new TestRandom(seed + 1), path);
  }

  open(): IcebergCatalog {
    const client: HttpClient = {
      send: async (sent) => {
        if (sent.method === 'POST' && sent.url.endsWith('/seen')) await this.#interfere();
        return await this.catalog.send(sent);
      },
    };
    const { objects, random } = this;
    const world = { clock: hurriedClock(), random, objects, client, signing: undefined, bearer: undefined };
    const spec = { kind: 'rest', url: 'http://catalog', warehouse: undefined, signs: 'none' } as const;
    return openCatalog(spec, world);
  }

  async #interfere(): Promise<void> {
    const act = this.acts.shift();
    if (act === undefined) return;
    const { fate } = this.objects;
    this.objects.fate = () => 'answered';
    await this.other[act]();
    this.objects.fate = fate;
  }

  /** Every file's content, as often as a reader of the table has it. */
  async contents(): Promise<string[]> {
    const live = await liveFilesOf(this.objects, await this.other.metadata());
    const contentOf = (file: string): readonly string[] =>
      this.other.merged.get(file)?.flatMap(contentOf) ?? [file];
    return live.flatMap((file) => contentOf(file.path)).sort();
  }
}

function fileOf(chunk: number): DataFile {
  return { path: `s3://lake/chunk-${chunk}.parquet`, bytes: 100, records: 10, partition: chunk };
}

/** As a delivery does: until it is done, each time by what the table says when it is loaded anew. */
async function deliver(world: World, chunk: number): Promise<void> {
  for (let time = 0; time < 60; time++) {
    try {
      const table = await world.open().load(name);
      const before = chunk === 1 ? undefined : String(chunk - 1);
      await table!.append([fileOf(chunk)], { writer: 'channel/1', before, marks: String(chunk) });
      return;
    } catch (error) {
      const passes = (error instanceof IcebergError || error instanceof ObjectStoreError) && error.passes;
      if (!passes) throw error;
    }
  }
  throw new Error(`chunk ${chunk} is not delivered`);
}

const catalogFate = fc.constantFrom<CatalogFate>(
  'refused',
  'lost',
  'late',
  'error after',
  'error before',
  'answered',
);
const storeFate = fc.constantFrom<StoreFate>('refused', 'lost', 'late', 'answered', 'answered', 'answered');
const act = fc.constantFrom<Act>('append', 'compact', 'expire');

test('whatever a catalog and a store leave unanswered, and whoever works on the table besides: all is there once', async () => {
  const seen = { conflicts: 0, doubts: 0 };
  const run = fc.asyncProperty(
    fc.record({
      seed: fc.nat(1_000_000),
      chunks: fc.integer({ min: 1, max: 5 }),
      catalogFates: fc.array(catalogFate, { maxLength: 20 }),
      storeFates: fc.array(storeFate, { maxLength: 20 }),
      acts: fc.array(act, { maxLength: 12 }),
    }),
    async ({ seed, chunks, catalogFates, storeFates, acts }) => {
      const world = new World(seed);
      await world.open().create(name, request);
      const fates = [...catalogFates];
      const stores = [...storeFates];
      world.catalog.fate = () => fates.shift() ?? 'answered';
      world.objects.fate = () => stores.shift() ?? 'answered';
      world.acts.push(...acts);
      for (let chunk = 1; chunk <= chunks; chunk++) await deliver(world, chunk);
      // What was late may be done now, and must not be.
      world.objects.fate = () => 'answered';
      world.catalog.fate = () => 'answered';
      const table = await world.open().load(name);
      const own = Array.from({ length: chunks }, (_, index) => fileOf(index + 1).path);
      assert.deepEqual(await world.contents(), [...own, ...world.other.appended].sort());
      assert.equal(table?.marksOf('channel/1'), String(chunks));
      seen.conflicts += acts.length - world.acts.length;
      seen.doubts += catalogFates.length - fates.length;
    },
  );
  await fc.assert(run, { numRuns: 40, seed: 17, endOnFailure: true });
  assert.ok(seen.conflicts > 50 && seen.doubts > 50, JSON.stringify(seen));
});

test('a table and its namespace are made, and made once when the answer was lost', async () => {
  const world = new World(1);
  let requests = 0;
  world.catalog.fate = (method) => (method === 'POST' && ++requests === 3 ? 'lost' : 'answered');
  // No namespace; the namespace; the table, whose answer is lost; then it is loaded.
  const table = await world.open().create(name, request);
  assert.deepEqual([table.location, table.partition], ['s3://lake/tables/flights/seen', request.partition]);
  await assert.rejects(world.open().create(name, request), { code: 'AlreadyExists' });
});

test('a conflict that a catalog says with status 400 is one', async () => {
  const world = new World(1);
  await world.open().create(name, request);
  world.catalog.statusOfConflict = 400;
  world.acts.push('append');
  await deliver(world, 1);
  assert.equal((await world.contents()).length, 2);
});

test('a catalog that gives no sign of a commit is asked until it is known', async () => {
  const world = new World(1);
  await world.open().create(name, request);
  const table = await world.open().load(name);
  world.catalog.fate = (method) => (method === 'POST' ? 'error after' : 'refused');
  const marks = { writer: 'w', before: undefined, marks: '1' };
  await assert.rejects(table!.append([fileOf(1)], marks), { code: 'CommitStateUnknown', passes: true });
  world.catalog.fate = () => 'answered';
  await (await world.open().load(name))!.append([fileOf(1)], marks);
  assert.deepEqual(await world.contents(), [fileOf(1).path]);
});

test('a table that was made anew under its name is another one', async () => {
  const world = new World(1);
  await world.open().create(name, request);
  const table = await world.open().load(name);
  world.catalog.tables.clear();
  await world.open().create(name, request);
  const append = table!.append([fileOf(1)], { writer: 'w', before: undefined, marks: '1' });
  await assert.rejects(append, { code: 'OtherTable', passes: false });
  assert.deepEqual(await world.contents(), []);
});

test('marks that somebody removed from the properties are found in the snapshots', async () => {
  const world = new World(1);
  await world.open().create(name, request);
  await deliver(world, 1);
  await world.other.append();
  const updates = [{ action: 'remove-properties', removals: ['millrace.marks.channel/1'] }];
  await world.catalog.handle('POST', path, JSON.stringify({ updates }));
  assert.equal((await world.open().load(name))?.marksOf('channel/1'), '1');
});
