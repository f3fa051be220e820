import { DamagedError } from '../log.ts';
import { readFooter } from './footer-reader.ts';
import type { OpenFiles } from './open-files.ts';
import type { Segment, SegmentIndex } from './segment.ts';

/** The indexes of finished segments that were used last. The others are read from their footers again. */
export class FooterCache {
  readonly #files: OpenFiles;
  readonly #landmarksMax: number;
  /** In the order of use, the last used last. */
  readonly #indexes = new Map<Segment, SegmentIndex>();
  #landmarks = 0;

  constructor(files: OpenFiles, landmarksMax: number) {
    this.#files = files;
    this.#landmarksMax = landmarksMax;
  }

  async indexOf(segment: Segment): Promise<SegmentIndex> {
    const index = this.#indexes.get(segment) ?? (await this.#load(segment));
    this.forget(segment);
    this.keep(segment, index);
    return index;
  }

  keep(segment: Segment, index: SegmentIndex): void {
    this.#indexes.set(segment, index);
    this.#landmarks += landmarksOf(index);
    for (const oldest of this.#indexes.keys()) {
      if (this.#landmarks <= this.#landmarksMax || oldest === segment) break;
      this.forget(oldest);
    }
  }

  forget(segment: Segment): void {
    const index = this.#indexes.get(segment);
    if (index === undefined) return;
    this.#indexes.delete(segment);
    this.#landmarks -= landmarksOf(index);
  }

  async #load(segment: Segment): Promise<SegmentIndex> {
    const found = await this.#files.use(segment.path, (file) => readFooter(file, segment.epoch));
    if (found === undefined || found.position !== segment.end) {
      throw new DamagedError(`${segment.path}: the footer at byte ${segment.end} is damaged.`);
    }
    return found.footer.index;
  }
}

function landmarksOf(index: SegmentIndex): number {
  let sum = 0;
  for (const { size } of index.values()) sum += size;
  return sum;
}
