import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MapStore, type StoreFate } from '../../harness/iceberg/map-store.ts';
import { liveFilesOf } from '../../harness/iceberg/table-reader.ts';
import { ObjectStoreError } from '../../src/env/object-store.ts';
import { readMetadata } from '../../src/iceberg/format/table-metadata.ts';
import { type DataFile, type IcebergCatalog, IcebergError } from '../../src/iceberg/iceberg-table.ts';
import { openCatalog } from '../../src/iceberg/open-catalog.ts';
import { TestRandom } from '../log/world.ts';
import { hurriedClock } from '../objects/hurried-clock.ts';
import { noClient } from './no-client.ts';

const name = { namespace: 'flights', table: 'seen' };
const schema = { fields: [{ id: 1, name: 'n', required: false, type: { kind: 'int' } as const }] };

function catalogOn(objects: MapStore, seed: number): IcebergCatalog {
  const world = { clock: hurriedClock(), random: new TestRandom(seed), objects, ...noClient };
  return openCatalog({ kind: 'bucket', bucket: 'lake', prefix: '' }, world);
}

function fileOf(writer: string, chunk: number): DataFile {
  return { path: `s3://lake/${writer}-${chunk}.parquet`, bytes: 100, records: 10 };
}

/** As a delivery does, its chunks in order. A writer that begins again knows its chunk, and nothing else. */
async function deliver(catalog: IcebergCatalog, writer: string, chunks: number): Promise<void> {
  for (let chunk = 1, tries = 0; chunk <= chunks; tries++) {
    assert.ok(tries < 200, `${writer} does not come on`);
    try {
      const before = chunk === 1 ? undefined : String(chunk - 1);
      const table = await catalog.load(name);
      await table!.append([fileOf(writer, chunk)], { writer, before, marks: String(chunk) });
      chunk += 1;
    } catch (error) {
      const passes = (error instanceof IcebergError || error instanceof ObjectStoreError) && error.passes;
      if (!passes) throw error;
    }
  }
}

async function pathsIn(objects: MapStore): Promise<string[]> {
  const versions = [...objects.objects.keys()].flatMap(
    (key) => /v(\d+)\.metadata\.json$/.exec(key)?.[1] ?? [],
  );
  const path = `lake/flights/seen/metadata/v${Math.max(...versions.map(Number))}.metadata.json`;
  const files = await liveFilesOf(objects, readMetadata(String(objects.objects.get(path)), path));
  return files.map((file) => file.path).sort();
}

test('two writers of a table in a bucket lose nothing of each other, whatever the store leaves unanswered', async () => {
  const fate = fc.constantFrom<StoreFate>('refused', 'lost', 'late', 'answered', 'answered');
  const run = fc.asyncProperty(
    fc.record({
      seed: fc.nat(1_000_000),
      chunks: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
      fates: fc.array(fate, { maxLength: 40 }),
      // The same delivery twice over: two gateways that both believe that it is theirs.
      isDoubled: fc.boolean(),
    }),
    async ({ seed, chunks, fates, isDoubled }) => {
      const objects = new MapStore();
      const catalogs = [seed, seed + 1, seed + 2].map((one) => catalogOn(objects, one));
      const properties = { 'commit.manifest.min-count-to-merge': '3' };
      await catalogs[0]!.create(name, { schema, properties });
      for (const catalog of catalogs) await catalog.load(name);
      const left = [...fates];
      objects.fate = () => left.shift() ?? 'answered';
      const writers = [
        deliver(catalogs[0]!, 'a', chunks[0]),
        deliver(catalogs[1]!, 'b', chunks[1]),
        ...(isDoubled ? [deliver(catalogs[2]!, 'b', chunks[1])] : []),
      ];
      await Promise.all(writers.map((writer) => writer.catch(unlessOvertaken)));
      objects.fate = () => 'answered';
      const expected = ['a', 'b'].flatMap((writer, index) =>
        Array.from({ length: chunks[index]! }, (_, chunk) => fileOf(writer, chunk + 1).path),
      );
      assert.deepEqual(await pathsIn(objects), expected.sort());
    },
  );
  await fc.assert(run, { numRuns: 25, seed: 17, endOnFailure: true });
});

/** Of two with the same chunks, one that is behind stops, and the other one does all of them. */
function unlessOvertaken(error: unknown): void {
  if (!(error instanceof IcebergError) || error.code !== 'OtherWriter') throw error;
}

test('a store whose conditional writes let two writers win is refused', async () => {
  const objects = new MapStore();
  objects.isCareless = true;
  const refused = catalogOn(objects, 1).create(name, { schema });
  await assert.rejects(refused, { code: 'ConditionsBroken', passes: false });
  assert.deepEqual([...objects.objects.keys()], []);
});
