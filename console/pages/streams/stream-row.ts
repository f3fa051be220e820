import type { StreamSight } from '../../../src/services/millrace/sights.ts';
import { isSame } from '../../parts/same.ts';
import { CountsHistory, noRates, type Rates } from './rates.ts';

/** A row of the table of streams. */
export type StreamRow = {
  readonly sight: StreamSight;
  /** All 0 before two readings are there. */
  readonly rates: Rates;
  readonly history: CountsHistory;
};

/**
 * The rows after a reading `at` a time in seconds, by ARN, in its order. A stream that was made anew under
 * its name begins anew. What is as it was, and where nothing happened lately, is the row that it was.
 */
export function rowsAfter(
  before: ReadonlyMap<string, StreamRow>,
  at: number,
  streams: readonly StreamSight[],
): Map<string, StreamRow> {
  const after = new Map<string, StreamRow>();
  for (const sight of streams) {
    const row = before.get(sight.Arn);
    const history = row?.history ?? new CountsHistory();
    const wasQuiet = history.isQuiet;
    history.add(at, sight.Counts);
    const isAsItWas = row !== undefined && wasQuiet && history.isQuiet && isSame(row.sight, sight);
    after.set(sight.Arn, isAsItWas ? row : { sight, history, rates: history.rates ?? noRates });
  }
  return after;
}

/** How near a stream's slowest reader is to losing records. */
export type LossDanger = 'none' | 'soon' | 'now';

/** `now` when less than an hour is left, or a twentieth of the retention; `soon` when less than half is. */
export function lossDanger({
  TimeToLossMillis: left,
  RetentionHours: hours,
}: Pick<StreamSight, 'TimeToLossMillis' | 'RetentionHours'>): LossDanger {
  if (left === undefined) return 'none';
  const retention = hours * hourMillis;
  if (left < Math.max(hourMillis, retention / 20)) return 'now';
  return left < retention / 2 ? 'soon' : 'none';
}

const hourMillis = 3_600_000;
