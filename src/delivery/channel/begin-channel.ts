import type { Clock } from '../../env/clock.ts';
import { type ObjectStore, ObjectStoreError } from '../../env/object-store.ts';
import { creatorProperty } from '../../iceberg/commit/creator.ts';
import { IcebergError } from '../../iceberg/iceberg-table.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';
import { formatChannelArn } from '../../kinesis/arn.ts';
import type { Channel } from '../../kinesis/channel.ts';
import type { Stream } from '../../kinesis/stream.ts';
import type { Records } from '../../log/log.ts';
import type { ChannelActivation } from '../../stream/channel-lifecycle.ts';
import type { DeliveryWorld } from '../delivery-world.ts';
import { schemaOfJsonSchema } from '../schema/json-schema.ts';
import { SchemaError } from '../schema/schema-error.ts';
import type { SchemaSource } from '../schema/schema-source.ts';
import { startPositions } from '../source/start-positions.ts';
import type { DeliveryJournal } from '../state/delivery-state.ts';
import { bucketOf, deliveryIdOf, type TableCatalogs } from './channel-spec.ts';

export type ChannelBeginWorld = Pick<DeliveryWorld, 'catalogOf'> & {
  readonly clock: Pick<Clock, 'now'>;
  readonly journal: DeliveryJournal;
  readonly log: Pick<Records, 'seek' | 'position'>;
  readonly objects: ObjectStore | undefined;
  readonly catalogs: TableCatalogs;
  /** Undefined where it is not said where schemas are. */
  readonly schemas: SchemaSource | undefined;
  /** Why a role may not be taken on by Kinesis for a channel, by their ARNs; undefined where it may. */
  readonly refusalOf: (role: string, channel: string) => string | undefined;
};

/**
 * Has channels begin: their buckets are there and let themselves be listed, their table is made, and the ends
 * of the shards of their stream are kept as where they begin.
 */
export function channelActivation(world: ChannelBeginWorld): ChannelActivation {
  return {
    async begin(channel, stream, signal) {
      const id = deliveryIdOf(channel);
      await world.journal.current();
      if (world.journal.state.get('progress', id) !== undefined) return undefined;
      const reason =
        world.refusalOf(channel.role, formatChannelArn(channel)) ?? (await whyNot(world, channel, signal));
      if (reason === undefined) await keepStart(world, id, stream);
      return reason;
    },
  };
}

/** What is put after this is durable is delivered; what another gateway has kept before stays. */
async function keepStart(
  { journal, log, clock }: ChannelBeginWorld,
  id: string,
  stream: Stream,
): Promise<void> {
  const done = await startPositions(log, stream, { kind: 'LATEST' }, clock.now());
  await journal.commit((state) =>
    state.get('progress', id) !== undefined
      ? []
      : [{ kind: 'said', of: 'progress', key: id, value: { stream: stream.id, done, nextChunk: 1 } }],
  );
}

/** In one line; undefined where it can deliver. Rejects with what may pass. */
async function whyNot(
  world: ChannelBeginWorld,
  channel: Channel,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { objects } = world;
  if (objects === undefined) return 'It is not said where S3 is: --s3 says so';
  try {
    const { destination, deadLetters } = channel;
    await requireBucket(objects, bucketOf(deadLetters.bucketArn), deadLetters.owner, signal);
    if (destination.kind === 'S3') {
      await requireBucket(objects, bucketOf(destination.bucketArn), destination.owner, signal);
    } else {
      await makeTable(world, channel, destination, signal);
    }
    return undefined;
  } catch (error) {
    const isFinal =
      ((error instanceof ObjectStoreError || error instanceof IcebergError) && !error.passes) ||
      error instanceof SchemaError;
    if (isFinal) return error.message;
    throw error;
  }
}

async function requireBucket(
  objects: ObjectStore,
  bucket: string,
  owner: string,
  signal: AbortSignal,
): Promise<void> {
  await objects.list(bucket, { prefix: '', max: 1, owner }, signal);
}

/**
 * A channel makes its own table: one that is there is refused. Without a schema it is made when the first
 * records say what it is like.
 */
async function makeTable(
  world: ChannelBeginWorld,
  { id, records }: Channel,
  { tableBucketArn, namespace, table, hourOf }: Extract<Channel['destination'], { kind: 'S3_TABLES' }>,
  signal: AbortSignal,
): Promise<void> {
  const catalog = world.catalogOf(world.catalogs(tableBucketArn));
  const name = { namespace, table };
  if (records.schemaArn === undefined) {
    if ((await catalog.load(name, signal)) === undefined) return;
    throw new IcebergError(`the table ${namespace}.${table} is there already`, 'AlreadyExists', false);
  }
  if (world.schemas === undefined)
    throw new SchemaError('It is not said where schemas are: --schemas says so');
  const schema = schemaOfJsonSchema(await world.schemas.schemaOf(records.schemaArn, signal));
  const partition = hourOf === undefined ? undefined : ({ column: hourOf, transform: 'hour' } as const);
  const properties = { [creatorProperty]: deliveryIdOf({ id }) };
  await catalog.create(name, { schema: withRequired(schema, hourOf), partition, properties }, signal);
}

/** The column that a table is partitioned by has the time of every row (API reference, PartitionField). */
function withRequired(schema: TableSchema, column: string | undefined): TableSchema {
  const found = schema.fields.find(({ name }) => name === column);
  if (column !== undefined && found?.type.kind !== 'timestamptz') {
    throw new SchemaError(`The schema has no column ${column} of the type timestamptz to partition by.`);
  }
  return {
    fields: schema.fields.map((field) => (field.name === column ? { ...field, required: true } : field)),
  };
}
