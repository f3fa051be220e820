/** A record by its place; `subSequence` is the place in an aggregated record of the KPL. */
export type RecordPlace = {
  readonly stream: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly subSequence?: number | undefined;
};

/** The address of a record's page, which stays what it is. */
export function recordPath({ stream, shardId, sequenceNumber, subSequence }: RecordPlace): string {
  const number = subSequence === undefined ? sequenceNumber : `${sequenceNumber}.${subSequence}`;
  return `/console/streams/${encodeURIComponent(stream)}/records/${encodeURIComponent(shardId)}/${number}`;
}

/** Reads the last part of such an address; undefined for what is no sequence number. */
export function parseRecordNumber(
  text: string,
): { readonly sequenceNumber: string; readonly subSequence: number | undefined } | undefined {
  const [, sequenceNumber, subSequence] = /^(\d{1,128})(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  if (sequenceNumber === undefined) return undefined;
  return { sequenceNumber, subSequence: subSequence === undefined ? undefined : Number(subSequence) };
}

/**
 * The number of the record before this one in its shard, or undefined for the first: a counter in steps of
 * 2^80, of which a reader at a sequence number looks at nothing else (`src/kinesis/sequence-number.ts`).
 */
export function numberBefore(sequenceNumber: string): string | undefined {
  const number = BigInt(sequenceNumber);
  const counter = (number >> 80n) & 0xffff_ffff_ffff_ffffn;
  return counter <= 1n ? undefined : String(number - (1n << 80n));
}

/** The shard that a sequence number names: its index is in bits 4 to 35. */
export function shardIdIn(sequenceNumber: string): string {
  return `shardId-${String((BigInt(sequenceNumber) >> 4n) & 0x7fff_ffffn).padStart(12, '0')}`;
}
