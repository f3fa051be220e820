import { hash } from 'node:crypto';

/**
 * The MD5 digest (RFC 1321) of a text's UTF-8 bytes, as a big-endian number. A partition key is short, and calling the
 * platform's MD5 costs several times what hashing one block does; other texts go there all the same.
 */
export function md5Of(text: string): bigint {
  if (!fillBlock(text)) return BigInt(`0x${hash('md5', text, 'hex')}`);
  digestBlock();
  return (digestView.getBigUint64(0) << 64n) | digestView.getBigUint64(8);
}

// One block and one digest, filled anew by every call: nothing is kept from one to the next.
const block = new Int32Array(16);
const digestView = new DataView(new ArrayBuffer(16));

/** A block holds 64 bytes: the message, a one bit, and in the last eight the message's length. */
const messageMax = 55;

/** Puts a message of one block of ASCII in place, padded; false when it is none. */
function fillBlock(text: string): boolean {
  const { length } = text;
  if (length > messageMax) return false;
  block.fill(0);
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return false;
    block[index >> 2]! |= code << ((index & 3) << 3);
  }
  block[length >> 2]! |= 0x80 << ((length & 3) << 3);
  block[14] = length << 3;
  return true;
}

/** RFC 1321 §3.4: four rounds of sixteen steps, each with a function, shifts and constants of its own. */
function digestBlock(): void {
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  for (let step = 0; step < 64; step++) {
    const round = step >> 4;
    let mixed: number;
    if (round === 0) mixed = (b & c) | (~b & d);
    else if (round === 1) mixed = (d & b) | (~d & c);
    else if (round === 2) mixed = b ^ c ^ d;
    else mixed = c ^ (b | ~d);
    const sum = (a + mixed + constants[step]! + block[order[step]!]!) | 0;
    const shift = shifts[(round << 2) | (step & 3)]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  digestView.setInt32(0, a + 0x67452301, true);
  digestView.setInt32(4, b + 0xefcdab89, true);
  digestView.setInt32(8, c + 0x98badcfe, true);
  digestView.setInt32(12, d + 0x10325476, true);
}

/** The integer part of 2^32 · |sin(step + 1)|. */
const constants = Int32Array.from({ length: 64 }, (_, step) =>
  Math.floor(2 ** 32 * Math.abs(Math.sin(step + 1))),
);
/** Four of each round. */
const shifts = Int32Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);
/** Which word of the block each step takes. */
const order = Int32Array.from(
  { length: 64 },
  (_, step) => [step, 5 * step + 1, 3 * step + 5, 7 * step][step >> 4]! & 15,
);
