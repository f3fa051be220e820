import { type Frame, frameKinds, nextOf } from '../format/frame.ts';
import { type ShardState, type ShardStates, stateAfter, untouched } from '../shard-state.ts';
import { isSameState, Losses } from './verify-finding.ts';

/**
 * How far the shards of a stream have come, by all that was whole so far, and which of their records are
 * missing.
 */
export class Shards {
  readonly losses = new Losses();
  readonly #known = new Map<number, ShardState>();
  /** The shards that were mentioned since unreadable bytes were met. Undefined while there were none. */
  #heard: Set<number> | undefined;
  /** Until the first checkpoint or footer, a shard begins with its first frame. */
  #isBeginningKnown = false;

  get states(): ShardStates {
    return this.#known;
  }

  /** True when it cannot be told whether records of a shard are missing at its end. */
  isUncertain(shard: number): boolean {
    return this.#heard !== undefined && !this.#heard.has(shard);
  }

  /** Unreadable bytes were met. */
  forget(): void {
    this.#heard = new Set();
  }

  /** Takes up a whole header. Answers what is wrong about it. */
  admit(frame: Frame, isRead: boolean): string | undefined {
    const begun = this.#isBeginningKnown ? untouched(frame.shard) : unknown(frame);
    const state = this.#known.get(frame.shard) ?? begun;
    this.#heard?.add(frame.shard);
    if (frame.first < state.next) return `repeats records of shard ${frame.shard} that came before`;
    this.losses.note(frame.shard, state.next, isRead ? frame.first : nextOf(frame));
    this.#known.set(frame.shard, stateAfter(state, frame));
    if (state.sealed) return `follows the end of shard ${frame.shard}, which was sealed`;
    if (frame.kind === frameKinds.records && frame.arrival < state.lastArrival) {
      return `has records of shard ${frame.shard} that arrived before those that precede them`;
    }
    return undefined;
  }

  /**
   * Takes up what a checkpoint or footer says. Answers what does not fit, unless damage before it explains
   * that.
   */
  compare(said: ShardStates): string[] {
    const wrong: string[] = [];
    for (const shard of new Set([...this.#known.keys(), ...said.keys()])) {
      const known = this.#known.get(shard) ?? (this.#isBeginningKnown ? untouched(shard) : undefined);
      const claim = said.get(shard) ?? untouched(shard);
      this.#known.set(shard, claim);
      if (known === undefined || isSameState(known, claim)) continue;
      this.losses.note(shard, known.next, claim.next);
      if (known.next <= claim.next && this.#heard !== undefined) continue;
      wrong.push(`shard ${shard}`);
    }
    this.#heard = undefined;
    this.#isBeginningKnown = true;
    return wrong;
  }
}

function unknown(frame: Frame): ShardState {
  return { ...untouched(frame.shard), next: frame.first };
}
