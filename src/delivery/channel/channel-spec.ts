import type { CatalogState } from '../../catalog/state.ts';
import { formatChannelArn, formatStreamArn } from '../../kinesis/arn.ts';
import { type Channel, isDelivering } from '../../kinesis/channel.ts';
import type {
  CatalogSpec,
  DeliverySpec,
  DestinationSpec,
  ObjectTarget,
  RecordStages,
} from '../delivery-spec.ts';
import type { DeliveryState } from '../state/delivery-state.ts';

/** The catalog of the tables in a table bucket, by its ARN. */
export type TableCatalogs = (tableBucketArn: string) => CatalogSpec;

export function deliveryIdOf({ id }: Pick<Channel, 'id'>): string {
  return `channel/${id}`;
}

/**
 * The deliveries of all channels. One that is CREATING is among them as soon as it is kept where it begins:
 * what is known of a delivery that is not wanted is forgotten.
 */
export function channelSpecsOf(
  { channels }: CatalogState,
  deliveries: DeliveryState,
  catalogs: TableCatalogs,
): DeliverySpec[] {
  const hasBegun = (channel: Channel) =>
    channel.status === 'CREATING' && deliveries.get('progress', deliveryIdOf(channel)) !== undefined;
  return [...channels.values()]
    .filter((channel) => isDelivering(channel) || hasBegun(channel))
    .map((channel) => channelSpecOf(channel, catalogs));
}

/** What a channel is to deliver. */
export function channelSpecOf(channel: Channel, catalogs: TableCatalogs): DeliverySpec {
  const { account, region, id, name, stream, streamId } = channel;
  return {
    id: deliveryIdOf(channel),
    revision: String(channel.updates),
    owner: {
      ...{ kind: 'channel', account, region, name, number: id },
      arn: formatChannelArn(channel),
    },
    source: {
      ...{ stream, streamId, arn: formatStreamArn(stream), role: channel.role, isOnce: false },
      start: { kind: 'LATEST' },
    },
    buffering: { bytes: chunkBytesMax, ms: channel.freshnessSeconds * 1000 },
    stages: stagesOf(channel),
    destination: destinationOf(channel, catalogs),
    errors: errorsOf(channel),
  };
}

/** AWS says no size: objects are of "optimal" size, which readers of S3 and Iceberg want to be about this. */
const chunkBytesMax = 64 * 1024 * 1024;

/**
 * Records are delivered as they came (developer guide, "How Amazon S3 delivery works"). Those of the KPL are
 * taken apart, unless they are bytes that nobody looks at; lines make texts in one object tell apart. A table
 * finds out itself what is no JSON.
 */
function stagesOf({ records: { format }, destination: { kind } }: Channel): RecordStages {
  const isText = format === 'JSON' || format === 'STRING';
  const validity = format === 'STRING' ? 'UTF8' : 'JSON';
  return {
    takesKplApart: format !== 'BYTE_ARRAY',
    isSchemaRegistry: format === 'GSR_JSON',
    decompresses: false,
    validity: isText && kind === 'S3' ? validity : undefined,
    delimiter: isText && kind === 'S3' ? newline : undefined,
  };
}

/** In base64. */
const newline = 'Cg==';

function destinationOf(channel: Channel, catalogs: TableCatalogs): DestinationSpec {
  const { destination, records } = channel;
  if (destination.kind === 'S3') {
    const { compression } = destination;
    return { kind: 's3', target: targetOf(channel, destination), form: { kind: 'text', compression } };
  }
  const { namespace, table, compression, hourOf, tableBucketArn } = destination;
  const described = {
    ...{ catalog: catalogs(tableBucketArn), namespace, table, schema: undefined },
    partition: hourOf === undefined ? undefined : ({ column: hourOf, transform: 'hour' } as const),
    // With a schema it was made when the channel was.
    creates: records.schemaArn === undefined ? 'if missing' : 'never',
  } as const;
  return { kind: 'iceberg', tables: [described], compression, retryMs: foreverMs, reading: plainJson };
}

/** A table that cannot be had keeps its records waiting; what waits is in the stream. */
const foreverMs = Number.MAX_SAFE_INTEGER;

const plainJson = {
  isCaseInsensitive: false,
  columnOfKey: {},
  dotsBecomeUnderscores: false,
  timestampFormats: [],
};

function targetOf(
  channel: Channel,
  destination: Extract<Channel['destination'], { kind: 'S3' }>,
): ObjectTarget {
  const { bucketArn, owner, compression, storageClass, keyTemplate } = destination;
  return {
    ...{ bucket: bucketOf(bucketArn), bucketOwner: owner, compression },
    names: { kind: 'channel', template: keyTemplate },
    storageClass: storageClass === 'STANDARD' ? undefined : storageClass,
    kmsKeyArn: channel.encryption?.keyArn,
  };
}

function errorsOf(channel: Channel): ObjectTarget {
  const { bucketArn, owner, prefix } = channel.deadLetters;
  return {
    ...{ bucket: bucketOf(bucketArn), bucketOwner: owner, compression: 'NONE' },
    names: { kind: 'channel', template: prefix },
    kmsKeyArn: channel.encryption?.keyArn,
  };
}

/** `arn:aws:s3:::NAME` */
export function bucketOf(bucketArn: string): string {
  return bucketArn.slice(bucketArn.lastIndexOf(':') + 1);
}
