/**
 * The hash key of a partition key in decimal: MD5 (RFC 1321) of its UTF-8 bytes as an unsigned big-endian
 * number (Kinesis API reference, PutRecord). Browsers have no MD5 of their own.
 */
export function hashKeyOf(partitionKey: string): string {
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  const words = paddedWords(new TextEncoder().encode(partitionKey));
  for (let block = 0; block < words.length; block += 16)
    digestBlock(state, words.subarray(block, block + 16));
  const bytes = new Uint8Array(Int32Array.from(state).buffer);
  return String(bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n));
}

/** Whether a hash key in decimal lies in a shard's range. */
export function isWithin(hashKey: string, starting: string, ending: string): boolean {
  const key = BigInt(hashKey);
  return key >= BigInt(starting) && key <= BigInt(ending);
}

/** Blocks of 64 bytes: the message, a one bit, zeros, and in the last eight bytes its length in bits. */
function paddedWords(message: Uint8Array): Int32Array {
  const padded = new DataView(new ArrayBuffer((Math.floor((message.length + 8) / 64) + 1) * 64));
  for (const [index, byte] of message.entries()) padded.setUint8(index, byte);
  padded.setUint8(message.length, 0x80);
  padded.setUint32(padded.byteLength - 8, message.length * 8, true);
  return Int32Array.from({ length: padded.byteLength / 4 }, (_, word) => padded.getInt32(word * 4, true));
}

function digestBlock(state: number[], block: Int32Array): void {
  let [a, b, c, d] = state as [number, number, number, number];
  for (let step = 0; step < 64; step++) {
    const round = step >> 4;
    const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round]!;
    const word = block[[step, 5 * step + 1, 3 * step + 5, 7 * step][round]! & 15]!;
    const sum = (a + mixed + constants[step]! + word) | 0;
    const bits = shifts[round]![step & 3]!;
    [a, d, c, b] = [d, c, b, (b + ((sum << bits) | (sum >>> (32 - bits)))) | 0];
  }
  for (const [index, value] of [a, b, c, d].entries()) state[index] = (state[index]! + value) | 0;
}

/** The integer part of 2^32 · |sin(step + 1)|. */
const constants = Int32Array.from({ length: 64 }, (_, step) =>
  Math.floor(2 ** 32 * Math.abs(Math.sin(step + 1))),
);
const shifts = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
];
