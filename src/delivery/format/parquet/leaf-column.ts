import type { ColumnChunk } from 'hyparquet';
import { giveBack } from '../../../env/discard.ts';
import type { ColumnFacts } from '../../../iceberg/iceberg-table.ts';
import { icebergBounds, statisticsOf } from './bounds.ts';
import { ChunkPages, type WrittenPages } from './chunk-pages.ts';
import type { Compression } from './compression.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { type Bounds, type PageValues, wider } from './page-values.ts';
import { compareOf, type Leaf } from './parquet-leaf.ts';
import type { ParquetLibrary } from './parquet-library.ts';

/** A page ends at so many values, few as their bytes may be. */
const pageValuesMax = 65_536;

/** What a column takes of V8's heap, whatever is in it: measured, of a file of 20 columns. */
const objectBytes = 4 * 1024;

/**
 * A column of the file that has values, not columns, below it. Values come with the levels of Dremel's paper:
 * how much of the path to them is there, and at which list on the path they are another entry. Pages are
 * compressed as they end, and kept until the row group is written.
 */
export class LeafColumn {
  readonly leaf: Leaf;
  readonly #library: ParquetLibrary;
  readonly #values: PageValues;
  readonly #definitions = new GrowingBytes();
  readonly #repetitions = new GrowingBytes();
  readonly #pages: ChunkPages;
  /** Values and nulls: of the page, and of the chunk before it. */
  #count = 0;
  #chunkCount = 0;
  #chunkNulls = 0;
  #marked = 0;
  /** Of the chunks that are written. */
  #written = { bytes: 0, values: 0, nulls: 0 };
  #bounds: Bounds | undefined;

  constructor(leaf: Leaf, values: PageValues, compression: Compression, library: ParquetLibrary) {
    this.leaf = leaf;
    this.#values = values;
    this.#library = library;
    this.#pages = new ChunkPages(library, compression);
  }

  /** Bytes of memory. */
  get heldBytes(): number {
    const levels = this.#definitions.heldBytes + this.#repetitions.heldBytes;
    return objectBytes + this.#values.heldBytes + levels + this.#pages.heldBytes;
  }

  /** Of the row group, before compression. */
  get plainBytes(): number {
    return this.#pages.plainBytes + this.#values.plainBytes;
  }

  /** The value that was just given to the column's values begins at this level of repetition. */
  present(repetition: number): void {
    this.#level(this.leaf.definitionMax, repetition);
  }

  /** There is no value: the path is there up to `definition`, below what a value has. */
  absent(definition: number, repetition: number): void {
    this.#level(definition, repetition);
  }

  /** What comes from here on can be taken back, until a page is cut. */
  mark(): void {
    this.#marked = this.#count;
    this.#values.mark();
  }

  rollback(): void {
    this.#count = this.#marked;
    if (this.leaf.definitionMax > 0) this.#definitions.length = this.#marked;
    if (this.leaf.repetitionMax > 0) this.#repetitions.length = this.#marked;
    this.#values.rollback();
  }

  /** Ends the page if its values have so many bytes, or it is time otherwise. To be called between rows. */
  cutIfFull(pageBytes: number): void {
    const { plainBytes, isFull } = this.#values;
    if (this.#count >= pageValuesMax || plainBytes >= pageBytes || isFull) this.#cutPage();
  }

  /** Resolves when what was cut is compressed. */
  async settled(): Promise<void> {
    await this.#pages.settled();
  }

  /** Ends the chunk, which is to be at `offset` of the file; the next one begins. */
  async takeChunk(offset: number): Promise<{ readonly written: WrittenPages; readonly chunk: ColumnChunk }> {
    if (this.#count > 0) this.#cutPage();
    const { dictionary, bounds } = this.#values.takeChunk();
    const written = await this.#pages.take(dictionary);
    const chunk = this.#chunkOf(written, bounds, offset);
    this.#bounds = wider(this.#bounds, bounds, compareOf(this.leaf.type));
    this.#written.bytes += written.bytes;
    this.#written.values += this.#chunkCount;
    this.#written.nulls += this.#chunkNulls;
    this.#chunkCount = 0;
    this.#chunkNulls = 0;
    return { written, chunk };
  }

  /** Of all chunks that are written. Entries of lists and maps have no bounds: no reader asks for them. */
  facts(): ColumnFacts {
    const bounds = this.leaf.repetitionMax === 0 ? this.#bounds : undefined;
    return { ...this.#written, ...icebergBounds(this.leaf.type, bounds) };
  }

  #level(definition: number, repetition: number): void {
    this.#count += 1;
    if (this.leaf.definitionMax > 0) this.#definitions.pushByte(definition);
    if (this.leaf.repetitionMax > 0) this.#repetitions.pushByte(repetition);
  }

  #cutPage(): void {
    this.#chunkCount += this.#count;
    this.#chunkNulls += this.#count - this.#values.count;
    const values = this.#values.takePage();
    const levels = [
      this.#levelBytes(this.#repetitions, this.leaf.repetitionMax),
      this.#levelBytes(this.#definitions, this.leaf.definitionMax),
    ];
    const bytes = Buffer.concat([...levels, values.bytes]);
    giveBack([...levels, values.bytes]);
    this.#pages.add({ bytes, count: this.#count, encoding: values.encoding });
    this.#count = 0;
  }

  /** Levels as the first version of data pages has them: their length in four bytes, then runs. */
  #levelBytes(levels: GrowingBytes, max: number): Uint8Array {
    if (max === 0) return Buffer.alloc(0);
    const writer = new this.#library.ByteWriter();
    writer.appendUint32(0);
    const bytes = this.#library.writeRleBitPackedHybrid(writer, levels.view(), 32 - Math.clz32(max));
    writer.view.setUint32(0, bytes, true);
    levels.clear();
    return writer.getBytes();
  }

  #chunkOf(written: WrittenPages, bounds: Bounds | undefined, offset: number): ColumnChunk {
    return {
      file_offset: 0n, // Where a copy of what follows is in the file: nowhere.
      meta_data: {
        type: this.leaf.physical.kind,
        encodings: [...written.encodings],
        path_in_schema: [...this.leaf.path],
        codec: this.#pages.codec,
        num_values: BigInt(this.#chunkCount),
        total_uncompressed_size: BigInt(written.plainBytes),
        total_compressed_size: BigInt(written.bytes),
        data_page_offset: BigInt(offset + written.dataStart),
        ...(written.dataStart > 0 && { dictionary_page_offset: BigInt(offset) }),
        statistics: { null_count: BigInt(this.#chunkNulls), ...statisticsOf(this.leaf.type, bounds) },
      },
    };
  }
}
