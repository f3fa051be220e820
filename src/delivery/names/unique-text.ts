import { hash } from 'node:crypto';

/** A UUID (version 4 in its form, RFC 9562 §5.4) that follows from a text. */
export function uuidOf(text: string): string {
  const bytes = digestOf(text);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Letters and digits that follow from a text; at most 32. */
export function lettersOf(text: string, length: number): string {
  let letters = '';
  for (const byte of digestOf(text).subarray(0, length)) letters += alphabet[byte % alphabet.length];
  return letters;
}

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function digestOf(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
