import type { StreamSight } from '../../../src/services/millrace/sights.ts';
import type { CountsHistory, Rates } from './rates.ts';

/** A row of the table of streams. */
export type StreamRow = {
  readonly sight: StreamSight;
  /** All 0 before two readings are there. */
  readonly rates: Rates;
  readonly history: CountsHistory;
};

export type StreamColumn =
  | 'name'
  | 'state'
  | 'mode'
  | 'shards'
  | 'recordsIn'
  | 'bytesIn'
  | 'recordsOut'
  | 'bytesOut'
  | 'throttled'
  | 'retention'
  | 'encryption'
  | 'readers'
  | 'lag'
  | 'tags';

/** Sorted by a column; rows that are equal there, by name. What is not known comes last, whichever way. */
export function sortRows(
  rows: readonly StreamRow[],
  column: StreamColumn,
  isDescending: boolean,
): StreamRow[] {
  const value = values[column];
  const keyed = rows.map((row) => ({ row, key: value(row) }));
  keyed.sort(
    (a, b) => compared(a.key, b.key, isDescending) || compared(a.row.sight.Name, b.row.sight.Name, false),
  );
  return keyed.map(({ row }) => row);
}

type SortKey = string | number | undefined;

function compared(a: SortKey, b: SortKey, isDescending: boolean): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  const isBefore = isDescending ? a > b : a < b;
  return isBefore ? -1 : 1;
}

const values: Readonly<Record<StreamColumn, (row: StreamRow) => SortKey>> = {
  name: ({ sight }) => sight.Name,
  state: ({ sight }) => sight.Status,
  mode: ({ sight }) => sight.Mode,
  shards: ({ sight }) => sight.OpenShards,
  recordsIn: ({ rates }) => rates.recordsIn,
  bytesIn: ({ rates }) => rates.bytesIn,
  recordsOut: ({ rates }) => rates.recordsOut,
  bytesOut: ({ rates }) => rates.bytesOut,
  throttled: ({ rates }) => rates.recordsThrottled + rates.readsThrottled,
  retention: ({ sight }) => sight.RetentionHours,
  encryption: ({ sight }) => sight.KeyId,
  readers: ({ sight }) => sight.Readers,
  lag: ({ sight }) => sight.LagMillis,
  tags: ({ sight }) => Object.keys(sight.Tags).sort()[0],
};

/** How near a stream's slowest reader is to losing records. */
export type LossDanger = 'none' | 'soon' | 'now';

/** `now` when less than an hour is left, or a twentieth of the retention; `soon` when less than half is. */
export function lossDanger({ TimeToLossMillis: left, RetentionHours: hours }: StreamSight): LossDanger {
  if (left === undefined) return 'none';
  const retention = hours * hourMillis;
  if (left < Math.max(hourMillis, retention / 20)) return 'now';
  return left < retention / 2 ? 'soon' : 'none';
}

const hourMillis = 3_600_000;

/** What a link to the table says of it: `-bytesIn` sorts by bytes, the most first. */
export function readSort(text: string | null | undefined): { column: StreamColumn; isDescending: boolean } {
  const isDescending = text?.startsWith('-') === true;
  const column = isDescending ? text!.slice(1) : (text ?? '');
  return column in values
    ? { column: column as StreamColumn, isDescending }
    : { column: 'name', isDescending: false };
}
