import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelActivation } from '../../../src/delivery/channel/begin-channel.ts';
import { channelSpecOf, channelSpecsOf } from '../../../src/delivery/channel/channel-spec.ts';
import { type ObjectStore, ObjectStoreError } from '../../../src/env/object-store.ts';
import type { Channel } from '../../../src/kinesis/channel.ts';
import { sampleChannel } from '../../kinesis/sample.ts';
import { DeliveryTestWorld } from '../run/delivery-test-world.ts';

/** Lines of text, in an object after at most ten seconds. */
const channel = sampleChannel({
  status: 'CREATING',
  records: { format: 'STRING' },
  freshnessSeconds: 10,
  destination: {
    kind: 'S3',
    bucketArn: 'arn:aws:s3:::b',
    owner: '000000000000',
    compression: 'NONE',
    storageClass: 'STANDARD',
    keyTemplate: '!{channel-name}/!{yyyy}/',
  },
});
const noTables = () => assert.fail('no tables');
const never = new AbortController().signal;

type Refusals = { readonly objects?: ObjectStore | undefined; readonly refusal?: string };

function begin(world: DeliveryTestWorld, { objects = world.store, refusal }: Refusals = {}) {
  const { clock, journal, log } = world;
  return channelActivation({
    ...{ clock, journal, log, objects, schemas: undefined },
    catalogOf: noTables,
    catalogs: noTables,
    refusalOf: () => refusal,
  }).begin(channel, world.stream, never);
}

/** Has what there is of channels be delivered, as it is by the catalog. */
function wantAll(world: DeliveryTestWorld, status: Channel['status']): void {
  const channels = new Map([['c', { ...channel, status }]]);
  world.want(...channelSpecsOf({ ...world.catalog.state, channels }, world.journal.state, noTables));
}

test('a channel delivers what is put once it is ready, and nothing from before, also of shards that are split', async () => {
  const world = await DeliveryTestWorld.with({}, 2);
  await world.put(0, 'before');
  await world.put(1, 'before');
  assert.equal(await begin(world), undefined);
  await world.put(0, 'first');
  wantAll(world, 'ACTIVE');
  await world.reshard({ kind: 'split', since: 0, shard: 0, at: 1000n });
  await world.put(2, 'second');
  await world.put(1, 'third');
  world.start();
  await world.until(() => world.delivered.length === 3);
  assert.deepEqual(world.delivered, ['first', 'second', 'third']);
  await world.stop();
});

test('what is put before it is said that a channel is ACTIVE is not missed, whatever is looked at meanwhile', async () => {
  const world = await DeliveryTestWorld.with();
  assert.equal(await begin(world), undefined);
  wantAll(world, 'CREATING');
  world.start();
  await world.pass(1_000);
  await world.put(0, 'first');
  wantAll(world, 'ACTIVE');
  await world.until(() => world.delivered.length === 1);
  await world.stop();
});

test('a channel that is made ready again begins where it did', async () => {
  const world = await DeliveryTestWorld.with();
  await begin(world);
  await world.put(0, 'first');
  assert.equal(await begin(world), undefined);
  assert.equal(await begin(world, { refusal: 'too late' }), undefined);
  wantAll(world, 'ACTIVE');
  world.start();
  await world.until(() => world.delivered.length === 1);
  await world.stop();
});

test('one that is CREATING and has not begun, has FAILED or is on its way out delivers nothing', async () => {
  const world = await DeliveryTestWorld.with();
  for (const status of ['CREATING', 'FAILED', 'DELETING'] as const) {
    wantAll(world, status);
    assert.deepEqual(world.specs, [], status);
  }
  await begin(world);
  for (const status of ['FAILED', 'DELETING'] as const) {
    wantAll(world, status);
    assert.deepEqual(world.specs, [], status);
  }
});

test('a channel that never can deliver says why, and begins nowhere; what may pass is tried again', async () => {
  const world = await DeliveryTestWorld.with();
  const failing = (code: string, passes: boolean): ObjectStore =>
    Object.assign(Object.create(world.store), {
      list: () => Promise.reject(new ObjectStoreError(`b: ${code}`, code, passes)),
    });
  assert.equal(await begin(world, { objects: failing('NoSuchBucket', false) }), 'b: NoSuchBucket');
  assert.equal(await begin(world, { refusal: 'no such role' }), 'no such role');
  await assert.rejects(begin(world, { objects: failing('Unreachable', true) }), /Unreachable/);
  assert.deepEqual([...world.journal.state.entries('progress')], []);
});

test('a change of a channel is another revision of its delivery', () => {
  const { revision, buffering } = channelSpecOf({ ...channel, updates: 1, freshnessSeconds: 900 }, noTables);
  assert.notEqual(revision, channelSpecOf(channel, noTables).revision);
  assert.equal(buffering.ms, 900_000);
});

test('formats of records are what is done to them', () => {
  const stagesOf = (format: Channel['records']['format']) =>
    channelSpecOf({ ...channel, records: { format } }, noTables).stages;
  const plain = { takesKplApart: true, isSchemaRegistry: false, decompresses: false };
  assert.deepEqual(stagesOf('JSON'), { ...plain, validity: 'JSON', delimiter: 'Cg==' });
  assert.deepEqual(stagesOf('STRING'), { ...plain, validity: 'UTF8', delimiter: 'Cg==' });
  const raw = { ...plain, takesKplApart: false, validity: undefined, delimiter: undefined };
  assert.deepEqual(stagesOf('BYTE_ARRAY'), raw);
});

test('a channel into a table has its catalog, and its rows no delimiter', () => {
  const tableBucketArn = 'arn:aws:s3tables:us-east-1:000000000000:bucket/lake';
  const destination = {
    ...({ kind: 'S3_TABLES', tableBucketArn, namespace: 'air', table: 'flights' } as const),
    ...({ compression: 'SNAPPY', hourOf: 'at' } as const),
  };
  const catalog = { kind: 'bucket', bucket: 'lake', prefix: '' } as const;
  const spec = (records: Channel['records']) =>
    channelSpecOf({ ...channel, destination, records }, (arn) => {
      assert.equal(arn, tableBucketArn);
      return catalog;
    });
  const given = spec({ format: 'GSR_JSON', schemaArn: 'arn' });
  assert.equal(given.stages.isSchemaRegistry, true);
  assert.equal(given.stages.delimiter, undefined);
  assert(given.destination.kind === 'iceberg');
  const [table] = given.destination.tables;
  const partition = { column: 'at', transform: 'hour' };
  const made = { namespace: 'air', table: 'flights', schema: undefined, creates: 'never' };
  assert.deepEqual(table, { ...made, catalog, partition });
  const sampled = spec({ format: 'JSON' }).destination;
  assert(sampled.kind === 'iceberg');
  assert.equal(sampled.tables[0]?.creates, 'if missing');
});
