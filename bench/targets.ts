import {
  figureOf,
  getMegabytes,
  putMegabytes,
  putMicros,
  type Run,
  ratioOf,
  residentMegabytes,
  type Spread,
  startMs,
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
  const ours = 'millrace';
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

function atLeast(limit: number, title: string, measured: Spread | undefined): Target {
  const isReached = measured !== undefined && measured.median >= limit;
  return { title, wanted: `at least ${limit}`, measured, isReached };
}

function below(limit: number, title: string, measured: Spread | undefined): Target {
  const isReached = measured !== undefined && measured.median < limit;
  return { title, wanted: `under ${limit}`, measured, isReached };
}
