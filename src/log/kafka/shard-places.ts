import type { PartitionOf } from '../../env/kafka.ts';
import type { ShardKey } from '../log.ts';
import type { KafkaOffset } from './client.ts';

/**
 * Where shards are: which partition of which topic, and which of its offsets. All gateways agree on it. A
 * shard is exactly the offsets from `base` up to, and without, `seal`, whoever wrote what is after it.
 *
 * No gateway acknowledges a record at or behind the seal (docs/models/sealing.pml proves the rule):
 *
 * - An append begins only while the place is `open`. One that is under way when the place becomes `closing`
 *   goes on; `drainWith` hears of that.
 * - When a broker has answered, `verdict` says what the answer is worth, at that moment: asked before the
 *   answer it says nothing. Between the verdict and what it leads to there may be any delay.
 * - `unknown` is asked again whenever something has `changed`: once the seal is known, or the lease is
 *   renewed, it is known exactly. An engine that waits no longer rejects with an error that leaves it open.
 * - Who seals appends its mark only after `close` has resolved, as an append of which `min.insync.replicas`
 *   know, and calls `seal` with where it is. One whose outcome is unknown is appended again.
 *
 * Readers are given nothing at or behind the seal. Before it is known here, a gap between offsets may be the
 * mark: what comes after a gap is given to readers only when the place is still `open` after `current`, or
 * when the seal is known and it comes before that. An offset past the seal, of an iterator or an end that was
 * told meanwhile, is the end.
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
   * Resolves once no gateway acknowledges what a broker answers to it from now on, unless the offset proves
   * to be before the seal: each has let its appends under way end, or its lease is over. Takes two rounds
   * of the journal when all gateways answer, and the lease and 1 % when one does not. Repeating it is
   * harmless. Rejects with `UnavailableError`.
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
   * What is to become of an append to the shard that a broker has answered: `last` is the offset of its last
   * record. Asked after the answer. Throws `DroppedError`.
   */
  verdict(shard: ShardKey, last: KafkaOffset): Verdict;
  /** Resolves when something has changed, or the signal is aborted. Never rejects. */
  changed(signal: AbortSignal): Promise<void>;
  /**
   * What lets appends end: called for a shard that is closing before this gateway says that it has drained.
   * By then `of` answers `closing` (or throws, when the stream was dropped). Resolves when the appends that
   * were under way have ended. It is not waited for longer than a second: after that, those that are left
   * are `unknown` until the seal is known.
   */
  drainWith(drain: (shard: ShardKey) => Promise<void>): void;
}

/**
 * `acknowledge`: the records are in the shard for good. `sealed`: they are not, no reader is ever given them,
 * and they may be appended elsewhere (`SealedError`). `unknown`: it shows when something has changed.
 */
export type Verdict = 'acknowledge' | 'sealed' | 'unknown';

export type ShardPlace = PartitionOf & {
  readonly base: KafkaOffset;
  /** The offset after its last one; undefined until it is sealed. */
  readonly seal: KafkaOffset | undefined;
  readonly state: 'open' | 'closing' | 'sealed';
};
