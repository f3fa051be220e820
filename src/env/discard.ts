import { isPooled } from './workers.ts';

/**
 * Gives back the memory of a buffer, if it is large; every view of it is empty from then on. Large buffers
 * cannot wait for the garbage collector: for every few of them it would look through the whole heap, which
 * takes longer than answering the requests that they were for.
 */
export function discard(bytes: Buffer): void {
  const { buffer } = bytes;
  if (bytes.length > bytesMin && buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length) {
    buffer.transfer(0);
  }
}

const bytesMin = 1024 * 1024;

/**
 * Gives back at once all of the memory that pieces lie in, of any size, where it is not Node's pool; every
 * view of it is empty from then on. Nobody may look at any of it any more: neither code, nor a write that the
 * system was asked for and that has not ended.
 */
export function giveBack(pieces: readonly Uint8Array[]): void {
  for (const { buffer } of pieces)
    if (buffer instanceof ArrayBuffer && buffer.byteLength > 0 && !isPooled(buffer)) buffer.transfer(0);
}

/**
 * The same bytes in memory that they mostly fill; if what they lay in was larger, it is given back. It was
 * not pooled, and nobody else has it.
 */
export function inOwnMemory(bytes: Buffer): Buffer {
  const { buffer, byteOffset, length } = bytes;
  if (length * 4 >= buffer.byteLength * 3 || !(buffer instanceof ArrayBuffer)) return bytes;
  return byteOffset === 0 ? Buffer.from(buffer.transfer(length)) : Buffer.from(bytes);
}
