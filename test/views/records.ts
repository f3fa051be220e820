import { openDecoder } from '../../src/views/decode/decode-records.ts';
import type { DecodedRecord, Decoding, ViewedRecord } from '../../src/views/view.ts';

/** A record as it was put, of which a test says what matters to it. */
export function viewed(data: Uint8Array | string, rest: Partial<ViewedRecord> = {}): ViewedRecord {
  return {
    shardId: 'shardId-000000000000',
    sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
    partitionKey: 'key',
    arrival: 1_780_000_000_000,
    data: Buffer.from(data),
    ...rest,
  };
}

export function jsonRecord(value: unknown, rest: Partial<ViewedRecord> = {}): DecodedRecord {
  return decodedOf(JSON.stringify(value), {}, rest);
}

/** The first of what data decodes as. */
export function decodedOf(
  data: Uint8Array | string,
  decoding: Partial<Decoding> = {},
  rest: Partial<ViewedRecord> = {},
): DecodedRecord {
  const [first] = openDecoder({ decoder: 'auto', deaggregate: true, ...decoding })([viewed(data, rest)]);
  return first!;
}
