import { decodeFooter, decodeFooterIndex } from '../format/footer.ts';
import { nextOf } from '../format/frame.ts';
import type { Extent } from '../segment.ts';
import type { Landmark } from '../format/sparse-index.ts';
import type { WholeFrame } from './verify-chain.ts';

/** Compares what a footer says about its segment's frames with the frames. */
export class FooterTest {
  readonly #landmarks = new Map<number, Landmark & { readonly shard: number }>();
  readonly #extents = new Map<number, Omit<Extent, 'segment'>>();
  readonly #said: readonly Omit<Extent, 'segment'>[];
  #isRight = true;

  constructor(payload: Buffer) {
    this.#said = decodeFooter(payload).extents;
    for (const [shard, index] of decodeFooterIndex(payload)) {
      for (const landmark of index.landmarks())
        this.#landmarks.set(landmark.position, { ...landmark, shard });
    }
  }

  admit({ position, frame }: WholeFrame): void {
    const { shard, first, arrival } = frame;
    const landmark = this.#landmarks.get(position);
    const extent = this.#extents.get(shard);
    if (landmark !== undefined) {
      this.#landmarks.delete(position);
      if (landmark.shard !== shard || landmark.offset !== first || landmark.arrival !== arrival)
        this.#isRight = false;
    } else if (extent === undefined) this.#isRight = false;
    const begun = extent ?? { shard, first, firstArrival: arrival };
    this.#extents.set(shard, { ...begun, next: nextOf(frame), lastArrival: arrival });
  }

  /** True when it leads to all frames. Call it once all were admitted. */
  get isRight(): boolean {
    return (
      this.#isRight &&
      this.#landmarks.size === 0 &&
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
