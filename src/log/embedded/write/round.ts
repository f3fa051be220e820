import { strict as assert } from 'node:assert';
import { crc32 } from 'node:zlib';
import type { Millis } from '../../../env/clock.ts';
import type { Offset } from '../../../kinesis/record.ts';
import type { WrappedKey } from '../../data-keys.ts';
import { placeTag } from '../../encryption.ts';
import type { KeyIds, PlacedKey } from '../../key-ids.ts';
import type { Appended, NewBatch } from '../../log.ts';
import {
  type FrameContent,
  type FrameEncryption,
  type FramePlace,
  frameHeaderBytes,
  frameKinds,
  type HeaderWriter,
  readsBack,
} from '../format/frame.ts';
import type { ShardState } from '../shard-state.ts';
import type { Link } from './segment-writer.ts';

/** What a caller asked to have written: a batch, or a seal when there is none. */
export type Write = {
  readonly shard: number;
  readonly batch: NewBatch | undefined;
  resolve(appended: Appended): void;
  reject(error: unknown): void;
};

/** A write and the offset that it was given. */
export type Placed = { readonly write: Write; readonly first: Offset };

/** A frame to be: the writes of a shard that share it, in order. */
export type Draft = NewFrame & { readonly writes: readonly Placed[] };

/**
 * Gives the writes their offsets, in order, and puts those of one shard and one key together in one frame
 * up to `frameBytesMax`. All batches of a shard in a round have one arrival time, which never goes back.
 */
export function draftRound(
  writes: readonly Write[],
  stateOf: (shard: number) => ShardState,
  now: Millis,
  frameBytesMax: number,
  keyIds: KeyIds,
): Draft[] {
  const drafts: OpenDraft[] = [];
  const current = new Map<number, OpenDraft>();
  for (const write of writes) {
    const before = current.get(write.shard);
    const key = write.batch?.key && keyIds.place(write.batch.key);
    if (before !== undefined && before.key === key && takes(before, write, frameBytesMax)) {
      add(before, write);
      continue;
    }
    const state = stateOf(write.shard);
    const first = before === undefined ? state.next : before.first + before.count;
    const draft = begin(write, key, first, Math.max(state.lastArrival, now));
    add(draft, write);
    drafts.push(draft);
    current.set(write.shard, draft);
  }
  for (const draft of drafts) if (draft.key !== undefined) draft.encryption = encryptionOf(draft, draft.key);
  return drafts;
}

type OpenDraft = Draft & {
  count: number;
  payloadBytes: number;
  readonly payload: Buffer[];
  readonly writes: Placed[];
  readonly key: PlacedKey | undefined;
  encryption: FrameEncryption | undefined;
};

function begin(
  { shard, batch }: Write,
  key: PlacedKey | undefined,
  first: Offset,
  arrival: Millis,
): OpenDraft {
  const kind = batch === undefined ? frameKinds.seal : frameKinds.records;
  return {
    kind,
    shard,
    count: 0,
    first,
    arrival,
    payloadBytes: 0,
    payload: [],
    writes: [],
    key,
    encryption: undefined,
  };
}

/** Each batch of a draft is a box. */
function encryptionOf(draft: OpenDraft, key: PlacedKey): FrameEncryption {
  return { keyId: key.id, tag: placeTag(key, draft, draft.payload) };
}

function takes(draft: OpenDraft, { batch }: Write, bytesMax: number): boolean {
  return (
    draft.kind === frameKinds.records &&
    batch !== undefined &&
    draft.payloadBytes + batch.bytes.length <= bytesMax
  );
}

function add(draft: OpenDraft, write: Write): void {
  draft.writes.push({ write, first: draft.first + draft.count });
  if (write.batch === undefined) return;
  draft.count += write.batch.count;
  draft.payloadBytes += write.batch.bytes.length;
  draft.payload.push(write.batch.bytes);
}

/** A frame on its way to the disk. */
export type NewFrame = FrameContent & {
  /** One after the other. */
  readonly payload: readonly Buffer[];
  readonly payloadBytes: number;
  /** What the payload is encrypted with. */
  readonly key?: WrappedKey | undefined;
};

/** The bytes of a round, as they go to the disk. */
type RoundLayout = {
  /** One after the other. */
  readonly buffers: readonly Buffer[];
  /** The link of the frame after them. */
  readonly link: Link;
};

/**
 * Lays out the frames of a round. Headers and small batches go into one buffer, because the system takes one
 * large buffer for less than many small ones; large batches are not copied.
 */
export function layOutRound(
  headers: HeaderWriter,
  frames: readonly NewFrame[],
  begin: FramePlace,
): RoundLayout {
  const slab = Buffer.allocUnsafeSlow(frames.reduce((sum, frame) => sum + slabBytes(frame), 0));
  const view = new DataView(slab.buffer);
  const buffers: Buffer[] = [];
  const place = { ...begin };
  let from = 0;
  let at = 0;
  for (const frame of frames) {
    const { payload, payloadBytes } = frame;
    const payloadCrc = crcOf(payload);
    const crc = headers.write(slab, at, frame, { payloadBytes, payloadCrc }, place);
    assert(readsBack(view, at, frame, payloadBytes, place));
    place.chain = crc;
    place.sequence += 1;
    at += frameHeaderBytes;
    if (copies(frame)) {
      at = copy(payload, slab, at);
    } else {
      buffers.push(slab.subarray(from, at), ...payload);
      from = at;
    }
  }
  assert(at === slab.length);
  if (from < at) buffers.push(slab.subarray(from, at));
  const { chain, sequence } = place;
  return { buffers, link: { chain, sequence } };
}

function crcOf(payload: readonly Buffer[]): number {
  let crc = 0;
  for (const bytes of payload) crc = crc32(bytes, crc);
  return crc;
}

function copy(payload: readonly Buffer[], into: Buffer, at: number): number {
  for (const bytes of payload) {
    into.set(bytes, at);
    at += bytes.length;
  }
  return at;
}

function slabBytes(frame: NewFrame): number {
  return frameHeaderBytes + (copies(frame) ? frame.payloadBytes : 0);
}

function copies({ payload, payloadBytes }: NewFrame): boolean {
  return payloadBytes <= copiedBytesMax * payload.length;
}

/** Batches of this size are as cheap to hand over as to copy. */
const copiedBytesMax = 16 * 1024;
