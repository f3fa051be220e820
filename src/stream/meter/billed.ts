/**
 * How many of a unit a record is billed as. One without a byte, which has no partition key because the
 * service chose its shard, is still a record.
 */
function unitsOf(bytes: number, unit: number): number {
  return bytes <= unit ? 1 : Math.ceil(bytes / unit);
}

/** Payload units of a provisioned stream, see `Counts.putUnits`. */
export function putUnitsOf(bytes: number): number {
  return unitsOf(bytes, 25 * 1024);
}

/** Whole KB of an on-demand stream, see `Counts.kilobytesIn`. */
export function kilobytesOf(bytes: number): number {
  return unitsOf(bytes, 1024);
}
