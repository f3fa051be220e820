import type { Table } from '../tables.ts';

/** What gateways on three brokers show. */
export const kafkaTables: readonly Table[] = [
  {
    title: 'Kafka: puts',
    note: 'PutRecords of 500 x 1 KiB, signed, eight under way, through one gateway; the client library by itself, batches of 500, acks=all, eight under way, before and after each; and the embedded engine: all in one turn.',
    rows: [4, 16].map((at) => ({ title: `${at} shards`, scenario: 'kafka', at })),
    figures: [
      ...(['rawPerSecond', 'jsonPerSecond', 'cborPerSecond', 'jsonShare', 'cborShare', 'rawMicros'] as const),
      ...(['jsonPutRecordsMicros', 'cborPutRecordsMicros', 'jsonOverMicros', 'cborOverMicros'] as const),
      ...(['p50Ms', 'p99Ms', 'brokersPerMegabyteMs', 'residentMegabytes', 'loadAverage'] as const),
    ],
  },
  {
    title: 'Kafka: latency at 500 records a second',
    note: 'One shard, open loop, one consumer of SubscribeToShard. Events from sending the put; puts of as many to a request by the library alone, over eight connections, after it; the longest pause of the generator says how much of it others on the machine took.',
    rows: [1, 5].map((at) => ({ title: `requests of ${at}`, scenario: 'kafka-latency', at })),
    figures: [
      ...(['p50Ms', 'p99Ms', 'eventP50Ms', 'eventP99Ms', 'dueP99Ms', 'rawP50Ms', 'rawP99Ms'] as const),
      ...(['cpuPercent', 'pauseMs', 'loadAverage'] as const),
    ],
  },
  {
    title: 'Kafka: failures and splits',
    note: 'A small put to each of four shards every 25 ms, whatever becomes of those before. Brokers as `npm run kafka` sets them: broker.session.timeout.ms 3000, broker.heartbeat.interval.ms 500, each of the three also a controller.',
    rows: [
      { title: 'gateway killed, one of two', scenario: 'kafka-gateway-killed' },
      ...[1, 2, 3].map((at) => ({
        title: `broker ${at} killed`,
        scenario: 'kafka-broker-killed',
        at,
      })),
      { title: 'split, three gateways', scenario: 'kafka-split' },
    ],
    figures: [
      ...(['resumedMs', 'leastResumedMs', 'splitActiveMs', 'splitMaxActiveMs', 'mergeActiveMs'] as const),
      ...(['longestPutMs', 'failedAttempts', 'p50Ms', 'p99Ms', 'loadAverage'] as const),
    ],
  },
  {
    title: 'Kafka: idle',
    note: 'Two gateways of a cluster with one stream of four shards, and nobody who asks; and what each start takes, until the first answer.',
    rows: [{ title: 'each gateway', scenario: 'kafka-idle' }],
    figures: [
      ...(['startMs', 'firstStartMs', 'cpuPercent', 'residentMegabytes', 'heartbeatMegabytes'] as const),
      ...(['brokersPercent', 'loadAverage'] as const),
    ],
  },
  {
    title: 'Kafka: units',
    note: 'What docs/scaling.md multiplies. PutRecords through one gateway; a stream of 1,000 shards as another gateway sees it; 1,000 connections that have asked once.',
    rows: [{ title: 'each', scenario: 'kafka-units' }],
    figures: [
      ...(['putPerMegabyteMs', 'brokersPerMegabyteMs', 'emptyMegabytes', 'shardsMegabytes'] as const),
      ...(['shardsJournalBytes', 'shardsSnapshotBytes', 'streamMs', 'topicMs'] as const),
      ...(['fourPutMicros', 'allPutMicros', 'connectionsMegabytes', 'loadAverage'] as const),
    ],
  },
];
