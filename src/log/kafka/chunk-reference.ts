import { hash } from 'node:crypto';
import { encodeBatch, type RecordBatch, recordEnd, recordsOf } from '../../kinesis/record.ts';
import { DamagedError, type LoggedBatch, NewerFormatError } from '../log.ts';
import type { KafkaOffset } from './client.ts';

/**
 * What a log says of a batch that is too large for it: a record of its own, with the key `millrace/chunks`,
 * and as data JSON: the offsets of the chunks in the topic for large records, in their order, and of the
 * batch's bytes, which they are one after the other, how many there are and their SHA-256 in hex.
 */
export type ChunkReference = {
  readonly offsets: readonly KafkaOffset[];
  readonly bytes: number;
  readonly sha256: string;
};

/** No caller's record has this key: journals' keys begin with the name of a process. */
const referenceKey = 'millrace/chunks';
const format = 1;

export function encodeReference(reference: ChunkReference): RecordBatch {
  const data = Buffer.from(JSON.stringify({ format, ...reference }));
  return encodeBatch([{ partitionKey: referenceKey, data }]);
}

/** What the chunks are, as the log is to say it. */
export function referenceTo(bytes: Buffer, offsets: readonly KafkaOffset[]): ChunkReference {
  return { offsets, bytes: bytes.length, sha256: hash('sha256', bytes) };
}

/** Batches in which a reference is alone: several appends may have become one batch. */
export function* aroundReferences(batches: readonly LoggedBatch[]): Generator<LoggedBatch> {
  for (const batch of batches) {
    const { first, count, bytes, encryption } = batch;
    if (count === 1 || encryption !== undefined || !bytes.includes(referenceKey)) {
      yield batch;
      continue;
    }
    for (let index = 0, at = 0; index < count; index++) {
      const end = recordEnd(bytes, at);
      yield { ...batch, first: first + index, count: 1, bytes: bytes.subarray(at, end) };
      at = end;
    }
  }
}

/**
 * The reference that a batch is; undefined for any other batch. Throws `NewerFormatError` and `DamagedError`.
 */
export function referenceIn(batch: LoggedBatch): ChunkReference | undefined {
  if (batch.count !== 1 || batch.encryption !== undefined) return undefined;
  const [record] = recordsOf(batch);
  if (record?.partitionKey !== referenceKey) return undefined;
  const found: unknown = JSON.parse(Buffer.from(record.data).toString());
  if (isReference(found)) return found;
  const isNewer = typeof found === 'object' && found !== null && 'format' in found && found.format !== format;
  if (isNewer) throw new NewerFormatError(`record ${batch.first} was written by a newer Millrace`);
  throw new DamagedError(`record ${batch.first} names no chunks`);
}

function isReference(found: unknown): found is ChunkReference {
  if (typeof found !== 'object' || found === null || !('format' in found)) return false;
  const { format: its, offsets, bytes, sha256 } = found as Record<string, unknown>;
  const areOffsets = Array.isArray(offsets) && offsets.every((offset) => Number.isInteger(offset));
  return its === format && areOffsets && Number.isInteger(bytes) && typeof sha256 === 'string';
}
