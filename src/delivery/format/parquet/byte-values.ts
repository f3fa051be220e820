import { ByteDictionary } from './byte-dictionary.ts';
import { encodedIndexes, indexBytes } from './encoded-indexes.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { GrowingIntegers } from './growing-integers.ts';
import {
  type Bounds,
  type ChunkValues,
  type Compare,
  compareNatural,
  type EncodedValues,
  type PageValues,
  wider,
} from './page-values.ts';
import type { ParquetLibrary } from './parquet-library.ts';

/** Strings and bytes; with `length`, all of them so many bytes long. */
export class ByteValues implements PageValues {
  readonly #library: ParquetLibrary;
  readonly #length: number | undefined;
  readonly #compare: Compare;
  readonly #pageBytes: number;
  /** Of a page with dictionary. */
  readonly #indexes = new GrowingIntegers();
  readonly #dictionary: ByteDictionary;
  /** Of a page without. */
  readonly #plain = new GrowingBytes();
  #plainCount = 0;
  #usesDictionary = true;
  #plainBytes = 0;
  /** Of the pages without dictionary. */
  #bounds: Bounds | undefined;
  #isFirstPage = true;
  #marked = { indexes: 0, dictionary: 0, plain: 0, plainCount: 0, plainBytes: 0 };

  /** A dictionary, which is a page itself, has at most `pageBytes`, and a value more. */
  constructor(
    library: ParquetLibrary,
    length: number | undefined,
    pageBytes: number,
    compare: Compare = compareNatural,
  ) {
    this.#library = library;
    this.#pageBytes = pageBytes;
    this.#length = length;
    this.#compare = compare;
    this.#dictionary = new ByteDictionary(length === undefined);
  }

  get count(): number {
    return this.#usesDictionary ? this.#indexes.length : this.#plainCount;
  }

  get plainBytes(): number {
    return this.#plainBytes;
  }

  get isFull(): boolean {
    return this.#usesDictionary && !this.#isDictionaryGood();
  }

  get heldBytes(): number {
    return this.#indexes.heldBytes + this.#dictionary.heldBytes + this.#plain.heldBytes;
  }

  add(source: Uint8Array, start: number, end: number): void {
    this.#plainBytes += end - start + (this.#length === undefined ? 4 : 0);
    if (this.#usesDictionary) {
      this.#indexes.push(this.#dictionary.intern(source, start, end));
      return;
    }
    if (this.#length === undefined) this.#plain.pushLength(end - start);
    this.#plain.push(source, start, end);
    this.#plainCount += 1;
  }

  mark(): void {
    this.#marked.indexes = this.#indexes.length;
    this.#marked.dictionary = this.#dictionary.count;
    this.#marked.plain = this.#plain.length;
    this.#marked.plainCount = this.#plainCount;
    this.#marked.plainBytes = this.#plainBytes;
  }

  rollback(): void {
    this.#indexes.length = this.#marked.indexes;
    this.#dictionary.truncate(this.#marked.dictionary);
    this.#plain.length = this.#marked.plain;
    this.#plainCount = this.#marked.plainCount;
    this.#plainBytes = this.#marked.plainBytes;
  }

  takePage(): EncodedValues {
    if (this.#usesDictionary && this.#isFirstPage && !this.#doesDictionaryPay()) this.#leaveDictionary();
    this.#isFirstPage = false;
    const encoded = this.#usesDictionary ? this.#takeIndexes() : this.#takePlain();
    this.#plainBytes = 0;
    // One that is full serves the pages that have been; the next ones are without.
    if (this.#usesDictionary && !this.#isDictionaryGood()) this.#usesDictionary = false;
    return encoded;
  }

  takeChunk(): ChunkValues {
    const count = this.#dictionary.count;
    const bytes = this.#dictionary.takePage();
    const chunk = {
      dictionary: count === 0 ? undefined : { bytes, count },
      bounds: wider(this.#bounds, this.#boundsOf(bytes), this.#compare),
    };
    this.#usesDictionary = true;
    this.#isFirstPage = true;
    this.#bounds = undefined;
    return chunk;
  }

  #isDictionaryGood(): boolean {
    return this.#dictionary.bytes < this.#pageBytes && !this.#dictionary.isCrowded;
  }

  #doesDictionaryPay(): boolean {
    const { count, bytes } = this.#dictionary;
    return bytes + indexBytes(this.#indexes.length, count) < this.#plainBytes;
  }

  /** Has the page, the chunk's first, be as if there had never been a dictionary. */
  #leaveDictionary(): void {
    for (const index of this.#indexes.view()) this.#dictionary.copyTo(this.#plain, index);
    this.#plainCount = this.#indexes.length;
    this.#indexes.clear();
    this.#dictionary.clear();
    this.#usesDictionary = false;
  }

  #takeIndexes(): EncodedValues {
    const bytes = encodedIndexes(this.#library, this.#indexes.view(), this.#dictionary.count);
    this.#indexes.clear();
    return { bytes, encoding: 'RLE_DICTIONARY' };
  }

  #takePlain(): EncodedValues {
    const bytes = this.#plain.take();
    this.#plainCount = 0;
    this.#bounds = wider(this.#bounds, this.#boundsOf(bytes), this.#compare);
    return { bytes, encoding: 'PLAIN' };
  }

  /** Of all values of a page without dictionary. */
  #boundsOf(page: Buffer): Bounds | undefined {
    let lower: Buffer | undefined;
    let upper: Buffer | undefined;
    for (let at = 0; at < page.length; ) {
      const start = this.#length === undefined ? at + 4 : at;
      at = start + (this.#length ?? page.readUInt32LE(at));
      const value = page.subarray(start, at);
      if (lower === undefined || this.#compare(value, lower) < 0) lower = value;
      if (upper === undefined || this.#compare(value, upper) > 0) upper = value;
    }
    // Copies: the page itself is not to be held for two of its values.
    return lower && upper && { lower: Buffer.from(lower), upper: Buffer.from(upper) };
  }
}
