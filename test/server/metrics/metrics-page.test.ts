import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessFigures } from '../../../src/env/own-process.ts';
import type { Stream } from '../../../src/kinesis/stream.ts';
import { linesOfStep } from '../../../src/server/metrics/exposition.ts';
import { families } from '../../../src/server/metrics/families.ts';
import { type MetricsWorld, metricsPage } from '../../../src/server/metrics/metrics-page.ts';
import { noCounts, type Reading } from '../../../src/stream/meter/counts.ts';
import { sampleStream } from '../../kinesis/sample.ts';
import { problemsOf, type ReadFamily, readExposition } from './exposition-rules.ts';

const process: ProcessFigures = {
  ...{ nodeVersion: '26.10.0', startedAt: 1_700_000_000.5, userSeconds: 12.5, systemSeconds: 0.25 },
  ...{ residentBytes: 1e8, heapUsedBytes: 2e7, heapSizeBytes: 3e7, heapMaxBytes: 4e9 },
  ...{ externalBytes: 5e6, buffersBytes: 4e6, machineBytes: 8e9, openFiles: 31, openFilesMax: 1024 },
  ...{ loopBusySeconds: 3, loopBusyShare: 0.5 },
  loopDelay: { meanSeconds: 0.001, p50Seconds: 0.001, p90Seconds: 0.002, p99Seconds: 0.01, maxSeconds: 0.02 },
  collections: [{ kind: 'minor', count: 12, seconds: 0.03 }],
};

const operation = {
  ...{ operation: 'kinesis:PutRecords', calls: 6, clientErrors: 2, serverErrors: 1, throttled: 1 },
  ...{ buckets: [1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2], seconds: 31.5 },
};

function readingOf(shards: Reading['shards']): Reading {
  const others = { readers: [], producers: [], slowCalls: [], limitsHit: [] };
  return { since: 0, shards, operations: [operation], ...others };
}

/** A server with such streams, of which each open shard has counted as many records as its index and one. */
class World {
  turns = 0;
  readonly world: MetricsWorld;

  constructor(streams: readonly Stream[], shardsMax = 1_000) {
    const shards = streams.flatMap(({ id, shards }) =>
      shards.map(({ index }) => ({
        ...noCounts,
        stream: id,
        shard: index,
        recordsIn: index + 1,
        kilobytesIn: 3,
      })),
    );
    this.world = {
      clock: { now: () => 0, turn: () => this.#turn() },
      ...{ version: '1.2.3', engine: 'embedded', shardsMax },
      health: () => 'ok',
      streams: () => streams,
      reading: async () => readingOf(shards),
      lags: async () => [
        { stream: streams[0]!, kind: 'polling', name: 'a "b"\\c\n', ...lag(60, 100) },
        { stream: streams[0]!, kind: 'kcl', name: 'app', ...lag(undefined) },
      ],
      process: async () => process,
      disk: async () => ({ freeBytes: 10, totalBytes: 20 }),
      connections: () => 7,
      journals: () => ({ catalog: 3, users: 2, keys: 1 }),
    };
  }

  async #turn(): Promise<void> {
    this.turns += 1;
  }

  async text(accept?: string): Promise<string> {
    return Buffer.concat((await metricsPage(this.world, { accept })).body as Buffer[]).toString();
  }

  async families(): Promise<ReadFamily[]> {
    return readExposition(await this.text());
  }
}

function lag(seconds: number | undefined, records?: number) {
  return {
    lagSeconds: seconds,
    timeToLossSeconds: seconds && 86_400 - seconds,
    records,
    bytes: records,
    failures: 0,
  };
}

/** By the name of the sample and its labels: `millrace_healthy`, `process_… kind=minor`. */
function valuesIn(families: readonly ReadFamily[]): ReadonlyMap<string, number> {
  return new Map(
    families.flatMap(({ samples }) =>
      samples.map(({ name, labels, value }) => {
        const shown = Object.entries(labels).map(([key, text]) => `${key}=${text}`);
        return [[name, ...shown].join(' '), value] as const;
      }),
    ),
  );
}

test('what /metrics shows keeps the rules of promtool, and each family that is known is in it', async () => {
  const read = await new World([sampleStream(4)]).families();
  assert.deepEqual(problemsOf(read), []);
  assert.deepEqual(
    read.map(({ name }) => name),
    families.map(({ name }) => name),
  );
});

test('the rules find what promtool would find', () => {
  const broken = '# HELP bad:Name_ms  \n# TYPE bad:Name_ms counter\nbad:Name_ms 1\nbad:Name_ms 1\n';
  const found = problemsOf(readExposition(broken)).map((problem) => problem.replace('bad:Name_ms: ', ''));
  assert.deepEqual(found, [
    'no help',
    'counters end in _total, and nothing else does',
    'colons are for recorded rules',
    'capitals',
    'not a base unit',
    'a series comes twice',
  ]);
});

