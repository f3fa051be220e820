import type { PartitionOf } from '../../env/kafka.ts';
import type { ShardKey } from '../log.ts';
import type { KafkaOffset } from './client.ts';

/**
 * Where shards are: which partition of which topic, and which of its offsets. All gateways agree on it. A
 * shard is exactly the offsets from `base` up to, and without, `seal`, whoever wrote what is after it.
 */
export interface ShardPlaces {
  /** As far as it is known here, at once. Undefined for a shard that has no place. Throws `DroppedError`. */
  of(shard: ShardKey): ShardPlace | undefined;
  /** Resolves when all is known here that any gateway had been told before the call. */
  current(): Promise<void>;
  /**
   * Gives shards places, where they have none, and makes these ready. Rejects with `DroppedError`, and with
   * `UnavailableError`.
   */
  assign(stream: string, shards: readonly number[]): Promise<void>;
  /**
   * Resolves once no gateway acknowledges what it appends to the shard from now on: each has let its appends
   * under way end, or its lease is over. Repeating it is harmless.
   */
  close(shard: ShardKey): Promise<void>;
  /** Agrees on where a shard that was closed ends. The first to say it is right; answers that. */
  seal(shard: ShardKey, at: KafkaOffset): Promise<KafkaOffset>;
  /** Frees the place of a shard that has expired, if nothing is left there. */
  release(shard: ShardKey): Promise<void>;
  /** Forgets a stream for good, and answers once no gateway acknowledges anything for it any more. */
  drop(stream: string): Promise<void>;
  /** The streams that have places. */
  streams(): readonly string[];
  /**
   * Whether what a broker has acknowledged by now may be acknowledged here: the lease that keeps sealing
   * waiting for this gateway is not over. Asked after the broker's answer.
   */
  mayAcknowledge(): boolean;
  /** Resolves when something has changed, or the signal is aborted. Never rejects. */
  changed(signal: AbortSignal): Promise<void>;
  /**
   * What lets appends end: called for a shard that is closing before this gateway says that it has none under
   * way. By then `of` answers `closing`. Resolves when the appends that were under way have ended.
   */
  drainWith(drain: (shard: ShardKey) => Promise<void>): void;
}

export type ShardPlace = PartitionOf & {
  readonly base: KafkaOffset;
  /** The offset after its last one; undefined until it is sealed. */
  readonly seal: KafkaOffset | undefined;
  readonly state: 'open' | 'closing' | 'sealed';
};
