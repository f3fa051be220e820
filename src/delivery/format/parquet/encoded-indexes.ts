import type { ParquetLibrary } from './parquet-library.ts';

/**
 * Indexes into a dictionary as a data page has them: the width of each in bits, then runs (RLE_DICTIONARY).
 */
export function encodedIndexes(library: ParquetLibrary, indexes: Int32Array, entries: number): Uint8Array {
  const width = widthOf(entries);
  const writer = new library.ByteWriter(64 + ((indexes.length * width) >> 3));
  writer.appendUint8(width);
  library.writeRleBitPackedHybrid(writer, indexes, width);
  return writer.getBytes();
}

/** About as many bytes as `encodedIndexes` answers, were there no runs. */
export function indexBytes(count: number, entries: number): number {
  return Math.ceil((count * widthOf(entries)) / 8);
}

/** The bits of the largest index. */
function widthOf(entries: number): number {
  return entries < 2 ? 0 : 32 - Math.clz32(entries - 1);
}
