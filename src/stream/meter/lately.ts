import type { Millis } from '../../env/clock.ts';

/** Something that was done by somebody, and when last. */
export type Done = { at: Millis };

/**
 * What was done by name and place (a caller, and what it reads) within the last hour: of at most so many.
 * Values keep their slots, so that they can be read some at a time.
 */
export class Lately<Value extends Done> {
  readonly #max: number;
  readonly #slots: (Slot<Value> | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #byName = new Map<string, Map<string, Slot<Value>>>();
  /** Mostly it is the next one as well. */
  #latest: Slot<Value> | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  /** How many slots there are, the free ones among them. */
  get end(): number {
    return this.#slots.length;
  }

  /** The value of a name and a place, made when there is none yet; those that are oldest make room. */
  of(name: string, place: string, now: Millis, make: (name: string, place: string) => Value): Value {
    const latest = this.#latest;
    if (latest?.place === place && latest.name === name) return latest.value;
    const known = this.#byName.get(name)?.get(place);
    if (known !== undefined) {
      this.#latest = known;
      return known.value;
    }
    if (this.#free.length === 0 && this.end >= this.#max) this.#makeRoom(now);
    const slot = { name, place, value: make(name, place) };
    this.#slots[this.#free.pop() ?? this.end] = slot;
    const places = this.#byName.get(name);
    if (places === undefined) this.#byName.set(name, new Map([[place, slot]]));
    else places.set(place, slot);
    return slot.value;
  }

  /** The values of slots `from..end`, without those of more than an hour ago, which are forgotten. */
  read(from: number, end: number, now: Millis): Value[] {
    const values: Value[] = [];
    for (let at = from; at < Math.min(end, this.end); at++) {
      const slot = this.#slots[at];
      if (slot === undefined) continue;
      if (now - slot.value.at > memoryMs) this.#forget(at, slot);
      else values.push(slot.value);
    }
    return values;
  }

  /** Forgets a tenth of them, and all that are old. */
  #makeRoom(now: Millis): void {
    const times = this.#slots.flatMap((slot) => (slot === undefined ? [] : [slot.value.at]));
    const tenth = times.sort((one, other) => one - other)[Math.floor(times.length / 10)]!;
    const before = Math.max(tenth, now - memoryMs);
    let leaves = Math.ceil(times.length / 10);
    for (let at = 0; at < this.end; at++) {
      const slot = this.#slots[at];
      if (slot === undefined || slot.value.at > before) continue;
      if (slot.value.at === before && leaves-- <= 0) continue;
      this.#forget(at, slot);
    }
  }

  #forget(at: number, { name, place, value }: Slot<Value>): void {
    this.#slots[at] = undefined;
    this.#free.push(at);
    const places = this.#byName.get(name)!;
    if (this.#latest?.value === value) this.#latest = undefined;
    places.delete(place);
    if (places.size === 0) this.#byName.delete(name);
  }
}

type Slot<Value> = { readonly name: string; readonly place: string; readonly value: Value };

const memoryMs: Millis = 3_600_000;
