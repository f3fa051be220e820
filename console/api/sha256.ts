/**
 * SHA-256 (FIPS 180-4) and HMAC with it (RFC 2104): what pages have for it, `crypto.subtle`, is not there
 * over plain http elsewhere than on this machine (Secure Contexts, W3C).
 */
export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const state = Uint32Array.from(initialState);
  const words = new Uint32Array(64);
  const padded = paddedOf(bytes);
  const view = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += blockBytes) compress(state, words, view, at);
  const digest = new Uint8Array(digestBytes);
  const written = new DataView(digest.buffer);
  for (const [index, word] of state.entries()) written.setUint32(index * 4, word);
  return digest;
}

/** The code of a message under a key of any length. */
export function hmac(key: Uint8Array, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const short = key.length > blockBytes ? sha256(key) : key;
  const inner = new Uint8Array(blockBytes + message.length).fill(0x36, 0, blockBytes);
  const outer = new Uint8Array(blockBytes + digestBytes).fill(0x5c, 0, blockBytes);
  for (const [at, byte] of short.entries()) {
    inner[at]! ^= byte;
    outer[at]! ^= byte;
  }
  inner.set(message, blockBytes);
  outer.set(sha256(inner), blockBytes);
  return sha256(outer);
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Of hex in pairs of digits, as `hex` writes it. */
export function ofHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

const blockBytes = 64;
const digestBytes = 32;

/** Then a one, zeros, and the length in bits: whole blocks (§5.1.1). */
function paddedOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const closingBytes = 1 + 8; // The one, the length.
  const blocks = Math.ceil((bytes.length + closingBytes) / blockBytes);
  const padded = new Uint8Array(blocks * blockBytes);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0);
  return padded;
}

/** One block into the state (§6.2.2). */
function compress(state: Uint32Array, words: Uint32Array, view: DataView, at: number): void {
  for (let t = 0; t < 16; t++) words[t] = view.getUint32(at + t * 4);
  for (let t = 16; t < 64; t++) {
    const early = words[t - 15]!;
    const late = words[t - 2]!;
    const s0 = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const s1 = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    words[t] = words[t - 16]! + s0 + words[t - 7]! + s1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let t = 0; t < 64; t++) {
    const s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[t]! + words[t]!) | 0;
    const s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index]! += word;
}

function turned(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

const primes = primesUpTo(311);

/**
 * The fractions of the square roots of the first 8 primes (§5.3.3), and of the cube roots of the first 64
 * (§4.2.2).
 */
const initialState = primes.slice(0, 8).map((prime) => fractionOf(Math.sqrt(prime)));
const constants = Uint32Array.from(primes, (prime) => fractionOf(Math.cbrt(prime)));

/** The first 32 bits after the point. */
function fractionOf(root: number): number {
  return Math.floor((root % 1) * 2 ** 32);
}

function primesUpTo(last: number): number[] {
  const found: number[] = [];
  for (let number = 2; number <= last; number++) {
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  }
  return found;
}
