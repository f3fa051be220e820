import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { ShardKey } from '../log/log.ts';
import type { ClusterState } from './cluster-state.ts';
import { patienceMs } from './lease.ts';

/** A gateway that waits longer for its appends gives them up: they are decided by the seal. */
const drainMs: Millis = 1_000;

/**
 * What this gateway knows of shards that close: since when, and whether it has let go of what it had under
 * way for them. `progressed` is called when it has let go of some more.
 */
export class Drains {
  /** Set by the engine, when there is one. */
  drain: (shard: ShardKey) => Promise<void> = async () => {};
  /** Set by what waits here until something has closed: this gateway has let go of some more. */
  settled: () => void = () => {};
  readonly #clock: Clock;
  readonly #progressed: () => void;
  /** Everything that closes under these numbers was seen. */
  #seen: number;
  /** When numbers up to one were seen, the latest last: those that someone may still wait for. */
  #times: readonly { readonly upTo: number; readonly at: Millis }[];
  /** Nobody waits for numbers up to this one any more. */
  #past = 0;
  readonly #underWay = new Set<number>();
  /** Streams of which this gateway closes something, and how many times at once. */
  readonly #closers = new Map<string, number>();

  constructor(state: ClusterState, clock: Clock, progressed: () => void) {
    this.#clock = clock;
    this.#progressed = progressed;
    this.#seen = state.closings;
    this.#times = [{ upTo: state.closings, at: clock.monotonic() }];
  }

  /** Sees what has begun to close. */
  see(state: ClusterState): void {
    const { closings, closing } = state;
    if (closings === this.#seen) return;
    const before = this.drained;
    const at = this.#clock.monotonic();
    for (const { upTo, at: then } of this.#times) if (at - then >= patienceMs) this.#past = upTo;
    this.#times = [...this.#times.filter(({ upTo }) => upTo > this.#past), { upTo: closings, at }];
    for (let number = this.#seen + 1; number <= closings; number++) {
      const shards = closing.get(number);
      if (shards === undefined) continue;
      this.#underWay.add(number);
      detached(this.#letEnd(number, shards), unthinkable);
    }
    this.#seen = closings;
    if (this.drained > before) this.#progressed();
  }

  /**
   * While it closes something of a stream itself, this gateway need not hurry to say what it has let go of
   * there: it knows, and heartbeats sent at the same time get in each other's way.
   */
  closeHere(stream: string): Disposable {
    this.#closers.set(stream, (this.#closers.get(stream) ?? 0) + 1);
    return {
      [Symbol.dispose]: () => {
        const others = this.#closers.get(stream)! - 1;
        if (others > 0) this.#closers.set(stream, others);
        else this.#closers.delete(stream);
      },
    };
  }

  /** Nothing is under way, or acknowledged but for its offset, for what closes up to this number. */
  get drained(): number {
    return this.#underWay.size === 0 ? this.#seen : Math.min(...this.#underWay) - 1;
  }

  hasGivenUp(closing: number): boolean {
    return closing <= this.#seen && !this.#underWay.has(closing);
  }

  /** How long until leases are over that were granted before it began to close. */
  patienceLeft(closing: number): Millis {
    if (closing > this.#seen) return patienceMs;
    if (closing <= this.#past) return 0;
    const { at } = this.#times.find(({ upTo }) => closing <= upTo)!;
    return at + patienceMs - this.#clock.monotonic();
  }

  async #letEnd(
    number: number,
    { stream, shards }: { readonly stream: string; readonly shards: readonly number[] },
  ): Promise<void> {
    const ended = new AbortController();
    const all = Promise.allSettled(shards.map((shard) => this.drain({ stream, shard })));
    await Promise.race([all, this.#clock.sleep(drainMs, ended.signal)]);
    ended.abort();
    this.#underWay.delete(number);
    this.settled();
    if (!this.#closers.has(stream)) this.#progressed();
  }
}
