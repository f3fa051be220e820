import type { Clock } from '../../env/clock.ts';
import { type ObjectStore, ObjectStoreError } from '../../env/object-store.ts';
import {
  type IcebergCatalog,
  IcebergError,
  type IcebergTable,
  type NewTable,
} from '../../iceberg/iceberg-table.ts';
import type { TableField, TableSchema } from '../../iceberg/table-schema.ts';
import { markProperties } from '../../iceberg/writer-marks.ts';
import type { Channel } from '../../kinesis/channel.ts';
import type { Stream } from '../../kinesis/stream.ts';
import type { Records } from '../../log/log.ts';
import type { CatalogSpec } from '../delivery-spec.ts';
import { schemaOfJsonSchema } from '../schema/json-schema.ts';
import { SchemaError } from '../schema/schema-error.ts';
import type { SchemaSource } from '../schema/schema-source.ts';
import { startPositions } from '../source/start-positions.ts';
import type { DeliveryJournal } from '../state/delivery-state.ts';
import { bucketOf, deliveryIdOf, type TableCatalogs } from './channel-spec.ts';

export type ChannelWorld = {
  readonly clock: Clock;
  readonly log: Pick<Records, 'seek' | 'position'>;
  readonly journal: DeliveryJournal;
  /** Undefined where it is not said where the store is. */
  readonly objects: ObjectStore | undefined;
  readonly catalogOf: (spec: CatalogSpec) => IcebergCatalog;
  readonly catalogs: TableCatalogs;
  /** Undefined where it is not said where schemas are. */
  readonly schemas: SchemaSource | undefined;
  /** Whether Kinesis may take a role on. */
  readonly isAssumable: (role: string) => boolean;
};

/**
 * Makes a channel ready that is CREATING: its buckets are there and its own, its table is made where its
 * schema is known, and the journal has where it begins. Resolves with why it never will be; rejects where that
 * may pass.
 */
export async function beginChannel(
  world: ChannelWorld,
  channel: Channel,
  stream: Stream,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    requireRole(world, channel);
    await requireBuckets(world, channel, signal);
    await makeTable(world, channel, signal);
  } catch (error) {
    if (isFinal(error)) return error.message;
    throw error;
  }
  await keepStart(world, channel, stream);
  return undefined;
}

/** Why a channel never will be. */
class HopelessError extends Error {
  override readonly name = 'HopelessError';
}

function isFinal(error: unknown): error is Error {
  if (error instanceof ObjectStoreError || error instanceof IcebergError) return !error.passes;
  return error instanceof HopelessError || error instanceof SchemaError;
}

function requireRole({ isAssumable }: ChannelWorld, { role }: Channel): void {
  if (!isAssumable(role)) {
    throw new HopelessError(`The role ${role} cannot be assumed by Amazon Kinesis Data Streams.`);
  }
}

async function requireBuckets(
  { objects }: ChannelWorld,
  channel: Channel,
  signal: AbortSignal,
): Promise<void> {
  if (objects === undefined) {
    throw new HopelessError('This server has no store of objects; its setting --s3 says where one is.');
  }
  const { destination, deadLetters } = channel;
  const places = [{ bucketArn: deadLetters.bucketArn, owner: deadLetters.owner, prefix: deadLetters.prefix }];
  if (destination.kind === 'S3') places.unshift({ ...destination, prefix: '' });
  for (const { bucketArn, owner, prefix } of places) {
    const bucket = bucketOf(bucketArn);
    await objects.list(bucket, { prefix, max: 1 }, signal);
    // A list does not ask whose the bucket is.
    await objects.head({ bucket, owner, key: `${prefix}${channel.id}` }, signal);
  }
}

/** A channel makes its own table. One that is not known by its schema is made with the first records. */
async function makeTable(world: ChannelWorld, channel: Channel, signal: AbortSignal): Promise<void> {
  const { destination, records } = channel;
  if (destination.kind !== 'S3_TABLES') return;
  const { namespace, table, tableBucketArn } = destination;
  const catalog = world.catalogOf(world.catalogs(tableBucketArn));
  const found = await catalog.load({ namespace, table }, signal);
  if (found !== undefined) return requireOwn(found, channel);
  if (records.schemaArn === undefined) return;
  const made = await newTable(world, channel, records.schemaArn, destination.hourOf, signal);
  await catalog.create({ namespace, table }, made, signal);
}

/** One that is there was made by this channel, before a crash, or is another's. */
function requireOwn(table: IcebergTable, channel: Channel): void {
  if (table.marksOf(makerOf(channel)) !== undefined) return;
  const { destination } = channel;
  const name = destination.kind === 'S3_TABLES' ? `${destination.namespace}.${destination.table}` : '';
  throw new HopelessError(`The table ${name} is there already; a channel makes its own.`);
}

function makerOf(channel: Channel): string {
  return `${deliveryIdOf(channel)}/maker`;
}

async function newTable(
  { schemas }: ChannelWorld,
  channel: Channel,
  schemaArn: string,
  hourOf: string | undefined,
  signal: AbortSignal,
): Promise<NewTable> {
  if (schemas === undefined) {
    throw new HopelessError('This server has no schemas; its setting --schemas says where they are.');
  }
  const schema = schemaOfJsonSchema(await schemas.schemaOf(schemaArn, signal));
  const properties = markProperties({ writer: makerOf(channel), before: undefined, marks: 'made' });
  if (hourOf === undefined) return { schema, properties };
  return {
    ...{ schema: withTime(schema, hourOf), properties },
    partition: { column: hourOf, transform: 'hour' },
  };
}

/** The column by which a table is partitioned has the time of every record (API reference, PartitionField). */
function withTime({ fields }: TableSchema, column: string): TableSchema {
  const found = fields.find(({ name }) => name === column);
  if (found?.type.kind !== 'timestamptz') {
    throw new HopelessError(`The partition column ${column} is no column of the type timestamptz.`);
  }
  const required = (field: TableField) => (field === found ? { ...field, required: true } : field);
  return { fields: fields.map(required) };
}

/** What a channel that was begun before knows of its start, it keeps. */
async function keepStart(
  { log, journal, clock }: ChannelWorld,
  channel: Channel,
  stream: Stream,
): Promise<void> {
  const key = deliveryIdOf(channel);
  const done = await startPositions(log, stream, { kind: 'LATEST' }, clock.now());
  await journal.commit((state) => {
    if (state.get('progress', key) !== undefined) return [];
    return [{ kind: 'said', of: 'progress', key, value: { stream: stream.id, done, nextChunk: 0 } }];
  });
}
