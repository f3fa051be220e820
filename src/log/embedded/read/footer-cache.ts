import { DamagedError } from '../../log.ts';
import { decoded } from '../format/decoded.ts';
import { blockBorders, decodeFooterIndex } from '../format/footer.ts';
import type { Segment, SegmentIndex } from '../segment.ts';
import { readFooter } from './footer-reader.ts';
import type { OpenFiles } from './open-files.ts';

/**
 * Where the frames of a finished segment lie, by shard, and where the blocks are divided in which it is read.
 */
type SegmentMap = { readonly index: SegmentIndex; readonly borders: readonly number[] };

/** The indexes of finished segments that were used last. The others are read from their footers again. */
export class FooterCache {
  readonly #files: OpenFiles;
  readonly #indexEntriesMax: number;
  readonly #blockBytes: number;
  readonly #loading = new Map<Segment, Promise<SegmentIndex>>();
  /** The least recently used first. */
  readonly #maps = new Map<Segment, SegmentMap>();
  #entries = 0;

  constructor(files: OpenFiles, indexEntriesMax: number, blockBytes: number) {
    this.#files = files;
    this.#indexEntriesMax = indexEntriesMax;
    this.#blockBytes = blockBytes;
  }

  async mapOf(segment: Segment): Promise<SegmentMap> {
    const known = this.#maps.get(segment);
    if (known === undefined) return this.keep(segment, await this.#load(segment));
    this.#maps.delete(segment);
    this.#maps.set(segment, known);
    return known;
  }

  keep(segment: Segment, index: SegmentIndex): SegmentMap {
    this.forget(segment);
    const map = { index, borders: blockBorders(index, segment.end, this.#blockBytes) };
    this.#maps.set(segment, map);
    this.#entries += entriesOf(index);
    for (const oldest of this.#maps.keys()) {
      if (this.#entries <= this.#indexEntriesMax || oldest === segment) break;
      this.forget(oldest);
    }
    return map;
  }

  forget(segment: Segment): void {
    const map = this.#maps.get(segment);
    if (map === undefined) return;
    this.#maps.delete(segment);
    this.#entries -= entriesOf(map.index);
  }

  /** Read once, however many readers wait for it. */
  #load(segment: Segment): Promise<SegmentIndex> {
    const loading = this.#loading.get(segment) ?? this.#read(segment);
    this.#loading.set(segment, loading);
    const finish = () => this.#loading.delete(segment);
    loading.then(finish, finish);
    return loading;
  }

  async #read(segment: Segment): Promise<SegmentIndex> {
    const found = await this.#files.use(segment.path, (file) => readFooter(file, segment));
    if (found === undefined || found.position !== segment.end) {
      throw new DamagedError(`${segment.path}: the footer at byte ${segment.end} is damaged.`);
    }
    return decoded(segment.path, 'the footer', () => decodeFooterIndex(found.payload));
  }
}

function entriesOf(index: SegmentIndex): number {
  let sum = 0;
  for (const { size } of index.values()) sum += size;
  return sum;
}
