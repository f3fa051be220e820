import type { Millis } from '../../../env/clock.ts';
import type { OutputOf } from '../../../wire/shape.ts';
import type { Table } from '../tables/table.ts';
import type { continuousBackups } from './table-shapes.ts';

/** How far back AWS could restore a table, where the request does not say. */
export const recoveryDays = 35;

/** AWS can restore a table up to five minutes before now. */
const lagMs: Millis = 300_000;
const dayMs: Millis = 86_400_000;

/** Point-in-time recovery as a state that is kept: there is nothing here that restores a table. */
export function viewRecovery(
  { pointInTimeRecovery: recovery }: Table,
  now: Millis,
): OutputOf<typeof continuousBackups> {
  if (recovery === undefined) {
    return {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    };
  }
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: recovery.days,
      EarliestRestorableDateTime: Math.max(recovery.since, now - recovery.days * dayMs),
      LatestRestorableDateTime: Math.max(recovery.since, now - lagMs),
    },
  };
}
