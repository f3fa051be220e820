import type { Counts } from '../../stream/meter/counts.ts';
import { type Family, familiesOf, noLabels } from './family.ts';

const ofStreams = familiesOf(['account', 'region', 'stream'], ({ streams }) => streams);
const ofShards = familiesOf(['account', 'region', 'stream', 'shard'], ({ shards }) => shards);
const ofConsumers = familiesOf(
  ['account', 'region', 'stream', 'consumer', 'kind'],
  ({ consumers }) => consumers,
);
const ofServer = familiesOf([], ({ server }) => [{ ...server, labels: noLabels }]);

/** Which shards are there is a setting, said in each help. */
const someShards = 'Of open shards, as many as --metrics-shards lets have series of their own.';

function counter(name: string, help: string, count: (counts: Counts) => number): Family {
  return ofStreams('counter', `millrace_stream_${name}_total`, help, ({ counts }) => count(counts));
}

function shardCounter(name: string, help: string, count: (counts: Counts) => number): Family {
  return ofShards('counter', `millrace_shard_${name}_total`, `${help} ${someShards}`, ({ counts }) =>
    count(counts),
  );
}

/** Of streams, of their shards, and of those who read them. */
export const streamFamilies: readonly Family[] = [
  ofServer('gauge', 'millrace_streams', 'Streams that there are.', ({ streams }) => streams),
  ofServer(
    'gauge',
    'millrace_shards_left_out',
    'Open shards without series of their own: their streams would be more than --metrics-shards.',
    ({ shardsLeftOut }) => shardsLeftOut,
  ),
  ofStreams(
    'gauge',
    'millrace_stream_open_shards',
    'Shards that records can be put into.',
    ({ open }) => open,
  ),
  ofStreams(
    'gauge',
    'millrace_stream_closed_shards',
    'Shards that were split or merged, and may still be read.',
    ({ stream, open }) => stream.shards.length - open,
  ),
  ofStreams(
    'gauge',
    'millrace_stream_retention_seconds',
    'How long records can be read.',
    ({ stream }) => stream.retentionHours * 3600,
  ),
  counter('records_in', 'Records that were acknowledged.', ({ recordsIn }) => recordsIn),
  counter('bytes_in', 'Bytes of partition keys and data that were acknowledged.', ({ bytesIn }) => bytesIn),
  counter(
    'put_units',
    'What AWS bills of a provisioned stream: payload units of 25 KB.',
    ({ putUnits }) => putUnits,
  ),
  counter(
    'billed_bytes_in',
    'What AWS bills of an on-demand stream: bytes of records, each rounded up to 1 KB.',
    ({ kilobytesIn }) => kilobytesIn * 1024,
  ),
  counter(
    'records_throttled',
    'Records that a limit of their shard refused.',
    ({ recordsThrottled }) => recordsThrottled,
  ),
  counter('records_out', 'Records that GetRecords answered.', ({ recordsOut }) => recordsOut),
  counter(
    'bytes_out',
    'Bytes of partition keys and data that GetRecords answered.',
    ({ bytesOut }) => bytesOut,
  ),
  counter(
    'fan_out_records',
    'Records that subscriptions sent, to all consumers.',
    ({ fanOutRecords }) => fanOutRecords,
  ),
  counter(
    'fan_out_bytes',
    'Bytes of partition keys and data that subscriptions sent, to all consumers.',
    ({ fanOutBytes }) => fanOutBytes,
  ),
  counter(
    'reads_throttled',
    'Calls of GetRecords that a limit of their shard refused.',
    ({ readsThrottled }) => readsThrottled,
  ),
  shardCounter('records_in', 'Records that were acknowledged.', ({ recordsIn }) => recordsIn),
  shardCounter('bytes_in', 'Bytes that were acknowledged.', ({ bytesIn }) => bytesIn),
  shardCounter(
    'records_throttled',
    'Records that a limit of the shard refused.',
    ({ recordsThrottled }) => recordsThrottled,
  ),
  shardCounter(
    'records_out',
    'Records that GetRecords and subscriptions answered.',
    ({ recordsOut, fanOutRecords }) => recordsOut + fanOutRecords,
  ),
  shardCounter(
    'bytes_out',
    'Bytes that GetRecords and subscriptions answered.',
    ({ bytesOut, fanOutBytes }) => bytesOut + fanOutBytes,
  ),
  shardCounter(
    'reads_throttled',
    'Calls of GetRecords that a limit of the shard refused.',
    ({ readsThrottled }) => readsThrottled,
  ),
  ofConsumers(
    'gauge',
    'millrace_consumer_lag_seconds',
    'How old the next record is that a reader gets, in the shard where it is furthest behind; 0 at the tip.',
    ({ lagSeconds }) => lagSeconds,
  ),
  ofConsumers(
    'gauge',
    'millrace_consumer_time_to_loss_seconds',
    "The stream's retention minus the lag: at 0 a reader loses records.",
    ({ timeToLossSeconds }) => timeToLossSeconds,
  ),
  ofConsumers(
    'counter',
    'millrace_consumer_records_total',
    'Records that a reader got, where they are counted by reader.',
    ({ records }) => records,
  ),
  ofConsumers(
    'counter',
    'millrace_consumer_bytes_total',
    'Bytes that a reader got, where they are counted by reader.',
    ({ bytes }) => bytes,
  ),
  ofConsumers(
    'gauge',
    'millrace_consumer_failures',
    'What a mapping gave up and keeps to be redriven, or records that a delivery refused.',
    ({ failures }) => failures,
  ),
];
