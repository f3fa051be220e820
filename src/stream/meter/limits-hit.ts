import type { Millis } from '../../env/clock.ts';
import type { LimitHit } from './counts.ts';

/** Which limits have refused something, each with what it is the limit of: those that did so last. */
export class LimitsHit {
  /** The one that was hit longest ago first. */
  readonly #hits = new Map<
    string,
    { limit: string; resource: string | undefined; count: number; lastAt: Millis }
  >();

  add(limit: string, resource: string | undefined, count: number, lastAt: Millis): void {
    const key = `${limit} ${resource}`;
    const hit = this.#hits.get(key) ?? { limit, resource, count: 0, lastAt };
    hit.count += count;
    hit.lastAt = Math.max(hit.lastAt, lastAt);
    this.#hits.delete(key);
    this.#hits.set(key, hit);
    if (this.#hits.size > hitsMax) this.#hits.delete(this.#hits.keys().next().value!);
  }

  /** The one that was hit last first. */
  read(): LimitHit[] {
    return Array.from(this.#hits.values(), (hit) => ({ ...hit })).sort(
      (one, other) => other.lastAt - one.lastAt,
    );
  }
}

const hitsMax = 100;
