import { ServiceError } from './service-error.ts';
import { shown } from './type-error.ts';

/** The number of bytes that valid base64 text decodes to; `pads` counts its `=`. */
export function decodedLength(length: number, pads: number): number {
  return (length / 4) * 3 - pads;
}

/** Decodes base64 (RFC 4648 §4). Node skips invalid characters; AWS says what is wrong, and so does this. */
export function decodeBase64(text: string): Buffer {
  const problem = problemOf(text);
  if (problem === undefined) return Buffer.from(text, 'base64');
  throw new ServiceError(
    'SerializationException',
    `'${shown(text)}' can not be converted to a Blob: ${problem}`,
  );
}

/** Whether the last character before `pads` many `=` has bits set that belong to no byte. */
export function hasLooseBits(lastCharacter: number, pads: number): boolean {
  if (pads === 0) return false;
  return (values[lastCharacter]! & (pads === 1 ? 0b11 : 0b1111)) !== 0;
}

/** What is wrong with a text: AWS checks its length first. */
function problemOf(text: string): string | undefined {
  if (text.length % 4 !== 0) {
    return `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`;
  }
  const pads = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - pads;
  const at = text.search(invalid);
  if (at !== -1 && at < digits) {
    // Invalid characters are printed whole: half of a surrogate pair is not text.
    return `Invalid Base64 character: '${String.fromCodePoint(text.codePointAt(at)!)}'`;
  }
  // The spelling is AWS's.
  if (digits > 0 && hasLooseBits(text.charCodeAt(digits - 1), pads))
    return 'Invalid last non-pad Base64 character dectected';
  return undefined;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const invalid = /[^A-Za-z0-9+/]/;
const values = new Uint8Array(128);
for (let value = 0; value < alphabet.length; value++) values[alphabet.charCodeAt(value)] = value;
