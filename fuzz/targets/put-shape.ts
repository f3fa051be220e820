import assert from 'node:assert/strict';
import type { Codec } from '../../src/wire/codec.ts';
import { textOf } from '../../src/wire/columns.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { blob, list, required, string, structure, type TypeOf } from '../../src/wire/shape.ts';

// The shape of a put, which has a fast path: as short as one can be that has everything in it.
const entry = structure('Entry', {
  Data: required(blob({ max: 100 })),
  Key: required(string({ min: 1, max: 8 })),
  Hash: string({ pattern: '0|([1-9]\\d{0,38})' }),
});
export const putShape = structure('Put', {
  Records: required(list(entry, { min: 1, max: 20 })),
  Name: string({ min: 1, max: 16, pattern: '[a-zA-Z0-9_.-]+' }),
});

export type Put = TypeOf<typeof putShape>;

/** The value of a body, or the name of its error. */
export function decoded(
  codec: Codec,
  body: Buffer,
): { readonly value: Put } | { readonly error: ServiceError } {
  try {
    return { value: codec.decode(body, putShape) };
  } catch (error) {
    if (error instanceof ServiceError) return { error };
    throw error;
  }
}

/**
 * What the scanner finds in a body must be what the general way reads. Answers whether the scanner took the
 * body.
 */
export function compareScan(codec: Codec, scan: ReturnType<typeof scannerOf>, body: Buffer): string {
  const found = scan(body);
  if (found === undefined) return 'general';
  const general = decoded(codec, body);
  const rows = rowsOf(found);
  // The general way has the say then, too.
  if (rows === undefined) return 'fast, bad data';
  assert('value' in general, 'the scanner takes what the general way refuses');
  assert.deepEqual(
    { Name: textOf(found, 'Name'), Records: rows },
    {
      Name: general.value.Name,
      Records: general.value.Records?.map(({ Data, Key, Hash }) => ({ Data, Key, Hash })),
    },
  );
  return `fast, ${rows.length > 1 ? 'several' : 'one'}`;
}

export function scannerOf(codec: Codec) {
  return codec.scanner(putShape);
}

/** Undefined when the data of one cannot be decoded. */
function rowsOf({ reader, items }: NonNullable<ReturnType<ReturnType<typeof scannerOf>>>) {
  const rows: unknown[] = [];
  const [data, key, hash] = (['Data', 'Key', 'Hash'] as const).map((name) => items.columnAt(name));
  for (let row = 0; row < items.count; row++) {
    const at = row * items.width;
    const span = (column: number) => items.spans.subarray(at + column, at + column + 3);
    const text = (column: number) => {
      const [start = -1, end = -1] = span(column);
      return start === -1 ? undefined : reader.body.toString('latin1', start, end);
    };
    const [start = 0, end = 0, length = 0] = span(data!);
    const bytes = Buffer.alloc(length);
    if (!reader.writeData(start, end, bytes, 0, length)) return undefined;
    rows.push({ Data: bytes, Key: text(key!), Hash: text(hash!) });
  }
  return rows;
}
