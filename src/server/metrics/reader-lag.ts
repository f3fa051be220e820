import type { Clock } from '../../env/clock.ts';
import { isHidden, type Stream } from '../../kinesis/stream.ts';
import type { Counted } from '../../services/millrace/parts/counted.ts';
import { type SeenReader, timeToLoss } from '../../services/millrace/parts/seen-reader.ts';
import { readersOf } from '../../services/millrace/parts/stream-readers.ts';
import type { FoundReaders, ReaderSurvey } from '../../services/millrace/sights-world.ts';

/** How far behind a reader of a stream is. */
export type ReaderLag = Pick<SeenReader, 'kind' | 'name' | 'records' | 'bytes' | 'failures'> & {
  readonly stream: Stream;
  /** Undefined while it is not known. */
  readonly lagSeconds: number | undefined;
  /** The stream's retention minus the lag. */
  readonly timeToLossSeconds: number | undefined;
};

/** All readers of streams, each once: of two of a kind that have one name, what they are together. */
export async function readersIn(
  streams: Iterable<Stream>,
  counted: Counted,
  survey: Pick<ReaderSurvey, 'found'>,
  clock: Pick<Clock, 'turn'>,
): Promise<ReaderLag[]> {
  const found = new Map<string, FoundReaders>();
  const lags: ReaderLag[] = [];
  let looked = 0;
  for (const stream of streams) {
    if (isHidden(stream)) continue;
    const { account, region, retentionHours } = stream;
    const scope = `${account}/${region}`;
    if (!found.has(scope)) found.set(scope, await survey.found({ account, region }, 'glance'));
    for (const reader of distinct(readersOf(stream, counted, found.get(scope)!))) {
      const { kind, name, lagMs, records, bytes, failures } = reader;
      lags.push({
        ...{ stream, kind, name, records, bytes, failures },
        lagSeconds: lagMs === undefined ? undefined : lagMs / 1000,
        timeToLossSeconds: lagMs === undefined ? undefined : timeToLoss(retentionHours, lagMs) / 1000,
      });
    }
    if (++looked % streamsPerStep === 0) await clock.turn();
  }
  return lags;
}

/** About a millisecond. */
const streamsPerStep = 100;

function distinct(readers: readonly SeenReader[]): Iterable<SeenReader> {
  const known = new Map<string, SeenReader>();
  for (const reader of readers) {
    const key = `${reader.kind}/${reader.name}`;
    const other = known.get(key);
    known.set(key, other === undefined ? reader : together(other, reader));
  }
  return known.values();
}

function together(one: SeenReader, other: SeenReader): SeenReader {
  return {
    ...one,
    lagMs: either(one.lagMs, other.lagMs, Math.max),
    records: either(one.records, other.records, plus),
    bytes: either(one.bytes, other.bytes, plus),
    failures: either(one.failures, other.failures, plus),
  };
}

function plus(one: number, other: number): number {
  return one + other;
}

function either(
  one: number | undefined,
  other: number | undefined,
  both: (one: number, other: number) => number,
): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : both(one, other);
}
