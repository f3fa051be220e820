import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MapStore } from '../../../harness/iceberg/map-store.ts';
import { channelActivation } from '../../../src/delivery/channel/begin-channel.ts';
import { SchemaError } from '../../../src/delivery/schema/schema-error.ts';
import type { SchemaSource } from '../../../src/delivery/schema/schema-source.ts';
import { openCatalog } from '../../../src/iceberg/open-catalog.ts';
import type { Channel } from '../../../src/kinesis/channel.ts';
import { noClient } from '../../iceberg/no-client.ts';
import { sampleChannel } from '../../kinesis/sample.ts';
import { TestRandom } from '../../log/world.ts';
import { DeliveryTestWorld } from '../run/delivery-test-world.ts';

const schemaArn = 'arn:aws:glue:us-east-1:000000000000:schema/air/flights';
const schema = {
  type: 'object',
  properties: { at: { type: 'string', format: 'date-time' }, origin: { type: 'string' } },
  required: ['origin'],
};
const spec = { kind: 'bucket', bucket: 'lake', prefix: '' } as const;
const name = { namespace: 'air', table: 'flights' };
const known: SchemaSource = {
  async schemaOf(arn) {
    if (arn !== schemaArn) throw new SchemaError(`There is no ${arn}.`);
    return schema;
  },
  columnsOf: () => assert.fail('no columns'),
};

function toTable(changes: Partial<Channel> = {}, hourOf = 'at'): Channel {
  return sampleChannel({
    status: 'CREATING',
    records: { format: 'JSON', schemaArn },
    destination: {
      ...({ kind: 'S3_TABLES', ...name, compression: 'ZSTD', hourOf } as const),
      tableBucketArn: 'arn:aws:s3tables:us-east-1:000000000000:bucket/lake',
    },
    ...changes,
  });
}

async function started(schemas: SchemaSource | undefined = known) {
  const world = await DeliveryTestWorld.with();
  const objects = new MapStore();
  const { clock, log } = world;
  const catalog = openCatalog(spec, { clock, objects, random: new TestRandom(1), ...noClient });
  const begin = (channel: Channel, journal = world.journal) =>
    channelActivation({
      ...{ clock, log, journal, objects, schemas, catalogs: () => spec, catalogOf: () => catalog },
      refusalOf: () => undefined,
    }).begin(channel, world.stream, new AbortController().signal);
  return { world, catalog, begin };
}

test('a channel makes its table by its schema: hours of a column that every row has', async () => {
  const { catalog, begin } = await started();
  assert.equal(await begin(toTable()), undefined);
  const table = await catalog.load(name);
  assert.deepEqual(table?.partition, { column: 'at', transform: 'hour' });
  assert.deepEqual(
    table.schema.fields.map((field) => [field.name, field.required, field.type.kind]),
    [
      ['at', true, 'timestamptz'],
      ['origin', true, 'string'],
    ],
  );
});

test('a table that is there is taken by the channel that made it, and by no other', async () => {
  const { world, begin } = await started();
  const { journal } = world;
  const lost = {
    ...journal,
    state: journal.state,
    current: async () => journal.state,
    commit: () => Promise.reject(new Error('no power')),
  };
  await assert.rejects(begin(toTable(), lost), /no power/);
  assert.equal(await begin(toTable()), undefined);
  assert.match(String(await begin(toTable({ id: 'other' }))), /is a table already/);
  assert.match(String(await begin(toTable({ id: 'sampled', records: { format: 'JSON' } }))), /there already/);
  assert.equal(journal.state.get('progress', 'channel/other'), undefined);
});

test('without a schema the table is made with the first records', async () => {
  const { catalog, begin } = await started();
  assert.equal(await begin(toTable({ records: { format: 'JSON' } })), undefined);
  assert.equal(await catalog.load(name), undefined);
});

test('a schema that is not there, or has no such time to partition by, is why a channel fails', async () => {
  const { begin, catalog } = await started();
  const unknown = toTable({ records: { format: 'JSON', schemaArn: `${schemaArn}2` } });
  assert.match(String(await begin(unknown)), /^There is no arn:aws:glue/);
  for (const column of ['origin', 'nothing']) {
    assert.match(String(await begin(toTable({}, column))), /no column \w+ of the type timestamptz/);
  }
  assert.equal(await catalog.load(name), undefined);
});
