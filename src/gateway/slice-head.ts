import type { Millis } from '../env/clock.ts';
import type { Offset } from '../kinesis/record.ts';
import { type Encryption, keyNameOf, tagBytes } from '../log/encryption.ts';
import type { LoggedBatch, Position } from '../log/log.ts';

/** A slice without the bytes of its batches. */
export type SliceHead = Position & {
  readonly heads: readonly BatchHead[];
  /** How batches in it are encrypted; absent when none is. */
  readonly encryption?: SliceEncryption | undefined;
};

/**
 * A batch without its bytes: its count, its first offset, its arrival time, how many bytes it has; and when
 * it is encrypted, the place of its key in the list.
 */
type BatchHead = readonly [count: number, first: Offset, arrival: Millis, length: number, key?: number];

type SliceEncryption = {
  readonly keys: readonly SentKey[];
  /** Of the batches that are encrypted, in order; of those whose key has no id there is none. */
  readonly tags: Uint8Array;
};

type SentKey = { readonly id: number | undefined; readonly arn: string; readonly wrapped: Uint8Array };

/** What is to be said of batches besides where their shard stands. */
export function headsOf(batches: readonly LoggedBatch[]): Pick<SliceHead, 'heads' | 'encryption'> {
  if (batches.every(({ encryption }) => encryption === undefined)) return { heads: batches.map(headOf) };
  const places = new Map<number | string, number>();
  const keys: SentKey[] = [];
  const tags: Buffer[] = [];
  const heads = batches.map((batch): BatchHead => {
    const { encryption } = batch;
    if (encryption === undefined) return headOf(batch);
    const name = keyNameOf(encryption);
    let place = places.get(name);
    if (place === undefined) {
      place = keys.push(sentKeyOf(encryption)) - 1;
      places.set(name, place);
    }
    if (encryption.tag !== undefined) tags.push(encryption.tag);
    const [count, first, arrival, length] = headOf(batch);
    return [count, first, arrival, length, place];
  });
  return { heads, encryption: { keys, tags: new Uint8Array(Buffer.concat(tags)) } };
}

/** The inverse, with the bytes of the batches, one after the other. */
export function batchesOf(
  { heads, encryption }: Pick<SliceHead, 'heads' | 'encryption'>,
  bytes: Buffer = noBytes,
): LoggedBatch[] {
  const keys = encryption?.keys.map(({ wrapped, ...key }) => ({ ...key, wrapped: Buffer.from(wrapped) }));
  let at = 0;
  let tagAt = 0;
  return heads.map(([count, first, arrival, length, place]) => {
    at += length;
    const batch = { count, first, arrival, bytes: bytes.subarray(at - length, at) };
    if (place === undefined) return batch;
    const { id, ...wrapping } = keys![place]!;
    if (id === undefined) return { ...batch, encryption: { key: wrapping } };
    tagAt += tagBytes;
    const tag = Buffer.from(encryption!.tags.subarray(tagAt - tagBytes, tagAt));
    return { ...batch, encryption: { key: { ...wrapping, id }, tag } };
  });
}

function sentKeyOf({ key, tag }: Encryption): SentKey {
  const { arn, wrapped } = key;
  // A copy: a view would take its whole memory along.
  return { id: tag === undefined ? undefined : key.id, arn, wrapped: new Uint8Array(wrapped) };
}

function headOf({ count, first, arrival, bytes }: LoggedBatch): BatchHead {
  return [count, first, arrival, bytes.length];
}

const noBytes = Buffer.alloc(0);
