/**
 * A body on one line, at most so many characters of it: structures as compact JSON, texts as they are, with
 * what would break a line, or turn its direction round, as a visible sign.
 */
export function bodyPreview(body: unknown, lengthMax: number): string {
  const text = typeof body === 'string' ? body.slice(0, lengthMax + 1) : compactJson(body, lengthMax + 1);
  const visible = visibleText(text);
  return visible.length > lengthMax ? `${visible.slice(0, lengthMax)}…` : visible;
}

/** Control characters as their pictures, and those that turn the direction of text as their numbers. */
export function visibleText(text: string): string {
  return text.replace(unseen, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '␡' : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be found.
const unseen = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** JSON up to about a length: of a large value only the beginning is written. */
export function compactJson(value: unknown, lengthMax: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, lengthMax));
  if (typeof value !== 'object' || value === null) return String(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  let text = open!;
  for (const [name, member] of Object.entries(value)) {
    if (text.length > lengthMax) return `${text}…`;
    const separator = text === open ? '' : ',';
    const label = Array.isArray(value) ? '' : `${JSON.stringify(name)}:`;
    text += `${separator}${label}${compactJson(member, lengthMax - text.length)}`;
  }
  return text + close;
}

/** Lines of 16 bytes as `hexdump -C` writes them: place, bytes, and what of them is ASCII. */
export function hexDump(bytes: Uint8Array, from: number, end: number): string {
  const lines: string[] = [];
  for (let at = from; at < Math.min(end, bytes.length); at += 16) {
    const row = [...bytes.subarray(at, Math.min(at + 16, end, bytes.length))];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0'));
    const ascii = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'));
    const left = hex.slice(0, 8).join(' ').padEnd(23);
    lines.push(
      `${at.toString(16).padStart(8, '0')}  ${left}  ${hex.slice(8).join(' ').padEnd(23)}  |${ascii.join('')}|`,
    );
  }
  return lines.join('\n');
}
