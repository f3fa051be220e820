// How answers of services are shown to people.

/** `1,234,567` */
export const countText = (count: number) => count.toLocaleString('en');
/** ISO 8601; takes seconds since 1970. */
export const timeText = (seconds: number) => new Date(seconds * 1000).toISOString();

/** To the precision that matters: `0 s`, `1.5 s`, `12 s`, `3 min`, `7 h`, `2 d`. */
export function durationText(ms: number): string {
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} d`;
}

/**
 * What could move a terminal's cursor, or show letters in another order than they are in, is shown as in
 * JSON.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escaped);
}

/** A value as JSON that moves no terminal either: JSON itself escapes only half of what does. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(unprintableInJson, escaped);
}

/** ISO 6429, "C0" and "C1"; Unicode, "Bidirectional Algorithm", explicit formatting characters. */
const ordering = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
const unprintable = new RegExp(`[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029${ordering}]`, 'g');
const unprintableInJson = new RegExp(`[\\u007f-\\u009f\\u2028\\u2029${ordering}]`, 'g');

const escaped = (character: string) =>
  character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Of a line so much; what is left out shows as an ellipsis. */
export function cut(line: string, columns: number): string {
  return line.length > columns ? `${line.slice(0, columns - 1)}…` : line;
}
