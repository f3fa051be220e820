import { gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { isBrokenStream } from '../../delivery/record/inflated.ts';
import { Undecodable } from './undecodable.ts';

/** What bytes are once they are decompressed, and by what, outermost first. */
export type Inflated = { readonly layers: readonly string[]; readonly data: Buffer };

/** Takes gzip and zstd off, one in the other, too. `Undecodable` for what is broken or becomes too large. */
export function inflateLayers(data: Buffer): Inflated {
  const layers: string[] = [];
  let bytes = data;
  for (;;) {
    const layer = layerOf(bytes);
    if (layer === undefined) return { layers, data: bytes };
    if (layers.length === layersMax) throw new Undecodable(`it is compressed more than ${layersMax} times`);
    bytes = inflate(layer, bytes);
    layers.push(layer);
  }
}

const layersMax = 4;

/** The largest record of Kinesis has 10 MiB; one that becomes more than this is shown as it is. */
export const inflatedBytesMax = 16 * 1024 * 1024;

type Layer = 'gzip' | 'zstd';

function layerOf(bytes: Buffer): Layer | undefined {
  if (bytes.length < 5) return undefined;
  // RFC 1952: ID1, ID2, and the only method that there is.
  if (bytes.readUIntBE(0, 3) === 0x1f8b08) return 'gzip';
  // RFC 8878, "Zstandard Frames".
  return bytes.readUInt32BE(0) === 0x28b52ffd ? 'zstd' : undefined;
}

/** Decompresses. `Undecodable` as above. */
export function inflate(how: Layer | 'zlib' | 'deflate', bytes: Buffer): Buffer {
  try {
    return inflaters[how](bytes, { maxOutputLength: inflatedBytesMax });
  } catch (error) {
    if (isTooLarge(error)) throw new Undecodable(`its ${how} becomes more than 16 MiB`);
    if (isBrokenStream(error) || isBrokenZstd(error)) throw new Undecodable(`its ${how} is broken`);
    throw error;
  }
}

const inflaters = {
  gzip: gunzipSync,
  zlib: inflateSync,
  deflate: inflateRawSync,
  zstd: zstdDecompressSync,
};

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

const isTooLarge = (error: unknown) => codeOf(error) === 'ERR_BUFFER_TOO_LARGE';

/** Node names errors of zstd as its library does (zstd_errors.h). */
const isBrokenZstd = (error: unknown) => codeOf(error)?.startsWith('ZSTD_error_') === true;
