import fc from 'fast-check';
import type { StoredBatch } from '../../src/kinesis/record.ts';
import type { Numbering } from '../../src/kinesis/sequence-number.ts';
import { anyCharacter } from '../any-character.ts';

/** Shards as sequence numbers see them: small and large indices, any second of creation. */
export const numberings: fc.Arbitrary<Numbering> = fc.record({
  index: fc.oneof(fc.nat(20), fc.nat(2 ** 31 - 1)),
  createdAt: fc.nat(1_700_000_000).map((second) => second * 1000),
});

/**
 * Any text that a key may be: UTF-16 as clients send it, half surrogate pairs included; and bytes that are no
 * text.
 */
const keys = fc.oneof(
  fc.constant(undefined),
  fc.string({ minLength: 1, maxLength: 256 }).map((text) => Buffer.from(text)),
  fc.string({ unit: anyCharacter, minLength: 1, maxLength: 60 }).map((text) => Buffer.from(text)),
  fc
    .array(fc.nat(0xffff), { minLength: 1, maxLength: 60 })
    .map((units) => Buffer.from(String.fromCharCode(...units))),
  fc
    .array(fc.constantFrom(...'"\\\u0000\u001f\u007f/é\u2028😀a'), { minLength: 1, maxLength: 30 })
    .map((text) => Buffer.from(text.join(''))),
  fc.uint8Array({ minLength: 1, maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
);

const datas = fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ minLength: 20, maxLength: 3000 }));

/** Offsets whose numbers carry over many digits are among them. */
const offsets = fc.oneof(
  fc.nat(2000),
  fc.maxSafeNat().map((offset) => Math.min(offset, 2 ** 53 - 5000)),
);

/** Batches that have their place, with at least one record. */
export function batches(first: fc.Arbitrary<number> = offsets): fc.Arbitrary<StoredBatch> {
  const records = fc.array(fc.tuple(keys, datas), { minLength: 1, maxLength: 12 });
  const arrivals = fc.oneof(
    fc.nat(2_000_000_000_000),
    fc.nat(2_000_000_000).map((second) => second * 1000),
  );
  return fc.tuple(records, first, arrivals).map(([list, offset, arrival]) => ({
    count: list.length,
    bytes: Buffer.concat(list.map(([key, data]) => framed(key, data))),
    first: offset,
    arrival,
  }));
}

/** The form is said again here, so that it is not taken from what is tested. */
function framed(key: Buffer | undefined, data: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(data.length, 0);
  header.writeUInt16BE(key === undefined ? 0xffff : key.length, 4);
  return Buffer.concat([header, key ?? Buffer.alloc(0), data]);
}
