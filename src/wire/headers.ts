import { KinesisError } from '../kinesis/error.ts';

/** A request's headers by lower-case name, one character per byte received. */
export type HeaderFields = ReadonlyMap<string, string>;

/**
 * Gathers raw headers; a repeated one is joined by commas (RFC 9110 §5.3). Refuses a second copy of those that
 * decide who calls what: of two, one could be verified and the other obeyed.
 */
export function headersOf(rawHeaders: readonly string[]): HeaderFields {
  const headers = new Map<string, string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    const value = rawHeaders[index + 1]!;
    const before = headers.get(name);
    if (before !== undefined && isSingle(name)) {
      throw new KinesisError('InvalidSignatureException', `Found more than one '${name}' header.`);
    }
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}

function isSingle(name: string): boolean {
  return name.startsWith('x-amz-') || singleHeaders.has(name);
}

const singleHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'host',
]);
