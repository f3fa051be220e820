import type { DeliveredRecord } from './delivered-record.ts';
import type { Stage } from './record-stages.ts';

export type Deaggregation =
  | { readonly kind: 'JSON' }
  /** In base64, as the processor's parameter has it. */
  | { readonly kind: 'DELIMITED'; readonly delimiter: string };

/**
 * Makes a record of each part of a record (Data Firehose developer guide, "Apply dynamic partitioning to
 * aggregated data"): of objects of JSON that are behind each other, with nothing or white space between them,
 * or of what is between delimiters. A record that holds more than 500 parts, or anything else than objects,
 * stays whole, as AWS leaves it. Parts without a byte are none.
 */
export function splitIntoParts(how: Deaggregation): Stage {
  const partsOf = how.kind === 'JSON' ? jsonParts : delimitedParts(Buffer.from(how.delimiter, 'base64'));
  return (records) => {
    const kept: DeliveredRecord[] = [];
    for (const record of records) {
      const parts = partsOf(record.data);
      if (parts === undefined || parts.length === 1) kept.push(record);
      else for (const part of parts) kept.push(partRecord(record, part));
    }
    return { kept, refused: [] };
  };
}

/** A part is what its own error record says, not the bytes that it was compressed in with others. */
function partRecord(record: DeliveredRecord, data: Buffer): DeliveredRecord {
  return { ...record, data, original: undefined };
}

/** "Record deaggregation by JSON or by delimiter is capped at 500 per record" (developer guide). */
export const partsMax = 500;

function delimitedParts(delimiter: Buffer): (data: Buffer) => readonly Buffer[] | undefined {
  return (data) => {
    if (delimiter.length === 0) return undefined;
    const parts: Buffer[] = [];
    let start = 0;
    while (start < data.length) {
      const found = data.indexOf(delimiter, start);
      const end = found === -1 ? data.length : found;
      if (end > start) parts.push(data.subarray(start, end));
      if (parts.length > partsMax) return undefined;
      start = end + delimiter.length;
    }
    return parts;
  };
}

/** The objects that bytes are made of; undefined where they are made of anything else, or of too many. */
function jsonParts(data: Buffer): readonly Buffer[] | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  while (true) {
    while (at < data.length && isSpace(data[at]!)) at++;
    if (at === data.length) return parts;
    const end = endOfObject(data, at);
    if (end === undefined || parts.length === partsMax) return undefined;
    parts.push(data.subarray(at, end));
    at = end;
  }
}

/** Where an object ends that begins there. What is in it is not looked at, but for braces and strings. */
function endOfObject(data: Buffer, start: number): number | undefined {
  if (data[start] !== openBrace) return undefined;
  let depth = 0;
  for (let at = start; at < data.length; at++) {
    const byte = data[at]!;
    if (byte === quote) {
      at = endOfString(data, at);
    } else if (byte === openBrace) {
      depth++;
    } else if (byte === closeBrace) {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

/** Where the quote is that ends a string; the end of the bytes where there is none. */
function endOfString(data: Buffer, start: number): number {
  for (let at = start + 1; at < data.length; at++) {
    if (data[at] === backslash) at++;
    else if (data[at] === quote) return at;
  }
  return data.length;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

const openBrace = 0x7b;
const closeBrace = 0x7d;
const quote = 0x22;
const backslash = 0x5c;
