import type { Millis } from '../../../env/clock.ts';
import type { Offset } from '../../../kinesis/record.ts';
import type { DataKey } from '../../data-keys.ts';
import { placeTag } from '../../encryption.ts';
import type { Appended, NewBatch } from '../../log.ts';
import { type FrameEncryption, frameKinds } from '../format/frame.ts';
import type { ShardState } from '../shard-state.ts';
import type { NewFrame } from './round-layout.ts';

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
): Draft[] {
  const drafts: OpenDraft[] = [];
  const current = new Map<number, OpenDraft>();
  for (const write of writes) {
    const before = current.get(write.shard);
    if (before !== undefined && takes(before, write, frameBytesMax)) {
      add(before, write);
      continue;
    }
    const state = stateOf(write.shard);
    const first = before === undefined ? state.next : before.first + before.count;
    const draft = begin(write.shard, write.batch, first, Math.max(state.lastArrival, now));
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
  readonly key: DataKey | undefined;
  encryption: FrameEncryption | undefined;
};

function begin(shard: number, batch: NewBatch | undefined, first: Offset, arrival: Millis): OpenDraft {
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
    key: batch?.key,
    encryption: undefined,
  };
}

/** Each batch of a draft is a box. */
function encryptionOf(draft: OpenDraft, key: DataKey): FrameEncryption {
  return { keyId: key.id, tag: placeTag(key, draft, draft.payload) };
}

function takes(draft: OpenDraft, { batch }: Write, bytesMax: number): boolean {
  return (
    draft.kind === frameKinds.records &&
    batch !== undefined &&
    draft.key?.id === batch.key?.id &&
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
