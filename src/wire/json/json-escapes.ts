/** The closing quote of a string whose first backslash is at `from`; −1 without one. Checks no escapes. */
export function escapedEnd(body: Buffer, from: number): number {
  const next = body.indexOf(quote, from);
  let before = next - 1;
  while (body[before] === backslash) before--;
  // Mostly the next quote is the end, unless it comes after an odd number of backslashes.
  if (next === -1 || (next - before) % 2 === 1) return next;
  let at = from;
  while (at < body.length && body[at] !== quote) at += body[at] === backslash ? 2 : 1;
  return at < body.length ? at : -1;
}

/** The same for a string that is skipped; −1, too, for anything invalid in it. */
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

/** Whether an escape is `\u` and four hex digits. */
function isCodeUnit(body: Buffer, from: number): boolean {
  if (body[from + 1] !== 0x75) return false;
  for (let at = from + 2; at < from + codeUnitBytes; at++) if (hexDigits[body[at]!] !== 1) return false;
  return true;
}

const codeUnitBytes = 6;

const escapes = tableOf('"\\/bfnrt');
const hexDigits = tableOf('0123456789abcdefABCDEF');

/** By byte: 1 for these characters, 0 for all others. */
function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

const quote = 0x22;
const backslash = 0x5c;
