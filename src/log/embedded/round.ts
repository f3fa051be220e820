import type { Millis } from '../../env/clock.ts';
import type { Offset, RecordBatch } from '../../kinesis/record.ts';
import type { Appended } from '../log.ts';
import { type FrameContent, frameKinds } from './frame.ts';
import type { Standing } from './standing.ts';

/** What somebody asked to have written: a batch, or a seal when there is none. */
export type Write = {
  readonly shard: number;
  readonly batch: RecordBatch | undefined;
  resolve(appended: Appended): void;
  reject(error: unknown): void;
};

/** A frame to be, and the writes that are in it. */
export type Draft = {
  readonly content: FrameContent;
  /** One after the other. */
  readonly payload: readonly Buffer[];
  readonly writes: readonly { readonly write: Write; readonly first: Offset }[];
};

/**
 * Gives the writes their offsets, in order, and puts those of one shard together in one frame up to
 * `frameBytesMax`. All batches of a shard in a round have one arrival time, which never goes back.
 */
export function draftRound(
  writes: readonly Write[],
  standingOf: (shard: number) => Standing,
  now: Millis,
  frameBytesMax: number,
): Draft[] {
  const drafts: OpenDraft[] = [];
  const current = new Map<number, OpenDraft>();
  for (const write of writes) {
    const before = current.get(write.shard);
    if (before?.takes(write, frameBytesMax)) {
      before.add(write);
      continue;
    }
    const standing = standingOf(write.shard);
    const draft = new OpenDraft(write, before?.next ?? standing.next, Math.max(standing.lastArrival, now));
    drafts.push(draft);
    current.set(write.shard, draft);
  }
  return drafts.map((draft) => draft.finish());
}

class OpenDraft {
  readonly #shard: number;
  readonly #kind: FrameContent['kind'];
  readonly #first: Offset;
  readonly #arrival: Millis;
  readonly #writes: { write: Write; first: Offset }[] = [];
  readonly #payloads: Buffer[] = [];
  #bytes = 0;
  next: Offset;

  constructor(write: Write, first: Offset, arrival: Millis) {
    this.#shard = write.shard;
    this.#kind = write.batch === undefined ? frameKinds.seal : frameKinds.records;
    this.#first = first;
    this.#arrival = arrival;
    this.next = first;
    this.add(write);
  }

  takes({ batch }: Write, bytesMax: number): boolean {
    return batch !== undefined && this.#bytes + batch.bytes.length <= bytesMax;
  }

  add(write: Write): void {
    this.#writes.push({ write, first: this.next });
    if (write.batch === undefined) return;
    this.next += write.batch.count;
    this.#bytes += write.batch.bytes.length;
    this.#payloads.push(write.batch.bytes);
  }

  finish(): Draft {
    const content = {
      kind: this.#kind,
      shard: this.#shard,
      count: this.next - this.#first,
      first: this.#first,
      arrival: this.#arrival,
    };
    return { content, payload: this.#payloads, writes: this.#writes };
  }
}
