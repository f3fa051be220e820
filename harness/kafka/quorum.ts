import type { SeededRandom } from '../random.ts';
import type { Timeline } from './timeline.ts';
import type { Patience } from './weather.ts';

/**
 * Who speaks for the controllers, of which every broker is one. There is nobody while a new one is agreed on,
 * and while there is no majority.
 */
export class Quorum {
  readonly #timeline: Timeline;
  readonly #random: SeededRandom;
  readonly #patience: Patience;
  readonly #elected: () => void;
  readonly #members: ReadonlySet<number>;
  readonly #reachable: Set<number>;
  #active: number | undefined;
  #isElecting = false;

  /** All are reachable at first. `elected` is called when there is somebody again. */
  constructor(
    members: readonly number[],
    random: SeededRandom,
    { timeline, patience }: { readonly timeline: Timeline; readonly patience: Patience },
    elected: () => void,
  ) {
    this.#members = new Set(members);
    this.#reachable = new Set(members);
    this.#active = members[0];
    this.#timeline = timeline;
    this.#random = random;
    this.#patience = patience;
    this.#elected = elected;
  }

  /** Undefined for nobody. */
  get active(): number | undefined {
    return this.#active;
  }

  set(member: number, isReachable: boolean): void {
    if (isReachable) this.#reachable.add(member);
    else this.#reachable.delete(member);
    const isMajority = this.#reachable.size * 2 > this.#members.size;
    if (this.#active !== undefined && (!isMajority || !this.#reachable.has(this.#active)))
      this.#active = undefined;
    if (this.#active === undefined && isMajority) this.#elect();
  }

  #elect(): void {
    if (this.#isElecting) return;
    this.#isElecting = true;
    const elect = () => {
      this.#isElecting = false;
      const isMajority = this.#reachable.size * 2 > this.#members.size;
      if (this.#active !== undefined || !isMajority) return;
      this.#active = this.#random.pick([...this.#reachable].sort((one, other) => one - other));
      this.#elected();
    };
    this.#timeline.after(this.#patience.electionMs * this.#random.real(0.5, 1.5), elect);
  }
}
