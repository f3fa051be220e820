import type { Compressor } from './compressor.ts';
import { openOrderedPieces } from './ordered-pieces.ts';

/**
 * Firehose's `Snappy`: the stream of snappy-java (xerial/snappy-java, "SnappyOutputStream"), which is not the
 * official framing format of Snappy. Magic, two versions, and blocks with their compressed length before
 * them.
 */
export function openXerialSnappy(): Compressor {
  return openOrderedPieces({
    head: () => xerialHead,
    compress: (piece) => inBlocks(piece, (_, compressed) => [length(compressed.length), compressed]),
  });
}

/**
 * Firehose's `HADOOP_SNAPPY`: blocks with their length, raw and then compressed, before them, as Hadoop's
 * `BlockCompressorStream` writes them and its `SnappyCodec` reads them.
 */
export function openHadoopSnappy(): Compressor {
  return openOrderedPieces({
    compress: (piece) =>
      inBlocks(piece, (block, compressed) => [length(block.length), length(compressed.length), compressed]),
  });
}

/** Magic, the version, and the oldest version that can read it, big endian. */
const xerialHead = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);

/** The default of both of snappy-java's streams. */
const blockBytes = 32 * 1024;

async function inBlocks(
  piece: Buffer,
  framed: (block: Buffer, compressed: Uint8Array) => readonly Uint8Array[],
): Promise<Buffer> {
  // Loaded when first asked for, like all of what writes Parquet.
  const { snappyCompress } = await import('hyparquet-writer/src/snappy.js');
  const parts: Uint8Array[] = [];
  for (let at = 0; at < piece.length; at += blockBytes) {
    const block = piece.subarray(at, at + blockBytes);
    parts.push(...framed(block, snappyCompress(block)));
  }
  return Buffer.concat(parts);
}

function length(bytes: number): Buffer {
  const written = Buffer.alloc(4);
  written.writeUInt32BE(bytes);
  return written;
}
