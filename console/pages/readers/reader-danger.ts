import type { ReaderSight } from '../../../src/services/millrace/sights.ts';
import { type LossDanger, lossDanger } from '../streams/stream-row.ts';

/** How soon a reader loses records: what is left of the retention and its lag are all of that. */
export function dangerOf({ TimeToLossMillis: left, LagMillis: lag = 0 }: DangerSight): LossDanger {
  if (left === undefined) return 'none';
  return lossDanger({ TimeToLossMillis: left, RetentionHours: (left + lag) / 3_600_000 });
}

type DangerSight = Pick<ReaderSight, 'TimeToLossMillis' | 'LagMillis'>;
