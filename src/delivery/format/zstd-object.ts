import { createZstdCompress } from 'node:zlib';
import { giveBack } from '../../env/discard.ts';
import type { Compressor } from './compressor.ts';

/**
 * One frame of Zstandard (RFC 8878). Several behind each other are one stream as well, but not to every
 * reader.
 */
export function openZstd(): Compressor {
  const stream = createZstdCompress();
  const compressed: Buffer[] = [];
  let heldBytes = encoderBytes;
  let failure: Error | undefined;
  const ended = Promise.withResolvers<void>();
  stream.on('data', (bytes: Buffer) => {
    compressed.push(bytes);
    heldBytes += bytes.length;
  });
  stream.on('error', (error: Error) => {
    failure = error;
    ended.resolve();
  });
  stream.on('end', () => ended.resolve());

  async function add(piece: Buffer): Promise<void> {
    const { length } = piece;
    heldBytes += length;
    const taken = Promise.withResolvers<void>();
    stream.write(piece, () => taken.resolve());
    await taken.promise;
    heldBytes -= length;
    if (failure !== undefined) throw failure;
    giveBack([piece]);
  }

  return {
    add,
    get heldBytes() {
      return heldBytes;
    },
    async finish() {
      stream.end();
      await ended.promise;
      if (failure !== undefined) throw failure;
      return compressed;
    },
  };
}

/** A window of 2 MiB at the level that is the default, 3, and its tables. */
const encoderBytes = 4 * 1024 * 1024;
