import type { Clock, Millis } from '../env/clock.ts';
import type { Offset } from '../kinesis/record.ts';
import {
  type Appended,
  type NewBatch,
  type Position,
  type ReadRequest,
  type Records,
  type ShardKey,
  type Slice,
  UnavailableError,
} from '../log/log.ts';
import { Detours } from './detours.ts';
import type { PeerLink } from './peer-link.ts';
import type { Peers } from './peers.ts';

/**
 * Records by way of the gateway that owns their shard, for as long as it can be reached: there, the puts of
 * all gateways share batches, and reads find the newest records in memory. Which gateway is asked changes
 * nothing about the answer.
 */
export class OwnedRecords implements Records {
  readonly #peers: Pick<Peers, 'ownerOf'>;
  readonly #own: Records;
  readonly #detours: Detours;

  /** `own` are the same records, without asking another gateway. */
  constructor(peers: Pick<Peers, 'ownerOf'>, own: Records, clock: Pick<Clock, 'monotonic'>) {
    this.#peers = peers;
    this.#own = own;
    this.#detours = new Detours(clock);
  }

  /**
   * Rejects with `UnavailableError` when the owner is gone before it has answered: it is not known then what
   * became of the batch, which is not appended again. Those after it go another way for a while.
   */
  append(key: ShardKey, batch: NewBatch): Promise<Appended> {
    const shard = shardName(key);
    const { link } = this.#peers.ownerOf(shard);
    if (link === undefined || this.#detours.isNeeded(shard)) return this.#own.append(key, batch);
    return this.#detours.watch(shard, link.append(key, batch));
  }

  read(key: ShardKey, request: ReadRequest): Promise<Slice> {
    return this.#ask(key, (records) => records.read(key, request));
  }

  seek(key: ShardKey, time: Millis): Promise<Offset> {
    return this.#ask(key, (records) => records.seek(key, time));
  }

  position(key: ShardKey): Promise<Position> {
    return this.#ask(key, (records) => records.position(key));
  }

  /** It may resolve early when the owner is gone. */
  grown(key: ShardKey, past: Offset, signal: AbortSignal): Promise<void> {
    return this.#recordsOf(this.#linkOf(key)).grown(key, past, signal);
  }

  /** What only reads is asked again here when the owner does not answer. */
  async #ask<Answer>(key: ShardKey, ask: (records: Records) => Promise<Answer>): Promise<Answer> {
    const link = this.#linkOf(key);
    if (link === undefined) return await ask(this.#own);
    try {
      return await ask(link.records);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      return await ask(this.#own);
    }
  }

  #linkOf(key: ShardKey): PeerLink | undefined {
    return this.#peers.ownerOf(shardName(key)).link;
  }

  #recordsOf(link: PeerLink | undefined): Records {
    return link?.records ?? this.#own;
  }
}

/** What a shard is called where its owner is looked for. */
export function shardName({ stream, shard }: ShardKey): string {
  return `${stream}/${shard}`;
}
