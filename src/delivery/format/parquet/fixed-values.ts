import { encodedIndexes, indexBytes } from './encoded-indexes.ts';
import { type FixedType, fixedBounds } from './fixed-bounds.ts';
import { FixedDictionary } from './fixed-dictionary.ts';
import { GrowingIntegers } from './growing-integers.ts';
import {
  type Bounds,
  type ChunkValues,
  compareNatural,
  type EncodedValues,
  type PageValues,
  wider,
} from './page-values.ts';
import type { ParquetLibrary } from './parquet-library.ts';

/** Numbers of four or eight bytes, as words of 32 bits, the low one first. */
export class FixedValues implements PageValues {
  readonly #library: ParquetLibrary;
  readonly #type: FixedType;
  readonly #words: 1 | 2;
  readonly #pageBytes: number;
  /** Of the page: indexes into the dictionary, or the words themselves. */
  readonly #page = new GrowingIntegers();
  readonly #dictionary: FixedDictionary;
  #usesDictionary = true;
  /** Of the pages without dictionary. */
  #bounds: Bounds | undefined;
  #isFirstPage = true;
  #marked = { page: 0, dictionary: 0 };
  readonly #float32 = new Float32Array(1);
  readonly #float32Words = new Int32Array(this.#float32.buffer);
  readonly #float64 = new Float64Array(1);
  readonly #float64Words = new Int32Array(this.#float64.buffer);

  /** A dictionary, which is a page itself, has at most `pageBytes`, and a few values more. */
  constructor(library: ParquetLibrary, type: FixedType, pageBytes: number) {
    this.#library = library;
    this.#pageBytes = pageBytes;
    this.#type = type;
    this.#words = type === 'INT64' || type === 'DOUBLE' ? 2 : 1;
    this.#dictionary = new FixedDictionary(this.#words);
  }

  get count(): number {
    return this.#usesDictionary ? this.#page.length : this.#page.length / this.#words;
  }

  get plainBytes(): number {
    return this.count * this.#words * 4;
  }

  get isFull(): boolean {
    return this.#usesDictionary && !this.#isDictionaryGood();
  }

  get heldBytes(): number {
    return this.#page.heldBytes + this.#dictionary.heldBytes;
  }

  addInteger(value: number): void {
    this.#add(value, 0);
  }

  /** An integer of at most 53 bits. */
  addLong(value: number): void {
    this.#add(value | 0, Math.floor(value / 4_294_967_296));
  }

  addBigLong(value: bigint): void {
    this.#add(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
  }

  addFloat(value: number): void {
    this.#float32[0] = value;
    this.#add(this.#float32Words[0]!, 0);
  }

  addDouble(value: number): void {
    this.#float64[0] = value;
    this.#add(this.#float64Words[0]!, this.#float64Words[1]!);
  }

  mark(): void {
    this.#marked.page = this.#page.length;
    this.#marked.dictionary = this.#dictionary.count;
  }

  rollback(): void {
    this.#page.length = this.#marked.page;
    this.#dictionary.truncate(this.#marked.dictionary);
  }

  takePage(): EncodedValues {
    if (this.#usesDictionary && this.#isFirstPage && !this.#doesDictionaryPay()) this.#leaveDictionary();
    this.#isFirstPage = false;
    const encoded = this.#usesDictionary ? this.#takeIndexes() : this.#takeWords();
    this.#page.clear();
    // One that is full serves the pages that have been; the next ones are without.
    if (this.#usesDictionary && !this.#isDictionaryGood()) this.#usesDictionary = false;
    return encoded;
  }

  takeChunk(): ChunkValues {
    const dictionary = this.#dictionary;
    const words = dictionary.plainWords();
    const chunk = {
      dictionary: dictionary.count === 0 ? undefined : { bytes: bytesOf(words), count: dictionary.count },
      bounds: wider(this.#bounds, fixedBounds(this.#type, words), compareNatural),
    };
    dictionary.clear();
    this.#usesDictionary = true;
    this.#isFirstPage = true;
    this.#bounds = undefined;
    return chunk;
  }

  #add(low: number, high: number): void {
    if (this.#usesDictionary) {
      this.#page.push(this.#dictionary.intern(low, high));
    } else {
      this.#page.push(low);
      if (this.#words === 2) this.#page.push(high);
    }
  }

  #isDictionaryGood(): boolean {
    return this.#dictionary.bytes < this.#pageBytes && !this.#dictionary.isCrowded;
  }

  #doesDictionaryPay(): boolean {
    const { count, bytes } = this.#dictionary;
    return bytes + indexBytes(this.#page.length, count) < this.plainBytes;
  }

  /** Has the page, the chunk's first, be as if there had never been a dictionary. */
  #leaveDictionary(): void {
    const indexes = this.#page.view().slice();
    this.#page.length = 0;
    for (const index of indexes) {
      this.#page.push(this.#dictionary.low(index));
      if (this.#words === 2) this.#page.push(this.#dictionary.high(index));
    }
    this.#dictionary.clear();
    this.#usesDictionary = false;
  }

  #takeIndexes(): EncodedValues {
    const bytes = encodedIndexes(this.#library, this.#page.view(), this.#dictionary.count);
    return { bytes, encoding: 'RLE_DICTIONARY' };
  }

  #takeWords(): EncodedValues {
    const words = this.#page.view().slice();
    this.#bounds = wider(this.#bounds, fixedBounds(this.#type, words), compareNatural);
    return { bytes: bytesOf(words), encoding: 'PLAIN' };
  }
}

/** Words lie in memory as in Parquet, little endian, on all that Node runs on but a few mainframes. */
function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
