import { crc32 } from 'node:zlib';
import type { CompressionCodec, Encoding, PageHeader } from 'hyparquet';
import { giveBack } from '../../../env/discard.ts';
import type { Compression } from './compression.ts';
import type { ParquetLibrary } from './parquet-library.ts';

/** A data page before it is compressed: levels, then values. */
export type PlainPage = { readonly bytes: Uint8Array; readonly count: number; readonly encoding: Encoding };

/** What of a column chunk lies in the file. */
export type WrittenPages = {
  readonly pieces: readonly Buffer[];
  readonly bytes: number;
  /** The same, had nothing been compressed. */
  readonly plainBytes: number;
  /** Where the first data page begins in it: what is before is the dictionary. */
  readonly dataStart: number;
  readonly encodings: readonly Encoding[];
};

/** The data pages of a column chunk: compressed as they come, and written together. */
export class ChunkPages {
  readonly #library: ParquetLibrary;
  readonly #compression: Compression;
  #pages: { readonly page: Omit<PlainPage, 'bytes'>; readonly plainBytes: number; body: Uint8Array }[] = [];
  readonly #pending: Promise<void>[] = [];
  #heldBytes = 0;
  #plainBytes = 0;

  constructor(library: ParquetLibrary, compression: Compression) {
    this.#library = library;
    this.#compression = compression;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  get plainBytes(): number {
    return this.#plainBytes;
  }

  /** Takes a page, whose memory is given back once it is compressed. */
  add({ bytes, count, encoding }: PlainPage): void {
    const plainBytes = bytes.length;
    const page = { page: { count, encoding }, plainBytes, body: bytes };
    this.#pages.push(page);
    this.#plainBytes += bytes.length;
    this.#heldBytes += bytes.length;
    const compressed = this.#compression.compress(bytes);
    const keep = (body: Uint8Array) => {
      page.body = body;
      this.#heldBytes += body.length - plainBytes;
      if (body.buffer !== bytes.buffer) giveBack([bytes]);
    };
    if (compressed instanceof Promise) this.#pending.push(compressed.then(keep));
    else keep(compressed);
  }

  get codec(): CompressionCodec {
    return this.#compression.codec;
  }

  /** Resolves when all that was added is compressed. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending.splice(0));
  }

  /** Writes the chunk; the next one begins. */
  async take(
    dictionary: { readonly bytes: Uint8Array; readonly count: number } | undefined,
  ): Promise<WrittenPages> {
    await this.settled();
    const pieces: Buffer[] = [];
    const sizes = { bytes: 0, plainBytes: 0 };
    const write = (header: Buffer, body: Uint8Array, plainBytes: number) => {
      pieces.push(header, asBuffer(body));
      sizes.bytes += header.length + body.length;
      sizes.plainBytes += header.length + plainBytes;
    };
    if (dictionary !== undefined) {
      const body = await this.#compression.compress(dictionary.bytes);
      write(this.#dictionaryHeader(dictionary, body), body, dictionary.bytes.length);
    }
    const dataStart = sizes.bytes;
    for (const { page, plainBytes, body } of this.#pages) {
      write(this.#dataHeader(page, body, plainBytes), body, plainBytes);
    }
    const encodings = new Set<Encoding>(this.#pages.map(({ page }) => page.encoding));
    if (dictionary !== undefined) encodings.add('PLAIN');
    encodings.add('RLE'); // of the levels
    this.#pages = [];
    this.#heldBytes = 0;
    this.#plainBytes = 0;
    return { pieces, ...sizes, dataStart, encodings: [...encodings] };
  }

  #dictionaryHeader(dictionary: { bytes: Uint8Array; count: number }, body: Uint8Array): Buffer {
    return this.#header(body, dictionary.bytes.length, {
      type: 'DICTIONARY_PAGE',
      dictionary_page_header: { num_values: dictionary.count, encoding: 'PLAIN' },
    });
  }

  #dataHeader({ count, encoding }: Omit<PlainPage, 'bytes'>, body: Uint8Array, plainBytes: number): Buffer {
    return this.#header(body, plainBytes, {
      type: 'DATA_PAGE',
      data_page_header: {
        num_values: count,
        encoding,
        definition_level_encoding: 'RLE',
        repetition_level_encoding: 'RLE',
      },
    });
  }

  #header(
    body: Uint8Array,
    plainBytes: number,
    of: Pick<PageHeader, 'type' | 'data_page_header' | 'dictionary_page_header'>,
  ): Buffer {
    const writer = new this.#library.ByteWriter(64);
    this.#library.writePageHeader(writer, {
      ...of,
      uncompressed_page_size: plainBytes,
      compressed_page_size: body.length,
      crc: crc32(body) | 0, // Thrift's integers are signed.
    });
    return Buffer.from(writer.getBytes());
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
