import { type Counts, noCounts } from '../../../stream/meter/counts.ts';
import type { CountsSight } from '../sights.ts';

/** Counts as answers have them; zeros where nothing was counted. */
export function viewCounts(counts: Counts = noCounts): CountsSight {
  return {
    RecordsIn: counts.recordsIn,
    BytesIn: counts.bytesIn,
    PutUnits: counts.putUnits,
    KilobytesIn: counts.kilobytesIn,
    RecordsThrottled: counts.recordsThrottled,
    RecordsOut: counts.recordsOut,
    BytesOut: counts.bytesOut,
    FanOutRecords: counts.fanOutRecords,
    FanOutBytes: counts.fanOutBytes,
    ReadsThrottled: counts.readsThrottled,
  };
}
