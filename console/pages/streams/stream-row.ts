import type { StreamSight } from '../../../src/services/millrace/sights.ts';
import type { CountsHistory, Rates } from './rates.ts';

/** A row of the table of streams. */
export type StreamRow = {
  readonly sight: StreamSight;
  /** All 0 before two readings are there. */
  readonly rates: Rates;
  readonly history: CountsHistory;
};

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
