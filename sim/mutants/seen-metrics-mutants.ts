import type { Mutant } from './mutant.ts';

const page = 'test/server/metrics/metrics-page.test.ts';
const access = 'test/server/metrics/metrics-access.test.ts';
const published = 'test/server/metrics/published-calls.test.ts';
const watch = 'test/server/metrics/loss-watch.test.ts';

/** Bugs of metrics, of AWS/Kinesis in CloudWatch, and of warnings of loss. */
export const seenMetricsMutants: readonly Mutant[] = [
  {
    name: 'buckets-that-do-not-add-up',
    sentence: 'A bucket of a histogram in /metrics has only what fell between its ends, not all below.',
    edits: [
      { file: 'src/server/metrics/exposition.ts', find: '    count += more;', replace: '    count = more;' },
    ],
    proof: {
      kind: 'test',
      file: page,
      test: 'streams are sums of their shards, and buckets hold all that took no longer',
    },
  },
  {
    name: 'labels-that-end-early',
    sentence: 'Quotation marks in the name of a reader end its label in /metrics.',
    edits: [
      {
        file: 'src/server/metrics/family.ts',
        find: String.raw`value.replace(/[\\"\n]/g, escaped)`,
        replace: String.raw`value.replace(/[\\\n]/g, escaped)`,
      },
    ],
    proof: {
      kind: 'test',
      file: page,
      test: 'labels are any text, and a lag that is not known is not shown',
    },
  },
  {
    name: 'metrics-in-one-go',
    sentence: 'While /metrics is written nothing else has its turn.',
    edits: [{ file: 'src/server/metrics/exposition.ts', find: '      await clock.turn();', replace: '' }],
    proof: {
      kind: 'test',
      file: page,
      test: '10,000 shards are written in steps, none of which is longer than others',
    },
  },
  {
    name: 'any-token-opens-metrics',
    sentence: 'Whoever shows any bearer token sees metrics.',
    edits: [
      {
        file: 'src/server/metrics-access.ts',
        find: 'shown !== undefined && timingSafeEqual(digestOf(shown), token)',
        replace: 'shown !== undefined && timingSafeEqual(token, token)',
      },
    ],
    proof: {
      kind: 'test',
      file: access,
      test: 'a token opens metrics, and neither another one nor none does',
    },
  },
  {
    name: 'signed-server-shows-metrics',
    sentence: 'A server that verifies signatures shows metrics to everybody.',
    edits: [
      {
        file: 'src/server/metrics-access.ts',
        find: "metrics ?? (isSigned ? 'off' : 'on')",
        replace: "metrics ?? (isSigned ? 'on' : 'on')",
      },
    ],
    proof: {
      kind: 'test',
      file: access,
      test: 'where signatures are not verified anybody sees metrics, elsewhere nobody unless it is said',
    },
  },
  {
    name: 'shard-metrics-unasked',
    sentence: 'AWS/Kinesis has all metrics of shards as soon as one is enabled.',
    edits: [
      {
        file: 'src/stream/metrics/stream-metrics.ts',
        find: 'shard === undefined || isEnabled(stream, name)',
        replace: 'shard === undefined || stream.metrics.length > 0 || isEnabled(stream, name)',
      },
    ],
    proof: {
      kind: 'test',
      file: published,
      test: 'shards have metrics of their own where they are enabled, those and no others',
    },
  },
  {
    name: 'throttled-records-uncounted',
    sentence: 'AWS/Kinesis says of no record that a limit refused it.',
    edits: [
      {
        file: 'src/stream/metrics/call-statistics.ts',
        find: "own.add('PutRecords.ThrottledRecords', throttled);",
        replace: "own.add('PutRecords.ThrottledRecords', 0);",
      },
    ],
    proof: {
      kind: 'test',
      file: published,
      test: 'what a limit refuses is a failure and a throttled record in AWS/Kinesis',
    },
  },
  {
    name: 'warned-at-every-look',
    sentence: 'A reader that is about to lose records is warned of at every look.',
    edits: [
      { file: 'src/server/metrics/loss-watch.ts', find: '      this.#warned.add(key);\n', replace: '' },
    ],
    proof: {
      kind: 'test',
      file: watch,
      test: 'a reader is warned of once when little of the retention is left, and again only after it caught up',
    },
  },
];
