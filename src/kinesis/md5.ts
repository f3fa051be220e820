import { hash } from 'node:crypto';

/**
 * Writes the MD5 digest (RFC 1321) of `message[start..end)` to `words[at..at + 4)`, its first byte on top of
 * the first word. A partition key is short, and calling the platform's MD5 costs several times what hashing
 * one block does; longer messages go there all the same.
 */
export function writeMd5(
  message: Uint8Array,
  start: number,
  end: number,
  words: Uint32Array,
  at: number,
): void {
  if (end - start > messageMax) {
    const digest = hash('md5', message.subarray(start, end), 'buffer');
    for (let word = 0; word < 4; word++) words[at + word] = digest.readUInt32BE(word * 4);
    return;
  }
  fillBlock(message, start, end);
  digestBlock();
  for (let word = 0; word < 4; word++) words[at + word] = swapped(state[word]!);
}

// One block and one digest, filled anew by every call: nothing is kept from one to the next.
const block = new Int32Array(16);
const state = new Int32Array(4);

/** A block holds 64 bytes: the message, a one bit, and in the last eight the message's length. */
const messageMax = 55;

function fillBlock(message: Uint8Array, start: number, end: number): void {
  const length = end - start;
  let word = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    block[word++] =
      message[at]! | (message[at + 1]! << 8) | (message[at + 2]! << 16) | (message[at + 3]! << 24);
  }
  let last = 0x80;
  for (let byte = end - 1; byte >= at; byte--) last = (last << 8) | message[byte]!;
  block[word++] = last;
  while (word < 16) block[word++] = 0;
  block[14] = length << 3;
}

/** RFC 1321 §3.4: four rounds of sixteen steps, four of which at a time go through the words of the state. */
function digestBlock(): void {
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  for (let step = 0; step < 16; step += 4) {
    a = (rotated(a + (d ^ (b & (c ^ d))) + term(step), 7) + b) | 0;
    d = (rotated(d + (c ^ (a & (b ^ c))) + term(step + 1), 12) + a) | 0;
    c = (rotated(c + (b ^ (d & (a ^ b))) + term(step + 2), 17) + d) | 0;
    b = (rotated(b + (a ^ (c & (d ^ a))) + term(step + 3), 22) + c) | 0;
  }
  for (let step = 16; step < 32; step += 4) {
    a = (rotated(a + (c ^ (d & (b ^ c))) + term(step), 5) + b) | 0;
    d = (rotated(d + (b ^ (c & (a ^ b))) + term(step + 1), 9) + a) | 0;
    c = (rotated(c + (a ^ (b & (d ^ a))) + term(step + 2), 14) + d) | 0;
    b = (rotated(b + (d ^ (a & (c ^ d))) + term(step + 3), 20) + c) | 0;
  }
  for (let step = 32; step < 48; step += 4) {
    a = (rotated(a + (b ^ c ^ d) + term(step), 4) + b) | 0;
    d = (rotated(d + (a ^ b ^ c) + term(step + 1), 11) + a) | 0;
    c = (rotated(c + (d ^ a ^ b) + term(step + 2), 16) + d) | 0;
    b = (rotated(b + (c ^ d ^ a) + term(step + 3), 23) + c) | 0;
  }
  for (let step = 48; step < 64; step += 4) {
    a = (rotated(a + (c ^ (b | ~d)) + term(step), 6) + b) | 0;
    d = (rotated(d + (b ^ (a | ~c)) + term(step + 1), 10) + a) | 0;
    c = (rotated(c + (a ^ (d | ~b)) + term(step + 2), 15) + d) | 0;
    b = (rotated(b + (d ^ (c | ~a)) + term(step + 3), 21) + c) | 0;
  }
  state[0] = a + 0x67452301;
  state[1] = b + 0xefcdab89;
  state[2] = c + 0x98badcfe;
  state[3] = d + 0x10325476;
}

/** What a step adds besides the state. */
function term(step: number): number {
  return constants[step]! + block[order[step]!]!;
}

function rotated(sum: number, bits: number): number {
  return (sum << bits) | (sum >>> (32 - bits));
}

function swapped(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/** The integer part of 2^32 · |sin(step + 1)|. */
const constants = Int32Array.from({ length: 64 }, (_, step) =>
  Math.floor(2 ** 32 * Math.abs(Math.sin(step + 1))),
);
/** Which word of the block each step takes. */
const order = Int32Array.from(
  { length: 64 },
  (_, step) => [step, 5 * step + 1, 3 * step + 5, 7 * step][step >> 4]! & 15,
);
