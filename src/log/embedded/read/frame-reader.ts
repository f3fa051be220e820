import type { File } from '../../../env/disk.ts';
import { DamagedError } from '../../log.ts';
import {
  decodeFrame,
  type Frame,
  frameHeaderBytes,
  frameKinds,
  isPayload,
  lengthAt,
  looksLikeFrame,
  shardAt,
} from '../format/frame.ts';
import type { Segment } from '../segment.ts';
import { ReadAhead } from './read-ahead.ts';

/** Reads the frames of one shard's records in a segment, and steps over all others. */
export class FrameReader {
  readonly #window: ReadAhead;
  readonly #segment: Segment;
  readonly #end: number;
  readonly #shard: number;
  #position: number;
  #payload = 0;

  /** `position` is where any frame begins. Reads what is durable now, and not what will be later. */
  constructor(file: File, segment: Segment, shard: number, position: number, stepBytes: number) {
    this.#window = new ReadAhead(file, segment.end, stepBytes);
    this.#segment = segment;
    this.#end = segment.end;
    this.#shard = shard;
    this.#position = position;
  }

  /** The shard's next frame, its header verified. Undefined when no more is durable. */
  async next(): Promise<Frame | undefined> {
    while (this.#position < this.#end) {
      const position = this.#position;
      if (!this.#window.holds(position, frameHeaderBytes)) await this.#load(position, frameHeaderBytes);
      const { bytes } = this.#window;
      const at = this.#window.at(position);
      if (!looksLikeFrame(bytes, at, this.#segment.epoch)) throw this.#damaged(position);
      this.#position += lengthAt(bytes, at);
      if (shardAt(bytes, at) !== this.#shard) continue;
      const frame = decodeFrame(bytes, at, this.#segment);
      if (frame === undefined) throw this.#damaged(position);
      this.#payload = position + frameHeaderBytes;
      if (frame.kind === frameKinds.records) return frame;
    }
    return undefined;
  }

  /** The payload of the frame that was answered last, verified. */
  async payload(frame: Frame): Promise<Buffer> {
    const { payloadBytes } = frame;
    if (!this.#window.holds(this.#payload, payloadBytes)) await this.#load(this.#payload, payloadBytes);
    const payload = this.#window.retain(this.#payload, payloadBytes);
    if (!isPayload(payload, payloadBytes, frame.payloadCrc)) throw this.#damaged(this.#payload);
    return payload;
  }

  async #load(position: number, length: number): Promise<void> {
    if (!(await this.#window.load(position, length))) throw this.#damaged(position);
  }

  #damaged(position: number): DamagedError {
    return new DamagedError(`${this.#segment.path}: damaged at byte ${position}.`);
  }
}
