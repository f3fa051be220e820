import type { StoredBatch } from '../../kinesis/record.ts';
import { DamagedError } from '../log.ts';
import {
  decodeFrame,
  frameHeaderBytes,
  frameKinds,
  isPayloadOf,
  lengthAt,
  looksLikeFrame,
  shardAt,
} from './frame.ts';
import type { Segment } from './segment.ts';

/** A piece of a finished segment that begins and ends between two frames. */
export class Block {
  readonly #segment: Segment;
  readonly #begin: number;
  readonly #bytes: Buffer;
  /** Where in the block the frames of each shard begin. */
  readonly #places = new Map<number, number[]>();
  /** False when something in it is no frame, so that what follows cannot be found from here. */
  readonly isWhole: boolean;

  constructor(segment: Segment, begin: number, bytes: Buffer) {
    this.#segment = segment;
    this.#begin = begin;
    this.#bytes = bytes;
    this.isWhole = this.#findFrames();
  }

  /** The shard's batches in the block that begin at an offset or hold it, verified; in order, as long as they are asked for. */
  *batchesOf(shard: number, from: number): Generator<StoredBatch> {
    for (const at of this.#places.get(shard) ?? []) {
      const frame = decodeFrame(this.#bytes, at, this.#segment.epoch);
      if (frame === undefined) throw this.#damaged(at);
      if (frame.kind !== frameKinds.records || frame.first + frame.count <= from) continue;
      const payload = at + frameHeaderBytes;
      const bytes = this.#keep(payload, payload + frame.payloadBytes);
      if (!isPayloadOf(frame, bytes)) throw this.#damaged(payload);
      yield { first: frame.first, arrival: frame.arrival, count: frame.count, bytes };
    }
  }

  /** A copy, unless it is much of the block: a view keeps all of it in memory. */
  #keep(from: number, end: number): Buffer {
    const view = this.#bytes.subarray(from, end);
    return view.length * 4 < this.#bytes.length ? Buffer.from(view) : view;
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
