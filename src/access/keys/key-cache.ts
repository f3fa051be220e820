import type { Clock, Millis } from '../../env/clock.ts';
import { detached } from '../../env/detached.ts';
import { KeyError } from '../../log/log.ts';

/** How much is kept, and for how long. */
export type KeyCacheLimits = {
  readonly countMax: number;
  /** From this age on another is asked for, while the old one is still used. */
  readonly freshMs: Millis;
  /** From this age on it is not used any more. */
  readonly ageMsMax: Millis;
};

/**
 * Keys that take a while to get, by name. Each is asked for once, however many wait for it, and used for a
 * limited time. Another is asked for before that is over: a service that is away for a moment, or throttles,
 * is not noticed. When the answer is that the key is not to be had, the old one is not used either.
 */
export class KeyCache<Key> {
  readonly #clock: Clock;
  readonly #limits: KeyCacheLimits;
  readonly #isWorn: (key: Key) => boolean;
  /** Those asked for first, first. */
  readonly #entries = new Map<string, Entry<Key>>();

  /** `isWorn` says of a key that another should take its place. */
  constructor(clock: Clock, limits: KeyCacheLimits, isWorn: (key: Key) => boolean = () => false) {
    this.#clock = clock;
    this.#limits = limits;
    this.#isWorn = isWorn;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The key of a name: at once if it is there, else once it was made. Rejects as `make` does. */
  get(name: string, make: () => Promise<Key>): Key | Promise<Key> {
    const entry = this.#entries.get(name);
    if (entry?.key === undefined) return entry?.making ?? this.#make(name, make);
    const { key, madeAt, retryAt } = entry;
    const now = this.#clock.monotonic();
    if (now >= madeAt + this.#limits.ageMsMax) return entry.making ?? this.#make(name, make);
    const isOld = now >= madeAt + this.#limits.freshMs || this.#isWorn(key);
    if (isOld && entry.making === undefined && now >= retryAt) detached(this.#make(name, make), () => {});
    return key;
  }

  forget(name: string): void {
    this.#entries.delete(name);
  }

  /** Forgets the keys whose names are not kept. */
  retain(isKept: (name: string) => boolean): void {
    for (const name of this.#entries.keys()) if (!isKept(name)) this.#entries.delete(name);
  }

  #make(name: string, make: () => Promise<Key>): Promise<Key> {
    const entry = this.#entries.get(name) ?? this.#enter(name);
    const making = make().then(
      (key) => {
        entry.making = undefined;
        entry.key = key;
        entry.madeAt = this.#clock.monotonic();
        return key;
      },
      (error: unknown) => {
        entry.making = undefined;
        entry.retryAt = this.#clock.monotonic() + retryMs;
        const isPassing = error instanceof KeyError && passing.has(error.code);
        if (entry.key === undefined || !isPassing) this.#drop(name, entry);
        throw error;
      },
    );
    entry.making = making;
    return making;
  }

  #enter(name: string): Entry<Key> {
    if (this.#entries.size >= this.#limits.countMax) {
      for (const first of this.#entries.keys()) {
        this.#entries.delete(first);
        break;
      }
    }
    const entry = { key: undefined, madeAt: 0, retryAt: Number.NEGATIVE_INFINITY, making: undefined };
    this.#entries.set(name, entry);
    return entry;
  }

  /** Another may have its name by now. */
  #drop(name: string, entry: Entry<Key>): void {
    if (this.#entries.get(name) === entry) this.#entries.delete(name);
  }
}

type Entry<Key> = {
  key: Key | undefined;
  madeAt: Millis;
  /** When another may be asked for after that has failed. */
  retryAt: Millis;
  making: Promise<Key> | undefined;
};

/** What says nothing about the key itself. */
const passing: ReadonlySet<string> = new Set(['throttled', 'unavailable']);

/** A service that throttles is not asked again at once. */
const retryMs: Millis = 1_000;
