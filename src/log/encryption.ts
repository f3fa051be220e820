import { strict as assert } from 'node:assert';
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { type RecordBatch, recordEnd, type StoredBatch } from '../kinesis/record.ts';
import {
  type DataKey,
  type DataKeys,
  type EncryptingKey,
  nonceBytes,
  type PlacingKey,
  type WrappedKey,
  type Wrapping,
} from './data-keys.ts';
import { DamagedError, type LoggedBatch, type ShardKey } from './log.ts';

/** A batch whose bytes are encrypted: one box. */
type EncryptedBatch = RecordBatch & { readonly key: PlacingKey };

/**
 * With which key records that the log holds are encrypted, and what ties them to their offsets. There is no
 * tag where the log cannot know the offsets when it writes: such a batch is one box, bound to its shard.
 */
export type Encryption =
  | { readonly key: WrappedKey; readonly tag: Buffer }
  | { readonly key: Wrapping; readonly tag?: undefined };

/** What only the log knows of the records in some boxes, where it has placed them. */
type PlacedRecords = Pick<StoredBatch, 'first' | 'count' | 'arrival'>;

/**
 * Encrypts a batch for a shard with AES-256-GCM. Its bytes become a box:
 *
 *   u32 length of the box | 12 B nonce | ciphertext | 16 B tag
 *
 * with the shard (u32) and the stream's id as associated data. Boxes of one key, one after the other, can be
 * in one frame.
 */
export function encryptBatch(
  { count, bytes }: RecordBatch,
  current: EncryptingKey,
  shard: ShardKey,
): EncryptedBatch {
  const { key } = current;
  const nonce = current.nonceFor(bytes.length);
  const cipher = createCipheriv(algorithm, key.payloads, nonce).setAAD(associated(shard));
  const encrypted = [cipher.update(bytes), cipher.final()];
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(boxBytes + bytes.length);
  return { count, bytes: Buffer.concat([length, nonce, ...encrypted, cipher.getAuthTag()]), key };
}

/**
 * What ties boxes to the offsets and the arrival time that the log gives to their records, without reading
 * them again: the first 16 bytes of an HMAC-SHA-256 over
 *
 *   u32 key id | u32 number of records | u64 first offset | u64 arrival | the tag of each box
 *
 * It needs no nonce: what is placed where a write was taken back has the same offsets and another tag.
 */
export function placeTag(
  key: Pick<WrappedKey, 'id'> & Pick<PlacingKey, 'places'>,
  { first, count, arrival }: PlacedRecords,
  boxes: readonly Buffer[],
): Buffer {
  const place = Buffer.alloc(placeBytes);
  place.writeUInt32BE(key.id, 0);
  place.writeUInt32BE(count, 4);
  place.writeBigUInt64BE(BigInt(first), 8);
  place.writeBigUInt64BE(BigInt(arrival), 16);
  const hmac = createHmac('sha256', key.places).update(place);
  for (const box of boxes) hmac.update(box.subarray(-tagBytes));
  return hmac.digest().subarray(0, tagBytes);
}

/**
 * Decrypts what is encrypted of a shard's batches. Rejects with `KeyError` when a key is not to be had, and
 * with `DamagedError` when something is not what was encrypted for this shard and placed there.
 */
export async function decryptBatches(
  batches: readonly LoggedBatch[],
  shard: ShardKey,
  keys: DataKeys,
): Promise<StoredBatch[]> {
  const opened = new Map<number | string, DataKey>();
  for (const { encryption } of batches) {
    if (encryption === undefined) continue;
    const name = keyNameOf(encryption);
    if (!opened.has(name)) opened.set(name, await keys.open(encryption.key, shard.stream));
  }
  return batches.flatMap((batch) =>
    batch.encryption === undefined
      ? batch
      : decryptBatch(batch, opened.get(keyNameOf(batch.encryption))!, batch.encryption, shard),
  );
}

/** Tells a stream's keys apart: by the log's id, or by their wrappings where it has none. */
export function keyNameOf(encryption: Encryption): number | string {
  return encryption.tag === undefined ? encryption.key.wrapped.toString('latin1') : encryption.key.id;
}

/**
 * The same for one batch, whose key was opened: each of its boxes is a batch, so that none is copied. Throws
 * `DamagedError`.
 */
export function decryptBatch(
  batch: LoggedBatch,
  key: DataKey,
  encryption: Encryption,
  shard: ShardKey,
): StoredBatch[] {
  const { count, arrival, bytes } = batch;
  const { arn } = encryption.key;
  const boxes = boxesIn(bytes);
  if (boxes === undefined || !isPlaced(batch, boxes, key, encryption)) {
    throw damaged(batch, shard, 'were not placed there by this log');
  }
  let { first } = batch;
  const parts = boxes.map((box): StoredBatch => {
    const plain = decryptBox(box, key, shard);
    if (plain === undefined) throw damaged(batch, shard, 'are not what was encrypted');
    const part = { first, count: recordsIn(plain), arrival, bytes: plain, keyArn: arn };
    first += part.count;
    return part;
  });
  if (first !== batch.first + count) throw damaged(batch, shard, 'are not as many as were encrypted');
  return parts;
}

/** True also where the log had no place to tie boxes to. */
function isPlaced(
  batch: PlacedRecords,
  boxes: readonly Buffer[],
  key: DataKey,
  encryption: Encryption,
): boolean {
  if (encryption.tag === undefined) return true;
  const { id } = encryption.key;
  return timingSafeEqual(placeTag({ id, places: key.places }, batch, boxes), encryption.tag);
}

function recordsIn(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at = recordEnd(bytes, at)) count += 1;
  return count;
}

/** The boxes that bytes consist of, undefined when they do not. */
function boxesIn(bytes: Buffer): Buffer[] | undefined {
  const boxes: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + boxBytes > bytes.length) return undefined;
    const length = bytes.readUInt32BE(at);
    if (length < boxBytes || at + length > bytes.length) return undefined;
    boxes.push(bytes.subarray(at, at + length));
    at += length;
  }
  return boxes;
}

/** Undefined when it is not what was encrypted with this key for this shard. */
function decryptBox(box: Buffer, key: DataKey, shard: ShardKey): Buffer | undefined {
  const begin = lengthBytes + nonceBytes;
  const end = box.length - tagBytes;
  assert(begin <= end);
  const decipher = createDecipheriv(algorithm, key.payloads, box.subarray(lengthBytes, begin))
    .setAAD(associated(shard))
    .setAuthTag(box.subarray(end));
  const bytes = decipher.update(box.subarray(begin, end));
  try {
    decipher.final();
    return bytes;
  } catch {
    // Node's error for a wrong tag has no code.
    return undefined;
  }
}

function associated({ stream, shard }: ShardKey): Buffer {
  const bytes = Buffer.alloc(4 + stream.length);
  bytes.writeUInt32BE(shard);
  bytes.write(stream, 4, 'ascii');
  return bytes;
}

function damaged({ first, count }: PlacedRecords, { stream, shard }: ShardKey, how: string): DamagedError {
  return new DamagedError(`records ${first} to ${first + count - 1} of shard ${shard} of ${stream} ${how}.`);
}

const algorithm = 'aes-256-gcm';
const lengthBytes = 4;
export const tagBytes = 16;
const boxBytes = lengthBytes + nonceBytes + tagBytes;
const placeBytes = 4 + 4 + 8 + 8;
