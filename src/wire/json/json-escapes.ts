/**
 * Where a JSON string ends whose first backslash is at `from`: at its quote. −1 when it does not end. Looks
 * at no escape.
 */
export function escapedEnd(body: Buffer, from: number): number {
  const next = body.indexOf(quote, from);
  let before = next - 1;
  while (body[before] === backslash) before--;
  // Mostly the next quote is the end. Not where an odd number of backslashes comes before it.
  if (next === -1 || (next - before) % 2 === 1) return next;
  let at = from;
  while (at < body.length && body[at] !== quote) at += body[at] === backslash ? 2 : 1;
  return at < body.length ? at : -1;
}

/**
 * The same of a string that is passed over, not read; −1, too, when there is in it what may not be in a
 * string.
 */
export function checkedEnd(body: Buffer, from: number): number {
  let at = from;
  while (at < body.length) {
    const byte = body[at]!;
    if (byte === quote) return at;
    if (byte < 0x20) return -1;
    if (byte !== backslash) at++;
    else if (escapes[body[at + 1]!] === 1) at += 2;
    else if (isCodeUnit(body, at)) at += codeUnitBytes;
    else return -1;
  }
  return -1;
}

/** Whether an escape is written as `\u` and four digits. */
function isCodeUnit(body: Buffer, from: number): boolean {
  if (body[from + 1] !== 0x75) return false;
  for (let at = from + 2; at < from + codeUnitBytes; at++) if (hexDigits[body[at]!] !== 1) return false;
  return true;
}

const codeUnitBytes = 6;

const escapes = tableOf('"\\/bfnrt');
const hexDigits = tableOf('0123456789abcdefABCDEF');

/** By byte: 1 for those of these characters, 0 for all others. */
function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

const quote = 0x22;
const backslash = 0x5c;
