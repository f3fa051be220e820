import type { Mutant } from './mutant.ts';

const store = 'src/services/cloudwatch/metrics/metric-store.ts';
const whole =
  'whatever is put, moved, refused by the disk and read again, what was acknowledged is there once';
const storeTests = 'test/services/cloudwatch/metric-store.test.ts';
const readingTests = 'test/services/cloudwatch/get-metrics.test.ts';

/** Bugs in what is kept of metrics, and in what is told of them. */
export const cloudwatchMutants: readonly Mutant[] = [
  {
    name: 'metrics-counted-twice',
    sentence: 'What was moved to five minutes counts again when the snapshot that still has it is read.',
    edits: [
      {
        file: store,
        find: '    const kept = samples.filter(({ time }) => !this.#isMoved(offset, time));\n',
        replace: '    const kept = samples.filter(() => offset >= 0);\n',
      },
    ],
    proof: { kind: 'test', file: storeTests, test: whole },
  },
  {
    name: 'metrics-forgotten-before-written',
    sentence: 'The log of the minutes lets go of what it has before it is written again.',
    edits: [
      {
        file: store,
        find: '    const all = this.metrics.minutesBetween(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);\n',
        replace:
          '    await this.#minutes.trim(this.#next);\n' +
          '    const all = this.metrics.minutesBetween(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);\n',
      },
    ],
    proof: { kind: 'test', file: storeTests, test: whole },
  },
  {
    name: 'half-a-snapshot',
    sentence: 'A snapshot of metrics counts although its end is missing.',
    edits: [
      {
        file: 'src/services/cloudwatch/metrics/metric-replay.ts',
        find: 'pages.add(record, offset, data) && record.isLast',
        replace: 'pages.add(record, offset, data)',
      },
    ],
    proof: { kind: 'test', file: storeTests, test: whole },
  },
  {
    name: 'metrics-shown-early',
    sentence: 'Metrics are shown before they are durable.',
    edits: [
      {
        file: store,
        find: '    if (accepted.length === 0) return;\n',
        replace:
          '    if (accepted.length === 0) return;\n' +
          '    for (const { data } of accepted) this.metrics.addData(data, now);\n',
      },
    ],
    proof: {
      kind: 'test',
      file: storeTests,
      test: 'data are not shown before they are durable, and what was not written is not there',
    },
  },
  {
    name: 'active-metric-goes',
    sentence: 'A new metric takes the place of one that had data a moment ago.',
    edits: [
      {
        file: 'src/services/cloudwatch/metrics/metrics.ts',
        find: 'over > this.#silentSince(now - silentMs)',
        replace: 'over > this.#metrics.size',
      },
    ],
    proof: {
      kind: 'test',
      file: storeTests,
      test: 'a metric more than there may be takes the place of the one that is silent for longest',
    },
  },
  {
    name: 'percentile-of-a-set',
    sentence: 'A percentile is told of statistics, of which nobody knows the values.',
    edits: [
      {
        file: 'src/services/cloudwatch/metrics/sample.ts',
        find: 'spread ?? (minimum === maximum ?',
        replace: 'spread ?? (minimum <= maximum ?',
      },
    ],
    proof: {
      kind: 'test',
      file: readingTests,
      test: 'percentiles are of the values, where these are known',
    },
  },
  {
    name: 'point-on-two-pages',
    sentence: 'The last point of a page of GetMetricData is the first of the next one, too.',
    edits: [
      {
        file: 'src/services/cloudwatch/operations/get-metric-data.ts',
        find: '(isAscending ? time > from!.after : time < from!.after)',
        replace: '(isAscending ? time >= from!.after : time < from!.after)',
      },
    ],
    proof: {
      kind: 'test',
      file: readingTests,
      test: 'pages of GetMetricData have every point once, and say what is not whole',
    },
  },
  {
    name: 'any-namespace',
    sentence: 'A policy that allows to put into one namespace allows all.',
    edits: [
      {
        file: 'src/services/cloudwatch/operations/put-metric-data.ts',
        find: "[['cloudwatch:namespace', [request.Namespace ?? '']]]",
        replace: "[['cloudwatch:namespace', ['orders']]]",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/cloudwatch/service.test.ts',
      test: 'a policy may allow to put into one namespace only',
    },
  },
];
