import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { uuidOf } from '../names/unique-text.ts';
import type { Compressor } from './compressor.ts';
import { deflatedPiece, lastBlock } from './gzip-object.ts';
import { openOrderedPieces, type PieceSizes } from './ordered-pieces.ts';

/**
 * An archive of one entry that is deflated (PKWARE, APPNOTE.TXT 6.3.10), as Firehose delivers it: the entry
 * is named by a UUID, which follows from what is in it here, so that an object that is made again is the
 * same.
 */
export function openZip(): Compressor {
  let crc = 0;
  return openOrderedPieces({
    compress(piece) {
      crc = crc32(piece, crc);
      return deflatedPiece(piece);
    },
    head: (sizes) => localHeader(entryOf(crc, sizes)),
    tail(sizes) {
      const entry = entryOf(crc, sizes);
      const directory = directoryHeader(entry);
      const start = localHeaderBytes + entry.name.length + entry.compressed;
      return Buffer.concat([lastBlock, directory, endOfDirectory(directory.length, start)]);
    },
  });
}

type ZipEntry = {
  readonly name: Buffer;
  readonly crc: number;
  readonly raw: number;
  readonly compressed: number;
};

function entryOf(crc: number, sizes: PieceSizes): ZipEntry {
  const compressed = sizes.compressed + lastBlock.length;
  // A chunk is smaller by far: no record and no buffer is larger.
  assert(sizes.raw < 2 ** 32);
  assert(compressed < 2 ** 32);
  return { name: Buffer.from(uuidOf(`${crc}/${sizes.raw}`)), crc, raw: sizes.raw, compressed };
}

/**
 * Signature, version 2.0, no flags, deflate, the first day of 1980, crc, sizes, length of the name, no extra.
 */
function localHeader(entry: ZipEntry): Buffer {
  const header = Buffer.alloc(localHeaderBytes);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header, 4, entry);
  return Buffer.concat([header, entry.name]);
}

const localHeaderBytes = 30;

/** Made by version 2.0; then what the local header has; no comment, the first disk, no attributes, at 0. */
function directoryHeader(entry: ZipEntry): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 4);
  writeCommon(header, 6, entry);
  return Buffer.concat([header, entry.name]);
}

function writeCommon(header: Buffer, at: number, entry: ZipEntry): void {
  header.writeUInt16LE(20, at);
  header.writeUInt16LE(8, at + 4);
  header.writeUInt16LE((1 << 5) | 1, at + 8); // month and day of 1980
  header.writeUInt32LE(entry.crc, at + 10);
  header.writeUInt32LE(entry.compressed, at + 14);
  header.writeUInt32LE(entry.raw, at + 18);
  header.writeUInt16LE(entry.name.length, at + 22);
}

function endOfDirectory(directoryBytes: number, directoryStart: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(directoryStart, 16);
  return end;
}
