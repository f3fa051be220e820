import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { heavyBodies } from '../../bench/heavy-bodies.ts';
import { operations } from '../../src/services/kinesis/operations.ts';
import { cbor } from '../../src/wire/cbor/cbor.ts';
import type { Codec } from '../../src/wire/codec.ts';
import { json } from '../../src/wire/json/json.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import type { StructureShape } from '../../src/wire/shape.ts';
import '../property-seed.ts';
import * as s from '../../src/wire/shape.ts';
import { atOnce } from '../../src/wire/turns.ts';
import { validate } from '../../src/wire/validate.ts';
import { times } from '../length.ts';

const input = s.structure('Input', {
  Name: s.string(),
  Count: s.integer(),
  Open: s.boolean(),
  Data: s.blob(),
  Tags: s.map(s.string()),
  Records: s.list(s.structure('Entry', { Data: s.blob(), Key: s.string() })),
});

/** The value that something answers, or the error that it throws. */
function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (error instanceof ServiceError) return { type: error.type, message: error.message };
    throw error;
  }
}

function assertSame(codec: Codec, body: Buffer, shape: s.Shape, name: string): void {
  const expected = outcome(() => cut(codec.decode(body, shape)));
  const given = outcome(() => cut(atOnce(codec.decodeInPieces(body, shape))));
  assert.ok(isDeepStrictEqual(given, expected), name);
}

/** What JSON and text may be full of; with what ends it early, or makes it wrong. */
const filler = fc.constantFrom(
  ...['x', 'é', '\u{1f600}', '\\u0041', '\\ud83d\\ude00', '\\/', '\\"', '\\\\', 'AAAA', 'QUJD', '+/9z'],
  ...[' ', ' \n', '7', '[],', '1,', '"k":1,', '-_', 'Ł', '\t'],
);
const odd = fc.constantFrom(
  ...['', '', '', '=', '==', 'A', 'AB==', '!', '"', '\\', '\\x', '\u0001', '\n', '}', 'é'],
);
const long = fc
  .record({ pattern: filler, bytes: fc.integer({ min: 60_000, max: 700_000 }), end: odd, rest: odd })
  .map(({ pattern, bytes, end, rest }) => pattern.repeat(bytes / Buffer.byteLength(pattern)) + end + rest);

test('a large body of JSON means the same whether it is read at once or in pieces', () => {
  const form = fc.constantFrom<(text: string) => string>(
    (text) => `{"Data":"${text}","Name":"n"}`,
    (text) => `{"Name":"${text}"}`,
    (text) => `{"X":"${text}","Count":1}`,
    (text) => `{"${text}":"x","Count":1}`,
    (text) => `{"Tags":{"${text}":"v","k":"${text}"}}`,
    (text) => `{"Records":[{"Data":"${text}","Key":"k"},{"Data":"QUJD","Key":"${text}"}]}`,
    (text) => `{"Count":"${text}","Name":1}`,
    (text) => `{"Count":1${text}}`,
    (text) => `{${text}"Name"${text}:${text}"n"}${text}`,
    (text) => `{"X":[${text}1]}`,
    (text) => `{${text}"Name":"n"}`,
    (text) => text,
  );
  fc.assert(
    fc.property(form, long, (wrap, text) => {
      const body = wrap(text);
      assertSame(json, Buffer.from(body), input, `${body.slice(0, 80)} … ${body.slice(-80)}`);
    }),
    { numRuns: times(40, 150) },
  );
});

test('a large body of CBOR means the same whether it is read at once or in pieces', () => {
  const member = fc.constantFrom('Data', 'Name', 'X', 'Count', 'Open');
  const chunkBytes = fc.integer({ min: 20, max: 100_000 });
  fc.assert(
    fc.property(member, long, chunkBytes, fc.boolean(), (name, value, size, inChunks) => {
      const text = inChunks ? chunked(Buffer.from(value), size) : textOf(Buffer.from(value));
      const body = Buffer.concat([Buffer.of(0xa1), textOf(Buffer.from(name)), text]);
      assertSame(cbor, body, input, `${name} ${value.slice(-20)}`);
    }),
    { numRuns: times(40, 150) },
  );
});

/** A text of CBOR, its length in four bytes (RFC 8949 §3). */
function textOf(bytes: Buffer): Buffer {
  const head = Buffer.of((3 << 5) | 26, 0, 0, 0, 0);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function chunked(bytes: Buffer, size: number): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(textOf(bytes.subarray(at, at + size)));
  return Buffer.concat([Buffer.of(0x7f), ...chunks, Buffer.of(0xff)]);
}

for (const { name, operation, contentType, body } of heavyBodies('bench')) {
  const known = operations.get(operation);
  if (known === undefined) continue;
  test(`a body of 10 MiB means the same in pieces: ${name}`, () => {
    const codec = contentType === cbor.contentType ? cbor : json;
    const read = (value: object) => outcome(() => validate(value, known.input)) ?? cut(value);
    const expected = outcome(() => read(codec.decode<StructureShape>(body, known.input)));
    const given = outcome(() => read(atOnce(codec.decodeInPieces<StructureShape>(body, known.input))));
    assert.ok(isDeepStrictEqual(given, expected));
  });
}

test('JSON of 10 MiB that has to be read to its end gives way at every megabyte, whatever is in it', () => {
  for (const { name, operation, contentType, body, answer } of heavyBodies('bench')) {
    const known = operations.get(operation);
    if (known === undefined || contentType !== json.contentType || answer === 'SerializationException')
      continue;
    const work = json.decodeInPieces(body, known.input);
    let pieces = 1;
    while (work.next().done !== true) pieces++;
    assert.ok(pieces >= 10, `${name}: ${pieces}`);
  }
});

/** Texts that are longer than any shape allows need not be there to their end. */
function cut(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, 1024 * 1024);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return value.map(cut);
  return Object.entries(value).map(([name, member]) => [name.slice(0, 128 * 1024), cut(member)]);
}