test('every family says the labels that its samples have', async () => {
  for (const { name, samples } of await new World([sampleStream(4)]).families()) {
    const { labels } = families.find((family) => family.name === name)!;
    for (const sample of samples) {
      const own = Object.keys(sample.labels).filter((label) => label !== 'le');
      assert.deepEqual(own.sort(), [...labels].sort(), name);
    }
  }
});

test('streams are sums of their shards, and buckets hold all that took no longer', async () => {
  const values = valuesIn(await new World([sampleStream(4)]).families());
  const stream = `account=000000000000 region=us-east-1 stream=${sampleStream(1).name}`;
  assert.equal(values.get(`millrace_stream_records_in_total ${stream}`), 1 + 2 + 3 + 4);
  assert.equal(values.get(`millrace_stream_billed_bytes_in_total ${stream}`), 4 * 3 * 1024);
  assert.equal(values.get(`millrace_shard_records_in_total ${stream} shard=shardId-000000000003`), 4);
  const bucket = 'millrace_operation_duration_seconds_bucket operation=kinesis:PutRecords le=';
  assert.deepEqual(
    ['0.0005', '0.001', '0.0025', '1', '10', '+Inf'].map((le) => values.get(bucket + le)),
    [1, 1, 3, 4, 4, 6],
  );
  assert.equal(values.get('millrace_operation_duration_seconds_count operation=kinesis:PutRecords'), 6);
  assert.equal(values.get('millrace_operation_duration_seconds_sum operation=kinesis:PutRecords'), 31.5);
});

test('labels are any text, and a lag that is not known is not shown', async () => {
  const families = await new World([sampleStream(1)]).families();
  const lags = families.find(({ name }) => name === 'millrace_consumer_lag_seconds')!;
  assert.deepEqual(
    lags.samples.map(({ labels, value }) => [labels['consumer'], labels['kind'], value]),
    [['a "b"\\c\n', 'polling', 60]],
  );
});

test('streams whose shards are more than may have series are shown as sums, and counted as left out', async () => {
  const streams = [
    { ...sampleStream(4), name: 'a', id: '1' },
    { ...sampleStream(5), name: 'b', id: '2' },
    { ...sampleStream(2), name: 'c', id: '3' },
  ];
  const families = await new World(streams, 6).families();
  const shards = families.find(({ name }) => name === 'millrace_shard_records_in_total')!;
  assert.deepEqual(
    shards.samples.map(({ labels }) => labels['stream']),
    ['a', 'a', 'a', 'a', 'c', 'c'],
  );
  const values = valuesIn(families);
  assert.equal(values.get('millrace_shards_left_out'), 5);
  assert.equal(
    values.get('millrace_stream_records_in_total account=000000000000 region=us-east-1 stream=b'),
    15,
  );
});

test('who asks for OpenMetrics gets it: families without what their kind adds, units, and an end', async () => {
  const prometheus =
    'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,' +
    'text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
  const world = new World([sampleStream(1)]);
  const text = await world.text(prometheus);
  const type =
    /\n# TYPE process_cpu_seconds counter\n# UNIT process_cpu_seconds seconds\n# HELP process_cpu_seconds /;
  assert.match(text, type);
  assert.match(text, /\nprocess_cpu_seconds_total 12\.75\n/);
  assert.match(text, /^# TYPE millrace_build info\n# HELP millrace_build /);
  assert.match(text, /le="1\.0"\} 4\n/);
  assert.ok(text.endsWith('\n# EOF\n'));
  for (const accept of [
    undefined,
    '',
    '*/*',
    'text/html,*/*;q=0.8',
    'application/openmetrics-text;q=0,text/plain',
  ])
    assert.doesNotMatch(await world.text(accept), /# EOF/);
});

test('10,000 shards are written in steps, none of which is longer than others', async () => {
  const shards = 10_000;
  const world = new World([{ ...sampleStream(1), shards: manyShards(shards) }], shards);
  const { body } = await metricsPage(world.world, {});
  const pieces = body as Buffer[];
  const lines = pieces.map(
    (piece) =>
      piece
        .toString()
        .split('\n')
        .filter((line) => !line.startsWith('#')).length - 1,
  );
  // A histogram is a sample of as many lines as it has buckets, a sum and a count.
  assert.ok(Math.max(...lines) <= linesOfStep + 20, `${Math.max(...lines)} lines`);
  assert.ok(lines.reduce((sum, some) => sum + some, 0) > 6 * shards);
  assert.ok(world.turns >= pieces.length - 1 + shards / 2_000, `${world.turns} turns`);
});

function manyShards(count: number): Stream['shards'] {
  const [shard] = sampleStream(1).shards;
  return Array.from({ length: count }, (_, index) => ({ ...shard!, index }));
}
