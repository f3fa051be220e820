import { strict as assert } from 'node:assert';
import type { NewRecord } from '../../../kinesis/record.ts';
import { DamagedError, NewerFormatError, type ShardKey } from '../../../log/log.ts';
import type { KeptRecord } from './failure-store.ts';

/** Where in the engine of the services the records are that mappings gave up. */
export const failuresKey: ShardKey = { stream: 'lambda-failures', shard: 0 };

/**
 * What a mapping gave up, in pieces, each a record of the log:
 *
 *   byte: format, 1 | 16 bytes: an id that the pieces share | u32: which piece | u32: how many | bytes
 *
 * with big-endian numbers. The bytes of all pieces are
 *
 *   u32 length of a head in JSON | the head: { mapping, records: [{ …, bytes }, …] } | the data, back to back
 */
export function piecesOf(id: Uint8Array, mapping: string, records: readonly KeptRecord[]): NewRecord[] {
  assert(id.length === idBytes);
  const heads = records.map(({ data, ...head }) => ({ ...head, bytes: data.length }));
  const head = Buffer.from(JSON.stringify({ mapping, records: heads }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  const whole = Buffer.concat([length, head, ...records.map(({ data }) => data)]);
  const count = Math.ceil(whole.length / pieceBytes);
  return Array.from({ length: count }, (_, index) => {
    const bytes = whole.subarray(index * pieceBytes, (index + 1) * pieceBytes);
    const header = Buffer.alloc(headerBytes);
    header.writeUInt8(format);
    header.set(id, 1);
    header.writeUInt32BE(index, 1 + idBytes);
    header.writeUInt32BE(count, 1 + idBytes + 4);
    return { partitionKey: undefined, data: Buffer.concat([header, bytes]) };
  });
}

export type FailurePiece = {
  /** In hex. */
  readonly id: string;
  readonly index: number;
  readonly count: number;
  readonly bytes: Uint8Array;
};

/** Throws a `NewerFormatError`, or a `DamagedError` for what is no piece. */
export function pieceIn(data: Uint8Array): FailurePiece {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.length);
  const found = buffer[0];
  if (found !== undefined && found > format) {
    throw new NewerFormatError(
      `records that a mapping gave up were written by a newer Millrace (format ${found})`,
    );
  }
  if (found !== format || buffer.length < headerBytes) throw unreadable();
  const id = buffer.toString('hex', 1, 1 + idBytes);
  const index = buffer.readUInt32BE(1 + idBytes);
  const count = buffer.readUInt32BE(1 + idBytes + 4);
  if (index >= count) throw unreadable();
  return { id, index, count, bytes: buffer.subarray(headerBytes) };
}

/** The records in all bytes of the pieces. Throws a `DamagedError`. */
export function recordsIn(whole: Buffer): KeptRecord[] {
  let at = 4 + (whole.length < 4 ? 0 : whole.readUInt32BE(0));
  const heads = headsIn(whole.subarray(4, at));
  const records = heads.map(({ bytes, ...head }) => {
    const data = whole.subarray(at, at + bytes);
    at += bytes;
    return { ...head, data };
  });
  if (at !== whole.length) throw unreadable();
  return records;
}

type Head = Omit<KeptRecord, 'data'> & { readonly bytes: number };

function headsIn(head: Buffer): readonly Head[] {
  try {
    const found: unknown = JSON.parse(head.toString());
    if (typeof found !== 'object' || found === null || !('records' in found)) throw unreadable();
    const { records } = found;
    if (!Array.isArray(records) || !records.every(isHead)) throw unreadable();
    return records;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unreadable();
  }
}

function isHead(head: unknown): head is Head {
  return (
    typeof head === 'object' &&
    head !== null &&
    'bytes' in head &&
    Number.isSafeInteger(head.bytes) &&
    Number(head.bytes) >= 0
  );
}

function unreadable(): DamagedError {
  return new DamagedError('records that a mapping gave up cannot be decoded');
}

const format = 1;
const idBytes = 16;
const headerBytes = 1 + idBytes + 4 + 4;
/** A record with a piece, encrypted, is below the megabyte that every log takes in one. */
const pieceBytes = 1024 * 1024 - 4096;
