import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import { giveBack } from '../../../env/discard.ts';
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
      return { codec: 'SNAPPY', compress: (bytes) => snappy(bytes, library) };
    case 'GZIP':
      return { codec: 'GZIP', compress: promisify<Uint8Array, Buffer>(gzip) };
    case 'ZSTD':
      return { codec: 'ZSTD', compress: promisify<Uint8Array, Buffer>(zstdCompress) };
  }
}

/** A copy, as the library answers the end of a larger memory, which is given back. */
function snappy(bytes: Uint8Array, library: ParquetLibrary): Buffer {
  const compressed = library.snappyCompress(bytes);
  const own = Buffer.allocUnsafeSlow(compressed.length);
  own.set(compressed);
  giveBack([compressed]);
  return own;
}
