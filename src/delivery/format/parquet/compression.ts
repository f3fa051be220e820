import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import type { ParquetForm } from '../../delivery-spec.ts';
import type { ParquetLibrary } from './parquet-library.ts';

/** How pages are compressed: zlib's calls by its threads, Snappy here and at once. */
export type Compression = {
  readonly codec: CompressionCodec;
  readonly compress: (bytes: Uint8Array) => Promise<Uint8Array> | Uint8Array;
};

export function compressionOf(form: ParquetForm['compression'], library: ParquetLibrary): Compression {
  switch (form) {
    case 'NONE':
      return { codec: 'UNCOMPRESSED', compress: (bytes) => bytes };
    case 'SNAPPY':
      // A copy, as the library answers the end of a larger memory.
      return { codec: 'SNAPPY', compress: (bytes) => Buffer.from(library.snappyCompress(bytes)) };
    case 'GZIP':
      return { codec: 'GZIP', compress: promisify<Uint8Array, Buffer>(gzip) };
    case 'ZSTD':
      return { codec: 'ZSTD', compress: promisify<Uint8Array, Buffer>(zstdCompress) };
  }
}
