import { strict as assert } from 'node:assert';
import { firstWhere } from '../env/first-where.ts';

/** What has a place: a text, in whose order, by its characters' codes, things are kept. */
export type Placed = { readonly place: string };

/**
 * Things in the order of their places, one at each: in chunks, so that any of millions is put and removed
 * within microseconds, and that walking them is walking arrays.
 */
export class Ordered<Thing extends Placed> {
  /** None is empty, but for the only one. */
  readonly #chunks: Thing[][] = [[]];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(place: string): Thing | undefined {
    const chunk = this.#chunks[this.#chunkOf(place)]!;
    const thing = chunk[positionIn(chunk, place)];
    return thing?.place === place ? thing : undefined;
  }

  /** Puts a thing at its place. Answers the one that was there. */
  put(thing: Thing): Thing | undefined {
    const index = this.#chunkOf(thing.place);
    const chunk = this.#chunks[index]!;
    const position = positionIn(chunk, thing.place);
    const before = chunk[position];
    if (before?.place === thing.place) {
      chunk[position] = thing;
      return before;
    }
    chunk.splice(position, 0, thing);
    this.#size += 1;
    if (chunk.length > chunkMax) this.#chunks.splice(index + 1, 0, chunk.splice(chunk.length >> 1));
    return undefined;
  }

  /** Removes what is at a place. Answers it. */
  remove(place: string): Thing | undefined {
    const index = this.#chunkOf(place);
    const chunk = this.#chunks[index]!;
    const position = positionIn(chunk, place);
    const thing = chunk[position];
    if (thing?.place !== place) return undefined;
    chunk.splice(position, 1);
    this.#size -= 1;
    if (chunk.length === 0 && this.#chunks.length > 1) this.#chunks.splice(index, 1);
    else this.#join(index);
    return thing;
  }

  /** Those at `from` or behind it and before `end`, in order; undefined for no bound. */
  *ascending(from: string, end: string | undefined): Generator<Thing> {
    let index = this.#chunkOf(from);
    let position = positionIn(this.#chunks[index]!, from);
    for (; index < this.#chunks.length; index++, position = 0) {
      const chunk = this.#chunks[index]!;
      for (; position < chunk.length; position++) {
        const thing = chunk[position]!;
        if (end !== undefined && thing.place >= end) return;
        yield thing;
      }
    }
  }

  /** The same from the last to the first. */
  *descending(from: string, end: string | undefined): Generator<Thing> {
    let index = end === undefined ? this.#chunks.length - 1 : this.#chunkOf(end);
    let position = end === undefined ? this.#chunks[index]!.length : positionIn(this.#chunks[index]!, end);
    for (;;) {
      const chunk = this.#chunks[index]!;
      while (--position >= 0) {
        const thing = chunk[position]!;
        if (thing.place < from) return;
        yield thing;
      }
      if (index === 0) return;
      index -= 1;
      position = this.#chunks[index]!.length;
    }
  }

  /** The chunk in which a place is, or would be. */
  #chunkOf(place: string): number {
    const after = firstWhere(this.#chunks.length, (index) => {
      const first = this.#chunks[index]![0];
      return first !== undefined && first.place > place;
    });
    return Math.max(0, after - 1);
  }

  /** Small neighbours become one, so that what was emptied out holds little. */
  #join(index: number): void {
    const [chunk, next] = [this.#chunks[index]!, this.#chunks[index + 1]];
    if (next === undefined || chunk.length + next.length > chunkMax / 2) return;
    chunk.push(...next);
    this.#chunks.splice(index + 1, 1);
    assert(chunk.length > 0);
  }
}

const chunkMax = 128;

function positionIn(chunk: readonly Placed[], place: string): number {
  let [low, high] = [0, chunk.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (chunk[middle]!.place < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
