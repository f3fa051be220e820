import type { Offset } from '../../../kinesis/record.ts';
import { DamagedError, type LoggedBatch, type ReadLimit } from '../../log.ts';
import {
  arrivalAt,
  countAt,
  encryptionAt,
  firstAt,
  frameHeaderBytes,
  frameKinds,
  isFrame,
  isPayload,
  kindAt,
  lengthAt,
  looksLikeFrame,
  payloadBytesAt,
  payloadCrcAt,
  shardAt,
} from '../format/frame.ts';
import type { Segment } from '../segment.ts';
import { encryptionIn } from './keys.ts';

/** A piece of a finished segment that begins and ends between two frames. */
export class Block {
  readonly #segment: Segment;
  readonly #begin: number;
  readonly #bytes: Buffer;
  /** Where in the block the frames of each shard begin. */
  readonly #places = new Map<number, number[]>();
  /** False when something in it is no frame, so that what follows cannot be found from here. */
  readonly isWhole: boolean;
  /** True once its memory is part of an answer, and may not be used for anything else. */
  isShared = false;

  constructor(segment: Segment, begin: number, bytes: Buffer) {
    this.#segment = segment;
    this.#begin = begin;
    this.#bytes = bytes;
    this.isWhole = this.#findFrames();
  }

  /**
   * The shard's batches in the block from an offset on, verified, until the records from there on reach a
   * limit. The keys of the segment were loaded. They are copies where they are little of the block, or are to
   * be `copied`.
   */
  batchesOf(shard: number, from: Offset, limit: ReadLimit, copied = false): LoggedBatch[] {
    const frames = this.#framesOf(shard, from, limit);
    const length = frames.reduce((sum, at) => sum + payloadBytesAt(this.#bytes, at), 0);
    // A view keeps all of the block in memory: worth it when the answer is much of the block.
    const isShared = !copied && length * 4 >= this.#bytes.length;
    const copies = isShared ? undefined : Buffer.allocUnsafe(length);
    this.isShared ||= isShared;
    const batches: LoggedBatch[] = [];
    let end = 0;
    for (const at of frames) {
      const begin = end;
      end += payloadBytesAt(this.#bytes, at);
      batches.push(this.#batchAt(at, copies?.subarray(begin, end)));
    }
    return batches;
  }

  #framesOf(shard: number, from: Offset, limit: ReadLimit): number[] {
    const block = this.#bytes;
    const frames: number[] = [];
    let bytes = 0;
    for (const at of this.#places.get(shard) ?? []) {
      if (!isFrame(block, at, this.#segment)) throw this.#damaged(at);
      const next = firstAt(block, at) + countAt(block, at);
      if (kindAt(block, at) !== frameKinds.records || next <= from) continue;
      frames.push(at);
      bytes += payloadBytesAt(block, at);
      if (bytes >= limit.bytes || next - from >= limit.records) break;
    }
    return frames;
  }

  /**
   * The batch of the frame at `at`, verified: copied to the memory that is given for it, or as it lies in the
   * block.
   */
  #batchAt(at: number, copy: Buffer | undefined): LoggedBatch {
    const block = this.#bytes;
    const begin = at + frameHeaderBytes;
    const payloadBytes = payloadBytesAt(block, at);
    const view = block.subarray(begin, begin + payloadBytes);
    copy?.set(view);
    const bytes = copy ?? view;
    if (!isPayload(bytes, payloadBytes, payloadCrcAt(block, at))) throw this.#damaged(begin);
    const batch = {
      first: firstAt(block, at),
      arrival: arrivalAt(block, at),
      count: countAt(block, at),
      bytes,
    };
    const encryption = encryptionAt(block, at);
    if (encryption === undefined) return batch;
    return { ...batch, encryption: encryptionIn(this.#segment, encryption) };
  }

  #findFrames(): boolean {
    const bytes = this.#bytes;
    const { epoch } = this.#segment;
    let at = 0;
    while (at < bytes.length) {
      if (!looksLikeFrame(bytes, at, epoch)) return false;
      const shard = shardAt(bytes, at);
      const places = this.#places.get(shard);
      if (places === undefined) this.#places.set(shard, [at]);
      else places.push(at);
      at += lengthAt(bytes, at);
    }
    return at === bytes.length;
  }

  #damaged(at: number): DamagedError {
    return new DamagedError(`${this.#segment.path}: damaged at byte ${this.#begin + at}.`);
  }
}
