import assert from 'node:assert/strict';
import { discard } from '../env/discard.ts';
import { decodedLength, digitProblem, lengthProblem, noBase64, problemOf } from './base64.ts';
import { shownMax } from './mismatch.ts';
import { atOnce, type InPieces } from './turns.ts';

/** A string that is too long to be made in one turn. */
export type LongText = {
  /** Those in the body: at least as many as the text has UTF-16 units. */
  readonly bytes: number;
  /** Its parts in order, none of them split within a character. */
  readonly parts: Iterable<string>;
};

/** The text itself, but of one that is too long for every shape only so much that it still is. */
export function* readText({ parts }: LongText, unitsMax = textMax): InPieces<string> {
  let text = '';
  let pieceEnd = pieceUnits;
  for (const part of parts) {
    text += part;
    if (text.length > unitsMax) break;
    if (text.length < pieceEnd) continue;
    pieceEnd = text.length + pieceUnits;
    yield;
  }
  return text;
}

/**
 * The longest text that a shape allows is a NextToken of 1,048,576 characters; where there is no limit,
 * handlers allow less.
 */
const textMax = 1_048_576;

/**
 * A key of a map in the same way. No shape allows as much, and of a body's keys fewer are as long than any
 * map may have.
 */
export function readKey(text: LongText): string {
  return atOnce(readText(text, keyMax));
}

const keyMax = 128 * 1024;

/** The bytes that it stands for as base64; throws AWS's text about what is none. */
export function* readBase64({ bytes, parts }: LongText): InPieces<Buffer> {
  const decoded = new DecodedParts(bytes);
  let pieceEnd = pieceUnits;
  for (const part of parts) {
    decoded.add(part);
    if (decoded.length < pieceEnd) continue;
    pieceEnd = decoded.length + pieceUnits;
    yield;
  }
  return decoded.end();
}

/**
 * The bytes of a part of a long text; as a string it is made where the young ones are, which costs the least.
 */
export const partBytes = 64 * 1024;

/** Those of a piece of work: up to six times as many bytes, if they are escaped. */
const pieceUnits = 128 * 1024;

/** The next place where a character of UTF-8 begins: this one, or up to three bytes on. */
export function endOfCharacter(bytes: Buffer, from: number): number {
  let at = from;
  while ((bytes[at]! & 0xc0) === 0x80) at++;
  return at;
}

/**
 * Base64 on its way into bytes. What is wrong with it is said at its end, because AWS names its length first.
 */
class DecodedParts {
  readonly #bytes: Buffer;
  /** Of the text so far. */
  length = 0;
  #at = 0;
  /** As much of the text as is shown, and one character more if there is more. */
  #shown = '';
  /** What is not decoded yet: the last characters may be padding. */
  #rest = '';
  #problem: string | undefined;

  constructor(lengthMax: number) {
    this.#bytes = Buffer.allocUnsafeSlow(decodedLength(lengthMax + 3, 0));
  }

  add(part: string): void {
    this.length += part.length;
    if (this.#shown.length <= shownMax) this.#shown += part;
    if (this.#problem !== undefined) return;
    const text = this.#rest + part;
    const end = Math.max(0, Math.trunc(text.length / 4) - 1) * 4;
    this.#problem = this.#decode(text, end);
    this.#rest = text.slice(end);
  }

  end(): Buffer {
    const problem = lengthProblem(this.length) ?? this.#problem ?? problemOf(this.#rest);
    if (problem !== undefined) {
      discard(this.#bytes);
      throw noBase64(this.#shown, problem);
    }
    this.#at += this.#bytes.write(this.#rest, this.#at, 'base64');
    return this.#bytes.subarray(0, this.#at);
  }

  /** Decodes the characters before `end`; answers what is wrong with them. */
  #decode(text: string, end: number): string | undefined {
    const digits = text.slice(0, end);
    const written = this.#bytes.write(digits, this.#at, 'base64');
    this.#at += written;
    // Node skips what is no base64, or ends at it, but for the URL's alphabet; of what is no ASCII, it may
    // take a part for ASCII.
    const isWhole = written === decodedLength(end, 0) && Buffer.byteLength(digits) === end;
    if (isWhole && !digits.includes('-') && !digits.includes('_')) return undefined;
    const problem = digitProblem(text, end);
    assert(problem !== undefined);
    return problem;
  }
}
