import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MapStore } from '../../harness/iceberg/map-store.ts';
import { formatLongJson, parseLongJson } from '../../src/iceberg/format/long-json.ts';
import { IcebergError } from '../../src/iceberg/iceberg-table.ts';
import { openCatalog } from '../../src/iceberg/open-catalog.ts';
import { TestRandom } from '../log/world.ts';
import { hurriedClock } from '../objects/hurried-clock.ts';
import { noClient } from './no-client.ts';

const name = { namespace: 'flights', table: 'seen' };
const metadataPath = 'lake/flights/seen/metadata/v2.metadata.json';

async function tableWithFile(): Promise<MapStore> {
  const objects = new MapStore();
  const table = await open(objects).create(name, {
    schema: {
      fields: [
        { id: 1, name: 'at', required: true, type: { kind: 'timestamptz' } },
        {
          id: 2,
          name: 'legs',
          required: false,
          type: {
            kind: 'list',
            elementId: 3,
            elementRequired: false,
            element: {
              kind: 'struct',
              fields: [{ id: 4, name: 'to', required: false, type: { kind: 'string' } }],
            },
          },
        },
      ],
    },
    partition: { column: 'at', transform: 'day' },
  });
  const file = { path: 's3://lake/a.parquet', bytes: 1, records: 1, partition: 20_000 };
  await table.append([file], { writer: 'w', before: undefined, marks: '1' });
  return objects;
}

function open(objects: MapStore) {
  const world = { clock: hurriedClock(), random: new TestRandom(5), objects, ...noClient };
  return openCatalog({ kind: 'bucket', bucket: 'lake', prefix: '' }, world);
}

/** Appends once more. What comes of it is that it is there, or an error that says what is wrong. */
async function tried(objects: MapStore): Promise<string> {
  try {
    const table = await open(objects).load(name);
    const said = table?.marksOf('w');
    const file = { path: 's3://lake/b.parquet', bytes: 1, records: 1, partition: 20_001 };
    await table?.append([file], { writer: 'w', before: said, marks: 'more' });
    return 'appended';
  } catch (error) {
    if (error instanceof IcebergError) return error.code;
    throw error;
  }
}

/** All places of a value, by the names and numbers that lead there. */
function placesIn(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, member]) => placesIn(member, [...at, key]))];
}

function changed(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? changed(item, rest, other) : item));
  const members = Object.entries(value as object);
  return Object.fromEntries(
    members.map(([one, member]) => [one, one === key ? changed(member, rest, other) : member]),
  );
}

test('metadata of which any part is something else is taken, or refused in a sentence', async () => {
  const good = await tableWithFile();
  const json = parseLongJson(String(good.objects.get(metadataPath)));
  const outcomes = new Map<string, number>();
  for (const place of placesIn(json)) {
    for (const other of [null, 17, [null], { type: 'list' }]) {
      const objects = new MapStore();
      for (const [path, bytes] of good.objects) objects.objects.set(path, bytes);
      objects.objects.set(metadataPath, Buffer.from(formatLongJson(changed(json, place, other))));
      const outcome = await tried(objects);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  }
  assert.ok((outcomes.get('BadFile') ?? 0) > 100, JSON.stringify([...outcomes]));
});

test('a manifest list of which any byte is another is read, or refused in a sentence', async () => {
  const good = await tableWithFile();
  const [path, bytes] = [...good.objects].find(([key]) => key.includes('/snap-'))!;
  const run = fc.asyncProperty(
    fc.nat(bytes.length - 1),
    fc.integer({ min: 1, max: 255 }),
    async (at, change) => {
      const objects = new MapStore();
      for (const [key, body] of good.objects) objects.objects.set(key, body);
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= change;
      objects.objects.set(path, damaged);
      assert.match(await tried(objects), /^(appended|BadFile)$/);
    },
  );
  await fc.assert(run, { numRuns: 150, seed: 17, endOnFailure: true });
});
