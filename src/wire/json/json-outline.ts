import { endOfRun, type LongRun } from '../long-run.ts';
import { endOfCharacter, type LongText, partBytes } from '../long-text.ts';
import { malformed, valuesMax } from '../reader.ts';
import { type InPieces, pieceBytes } from '../turns.ts';
import { passEscaped } from './json-escapes.ts';
import { NextByte } from './next-byte.ts';

/** Where a body of JSON has what is too long to be looked at in one turn. */
export type Outline = {
  /** By where they begin. They are well-formed. */
  readonly strings: ReadonlyMap<number, LongString>;
  /** Of white space and of digits; a run may begin a little before. */
  readonly runs: readonly LongRun[];
};

/** From quote to quote. */
export type LongString = { readonly start: number; readonly end: number; readonly isEscaped: boolean };

/** Looks over a body whatever is in it; throws `malformed` when it cannot be well-formed. */
export function* outlineOf(body: Buffer): InPieces<Outline> {
  const strings = new Map<number, LongString>();
  const runs: LongRun[] = [];
  const backslashes = new NextByte(body, backslash);
  let count = 0;
  let pieceEnd = pieceBytes;
  for (let at = 0; ; ) {
    const start = body.indexOf(quote, at);
    yield* findRuns(body, at, start === -1 ? body.length : start, runs);
    if (start === -1) return { strings, runs };
    if (++count > stringsMax) throw malformed();
    const string = yield* stringAt(body, start, backslashes);
    if (string.end - start > partBytes) strings.set(start, string);
    at = string.end + 1;
    if (at < pieceEnd) continue;
    pieceEnd = at + pieceBytes;
    yield;
  }
}

/** A value may have a key. */
const stringsMax = 2 * valuesMax;

function* stringAt(body: Buffer, start: number, backslashes: NextByte): InPieces<LongString> {
  const next = body.indexOf(quote, start + 1);
  if (next === -1) throw malformed();
  const isEscaped = backslashes.isIn(start, next);
  const end = isEscaped ? yield* endOfEscaped(body, start + 1) : next;
  // Those that are not long are looked at when they are read.
  if (end - start > partBytes && !isEscaped) yield* checkPlain(body, start + 1, end);
  return { start, end, isEscaped };
}

function* endOfEscaped(body: Buffer, from: number): InPieces<number> {
  let at = from;
  while (body[at] !== quote) {
    const pieceEnd = at + pieceBytes;
    at = passEscaped(body, at, pieceEnd);
    if (at === -1 || at >= body.length) throw malformed();
    if (at >= pieceEnd) yield;
  }
  return at;
}

function* checkPlain(body: Buffer, from: number, end: number): InPieces<void> {
  for (let at = from; at < end; at += pieceBytes) {
    const pieceEnd = Math.min(at + pieceBytes, end);
    if (endOfRun(body, at, control, { end: pieceEnd }) < pieceEnd) throw malformed();
    yield;
  }
}

/** Finds the runs that are so long that every `partBytes` there is something of them. */
function* findRuns(body: Buffer, from: number, end: number, runs: LongRun[]): InPieces<void> {
  for (let start = from + partBytes; start < end; start += partBytes) {
    const others = [noSpace, noDigit].find((kind) => !kind.test(String.fromCharCode(body[start]!)));
    if (others === undefined) continue;
    let at = start;
    for (let pieceEnd = start; at === pieceEnd && at < end; ) {
      pieceEnd = Math.min(at + pieceBytes, end);
      at = endOfRun(body, at, others, { end: pieceEnd });
      yield;
    }
    if (at - start > partBytes) runs.push({ others, start, end: at });
    start = at;
  }
}

/** What a long string says. */
export function longTextOf(body: Buffer, string: LongString, encoding: 'latin1' | 'utf8'): LongText {
  return { bytes: string.end - string.start - 1, parts: partsOf(body, string, encoding) };
}

function* partsOf(
  body: Buffer,
  { start, end, isEscaped }: LongString,
  encoding: 'latin1' | 'utf8',
): Iterable<string> {
  for (let from = start + 1; from < end; ) {
    const limit = Math.min(from + partBytes, end);
    const to = endOfCharacter(body, isEscaped ? passEscaped(body, from, limit) : limit);
    const text = body.toString(encoding, from, to);
    yield isEscaped ? JSON.parse(`"${text}"`) : text;
    from = to;
  }
}

export const noSpace = /[^ \t\n\r]/;
export const noDigit = /[^0-9]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: no string may hold them.
const control = /[\x00-\x1f]/;

const quote = 0x22;
const backslash = 0x5c;
