import type { Millis } from '../../src/env/clock.ts';
import type { KafkaErrorCode } from '../../src/env/kafka.ts';
import { errorCodes } from './error-codes.ts';
import type { BatchSequence, StoredBatch } from './stored-batch.ts';

type Appended = Pick<StoredBatch, 'first' | 'last' | 'timeMax'> & { readonly sequence: BatchSequence };

type ProducerState = { readonly epoch: number; readonly batches: readonly Appended[]; readonly at: Millis };

/** As many batches of a producer are known again when they are sent again. */
const rememberedMax = 5;

/** `producer.id.expiration.ms`: a day. */
const expirationMs = 86_400_000;

/** What a partition knows of its idempotent producers, as Kafka's ProducerAppendInfo decides. */
export class ProducerStates {
  readonly #states = new Map<bigint, ProducerState>();

  /** The batch of these sequences, if it is one of the last five of its producer. */
  duplicateOf({ producer, epoch, first, last }: BatchSequence): Appended | undefined {
    const state = this.#states.get(producer);
    if (state === undefined || state.epoch !== epoch) return undefined;
    return state.batches.find(({ sequence }) => sequence.first === first && sequence.last === last);
  }

  /**
   * Why a batch of these sequences is not the next one. From a producer that is unknown, or known no more,
   * any is taken (KIP-360).
   */
  refusal({ producer, epoch, first }: BatchSequence): KafkaErrorCode {
    const state = this.#states.get(producer);
    if (state === undefined) return errorCodes.none;
    if (epoch < state.epoch) return errorCodes.invalidProducerEpoch;
    const next = epoch > state.epoch ? 0 : (state.batches.at(-1)!.sequence.last + 1) % 2 ** 31;
    return first === next ? errorCodes.none : errorCodes.outOfOrderSequenceNumber;
  }

  add({ first, last, timeMax, sequence }: StoredBatch): void {
    if (sequence === undefined) return;
    const state = this.#states.get(sequence.producer);
    const before = state?.epoch === sequence.epoch ? state.batches : [];
    const batches = [...before, { first, last, timeMax, sequence }].slice(-rememberedMax);
    this.#states.set(sequence.producer, { epoch: sequence.epoch, batches, at: timeMax });
  }

  /** Forgets those whose last batch is of too long ago, by its own time. */
  expire(now: Millis): void {
    for (const [producer, { at }] of this.#states)
      if (now - at >= expirationMs) this.#states.delete(producer);
  }

  /** Forgets one producer, or all. */
  forget(producer?: bigint): void {
    if (producer === undefined) this.#states.clear();
    else this.#states.delete(producer);
  }
}
