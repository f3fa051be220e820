import {
  type Figure,
  fanOutMicros,
  fanOutP50,
  fanOutP99,
  figureOf,
  fiveListedMicros,
  fourPutMicros,
  getMegabytes,
  growthOf,
  putMegabytes,
  putMicros,
  type Run,
  ratioOf,
  residentMegabytes,
  restartMs,
  type Scenario,
  type Spread,
  startMs,
  summaryMicros,
  thousandListedMicros,
} from './results.ts';

/** What Millrace set out to reach, and where it is. */
export type Target = {
  readonly title: string;
  readonly wanted: string;
  /** Undefined when this run did not measure it. */
  readonly measured: Spread | undefined;
  readonly isReached: boolean;
};

export function targets(runs: readonly Run[]): Target[] {
  return [...comparisons(runs), ...fanOut(runs), ...manyShards(runs)];
}

const ours = 'millrace';

function comparisons(runs: readonly Run[]): Target[] {
  return [
    atLeast(
      8,
      "kinesalite's CPU per record over ours, PutRecords",
      ratioOf(runs, 'kinesalite', ours, putMicros),
    ),
    atLeast(8, "our MB/s over kinesalite's, PutRecords", ratioOf(runs, ours, 'kinesalite', putMegabytes)),
    atLeast(
      100,
      "our MB/s over kinesis-local's, PutRecords",
      ratioOf(runs, ours, 'kinesis-local', putMegabytes),
    ),
    atLeast(5, "our MB/s over kinesalite's, GetRecords", ratioOf(runs, ours, 'kinesalite', getMegabytes)),
    below(250, 'resident MB after the fill', figureOf(runs, ours, residentMegabytes, 'fill')),
    below(500, 'ms from start to the first answer', figureOf(runs, ours, startMs)),
  ];
}

function fanOut(runs: readonly Run[]): Target[] {
  const p50 = figureOf(runs, ours, fanOutP50, 'fan-out 1');
  const p99 = figureOf(runs, ours, fanOutP99, 'fan-out 1');
  const cpu = growthOf(runs, ours, 'fan-out 20', 'fan-out 1', fanOutMicros);
  return [
    atMost(5, 'ms from put to event, one consumer, p50', p50),
    atMost(20, 'ms from put to event, one consumer, p99', p99),
    atMost(4, 'CPU with 20 consumers over that with one', cpu),
  ];
}

/** A page of a thousand shards has none to compare with on a stream of ten. */
function manyShards(runs: readonly Run[]): Target[] {
  const growth = (figure: Figure, under: Scenario = 'shards 10') =>
    growthOf(runs, ours, 'shards 10000', under, figure);
  const of = '10,000 shards over 10';
  return [
    atMost(1.5, `DescribeStreamSummary, CPU, ${of}`, growth(summaryMicros)),
    atMost(1.5, `ListShards of 5, CPU, ${of}`, growth(fiveListedMicros)),
    atMost(
      1.5,
      'ListShards of 1,000, CPU, 10,000 shards over 1,000',
      growth(thousandListedMicros, 'shards 1000'),
    ),
    atMost(1.5, `PutRecords to 4 shards, CPU, ${of}`, growth(fourPutMicros)),
    atMost(1.5, `restart to a record stored, ms, ${of}`, growth(restartMs)),
  ];
}

function atLeast(limit: number, title: string, measured: Spread | undefined): Target {
  const isReached = measured !== undefined && measured.median >= limit;
  return { title, wanted: `at least ${limit}`, measured, isReached };
}

function atMost(limit: number, title: string, measured: Spread | undefined): Target {
  const isReached = measured !== undefined && measured.median <= limit;
  return { title, wanted: `at most ${limit}`, measured, isReached };
}

function below(limit: number, title: string, measured: Spread | undefined): Target {
  const isReached = measured !== undefined && measured.median < limit;
  return { title, wanted: `under ${limit}`, measured, isReached };
}
