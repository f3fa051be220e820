import { crc32 } from 'node:zlib';

/**
 * A text in a file: 8 hexadecimal digits, the CRC-32 of what follows the line's end; then the text, in UTF-8.
 */
export function withChecksum(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from(headOf(bytes)), bytes]);
}

/** The text; undefined when it is not as it was written. */
export function checkedText(bytes: Buffer): string | undefined {
  const text = bytes.subarray(crcDigits + 1);
  return bytes.toString('latin1', 0, crcDigits + 1) === headOf(text) ? String(text) : undefined;
}

function headOf(text: Buffer): string {
  return `${crc32(text).toString(16).padStart(crcDigits, '0')}\n`;
}

const crcDigits = 8;
