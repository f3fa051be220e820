import assert from 'node:assert/strict';
import { encodeBatch } from '../../../kinesis/record.ts';
import { type Numbering, offsetOf, parseSequenceNumber } from '../../../kinesis/sequence-number.ts';
import { EventWriter } from '../poller/event-writer.ts';
import { type PolledRecord, variableEventBytes } from '../poller/polled-record.ts';
import type { MappingRecord } from '../state/lambda-state.ts';
import type { KeptRecord } from './failure-store.ts';

/** Records that were given up, as they were read; and the shard that they were in. */
export type KeptBatch = { readonly shard: Numbering; readonly records: readonly PolledRecord[] };

/** All that is known of a shard and an offset says the sequence number. At least one record is needed. */
export function keptBatch(kept: readonly KeptRecord[]): KeptBatch {
  const records = kept.map(polledAgain);
  const number = parseSequenceNumber(kept[0]!.sequenceNumber);
  assert(number !== undefined);
  return { shard: { index: number.shardIndex, createdAt: number.createdSecond * 1000 }, records };
}

function polledAgain({ sequenceNumber, partitionKey, arrival, data }: KeptRecord): PolledRecord {
  const number = parseSequenceNumber(sequenceNumber);
  assert(number !== undefined);
  const { bytes } = encodeBatch([{ partitionKey: partitionKey === '' ? undefined : partitionKey, data }]);
  const eventBytes = variableEventBytes(bytes, 0);
  return { offset: offsetOf(number), arrival, bytes, at: 0, end: bytes.length, readAt: 0, eventBytes };
}

/**
 * The event that the function was given, byte by byte; what an event says of a tumbling window is left out,
 * because the window is over.
 */
export function keptEvent(
  { shard, records }: KeptBatch,
  { region, source, role }: Pick<MappingRecord, 'region' | 'source'> & { readonly role: string },
): Buffer {
  const writer = new EventWriter({ shard, region, role, arn: source });
  const sized = records.map((record) => ({ ...record, eventBytes: record.eventBytes + writer.recordBytes }));
  return writer.write(sized);
}
