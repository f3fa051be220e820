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
