import { decodeFooter, decodeFooterIndex } from '../format/footer.ts';
import { nextOf } from '../format/frame.ts';
import type { IndexEntry } from '../format/sparse-index.ts';
import type { Extent } from '../segment.ts';
import type { WholeFrame } from './verify-chain.ts';

/** Compares what a footer says about its segment's frames with the frames. */
export class FooterTest {
  readonly #entries = new Map<number, IndexEntry & { readonly shard: number }>();
  readonly #extents = new Map<number, Omit<Extent, 'segment'>>();
  readonly #said: readonly Omit<Extent, 'segment'>[];
  readonly #keys: Map<number, number>;
  #isRight = true;

  constructor(payload: Buffer) {
    const { extents, keys } = decodeFooter(payload);
    this.#said = extents;
    this.#keys = new Map(keys);
    for (const [shard, index] of decodeFooterIndex(payload)) {
      for (const entry of index.entries()) this.#entries.set(entry.position, { ...entry, shard });
    }
  }

  admitKey({ position, frame }: WholeFrame): void {
    const { keyId } = frame.encryption!;
    if (this.#keys.get(keyId) !== position) this.#isRight = false;
    this.#keys.delete(keyId);
  }

  admit({ position, frame }: WholeFrame): void {
    const { shard, first, arrival } = frame;
    const entry = this.#entries.get(position);
    const extent = this.#extents.get(shard);
    if (entry !== undefined) {
      this.#entries.delete(position);
      if (entry.shard !== shard || entry.offset !== first || entry.arrival !== arrival) this.#isRight = false;
    } else if (extent === undefined) this.#isRight = false;
    const begun = extent ?? { shard, first, firstArrival: arrival };
    this.#extents.set(shard, { ...begun, next: nextOf(frame), lastArrival: arrival });
  }

  /** True when the footer leads to all frames. To be asked once all were admitted. */
  get isRight(): boolean {
    return (
      this.#isRight &&
      this.#entries.size === 0 &&
      this.#keys.size === 0 &&
      this.#said.length === this.#extents.size &&
      this.#said.every((said) => {
        const found = this.#extents.get(said.shard);
        return (
          found?.first === said.first &&
          found.next === said.next &&
          found.firstArrival === said.firstArrival &&
          found.lastArrival === said.lastArrival
        );
      })
    );
  }
}
