import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { giveBack } from '../../env/discard.ts';
import type { Compressor } from './compressor.ts';
import { openOrderedPieces } from './ordered-pieces.ts';

/**
 * One member of gzip (RFC 1952) of many pieces. Each is deflated by itself and ends on a byte, with an empty
 * stored block (RFC 1951 §3.2.4), so that pieces behind each other are one stream.
 */
export function openGzip(): Compressor {
  let crc = 0;
  return openOrderedPieces({
    head: () => gzipHead,
    compress(piece) {
      crc = crc32(piece, crc);
      return deflatedPiece(piece);
    },
    tail({ raw }) {
      const tail = Buffer.alloc(lastBlock.length + 8);
      lastBlock.copy(tail);
      tail.writeUInt32LE(crc, lastBlock.length);
      tail.writeUInt32LE(raw % 2 ** 32, lastBlock.length + 4);
      return tail;
    },
  });
}

/** A piece of a stream of deflate, which is not its end, in memory of its own. */
export async function deflatedPiece(piece: Buffer): Promise<Buffer> {
  const chunkSize = Math.max(chunkBytesMin, piece.length >>> 1);
  const deflated = await deflateAsync(piece, { level, chunkSize, finishFlush: constants.Z_SYNC_FLUSH });
  const own = Buffer.allocUnsafeSlow(deflated.length);
  deflated.copy(own);
  giveBack([deflated]);
  return own;
}

/**
 * Node hands out what zlib makes in chunks, 16 KiB unless it is told otherwise, and each takes a turn of the
 * event loop. Text mostly fits into the half of itself.
 */
const chunkBytesMin = 4 * 1024;

/** A final block with nothing in it but its end (RFC 1951 §3.2.6): ends a stream of pieces. */
export const lastBlock = Buffer.from([0x03, 0x00]);

const deflateAsync = promisify(deflateRaw) as (
  piece: Buffer,
  options: { readonly level: number; readonly chunkSize: number; readonly finishFlush: number },
) => Promise<Buffer>;

/**
 * Of zlib: within some percent of the size that 6 makes, its default, and a quarter faster with lines of
 * JSON.
 */
const level = 5;

/** Magic, deflate, no flags, no time, no hint, and a system that is not known. */
const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
