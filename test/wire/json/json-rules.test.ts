import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { checksummed } from '../../../src/wire/checksummed.ts';
import { json, json10, json10Of } from '../../../src/wire/json/json.ts';
import { json10Protocol } from '../../../src/wire/json/json10-protocol.ts';
import { payloadErrors } from '../../../src/wire/payload-errors.ts';
import { depthMax, entriesMax, valuesMax } from '../../../src/wire/reader.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import { list, map, string, structure } from '../../../src/wire/shape.ts';

const shape = structure('Input', {
  Names: map(string()),
  List: list(string()),
  Tags: list(string(), { max: 2 }),
});
const larger = json10Of({ depthMax: 2 * depthMax, valuesMax: 3 * valuesMax });

function nested(depth: number): Buffer {
  return Buffer.from(`{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`);
}

test('a service may have deeper and larger bodies, and others are not touched by it', () => {
  assert.ok(larger.wellFormed(nested(2 * depthMax)));
  assert.ok(!larger.wellFormed(nested(2 * depthMax + 1)));
  assert.ok(!json10.wellFormed(nested(depthMax + 1)));
  assert.ok(!json.wellFormed(nested(depthMax + 1)));

  const texts = Array.from({ length: 2 * valuesMax }, (_, index) => `${index}`);
  const body = Buffer.from(JSON.stringify({ List: texts }));
  assert.equal(larger.decode(body, shape).List?.length, 2 * valuesMax);
  assert.throws(() => json10.decode(body, shape), { name: 'SerializationException', message: '' });
  const names = Buffer.from(JSON.stringify({ Names: Object.fromEntries(texts.map((text) => [text, text])) }));
  assert.equal(Object.keys(larger.decode(names, shape).Names ?? {}).length, 2 * valuesMax);
});

test('a list whose shape allows few entries keeps few, however large bodies may be', () => {
  const body = Buffer.from(JSON.stringify({ Tags: Array.from({ length: 2 * entriesMax }, () => 'x') }));
  assert.equal(larger.decode(body, shape).Tags?.length, entriesMax);
});

test('a malformation after a wrong type is the error, with the texts of a service, too', () => {
  const own = json10Of({ depthMax, valuesMax, typeErrors: payloadErrors('com.example') });
  const decode = (text: string) => () => own.decode(Buffer.from(text), shape);
  const wrong = { name: 'SerializationException', message: 'NUMBER_VALUE cannot be converted to String' };
  assert.throws(decode('{"Names":{"a":1},"List":[true]}'), wrong);
  assert.throws(decode('{"Names":{"a":1},"List":[true}'), { name: 'SerializationException', message: '' });
  assert.throws(decode('{"List":{"a":[1,{"b":2}]},"Names":1}'), {
    message: 'Start of structure or map found where not expected',
  });
  assert.throws(decode('{"Names":[{"a":[1]}]}'), {
    message: 'Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>',
  });
});

test('an answer says the CRC-32 of its body: whole, in pieces, and of an error with what it says besides', () => {
  const protocol = checksummed(json10Protocol('Toy_1', 'com.example'));
  const output = structure('Output', { List: list(string()) });
  const own = Buffer.from(`"${'x'.repeat(5_000)}"`);
  const List = {
    writeItems: (writer: { items(written: Buffer): void }) =>
      writer.items(Buffer.concat([Buffer.from(','), own])),
  };
  const pieces = protocol.answer({ List }, { name: 'Toy', output }, 'id');
  assert.ok(Array.isArray(pieces.body) && pieces.body.length > 1);
  const bytes = Buffer.concat(pieces.body as Buffer[]);
  assert.deepEqual(JSON.parse(String(bytes)), { List: ['x'.repeat(5_000)] });
  assert.equal(pieces.headers['x-amz-crc32'], String(crc32(bytes)));

  const details = { shape: structure('Refused', { Item: map(string()) }), value: { Item: { a: 'b' } } };
  const refused = protocol.refuse(new ServiceError('Refused', 'No.', 400, details), 'id');
  assert.deepEqual(JSON.parse(String(refused.body)), {
    __type: 'com.example#Refused',
    message: 'No.',
    Item: { a: 'b' },
  });
  assert.equal(refused.headers['x-amz-crc32'], String(crc32(refused.body as Buffer)));
  const empty = protocol.answer(undefined, { name: 'Toy', output: undefined }, 'id');
  assert.equal(empty.headers['x-amz-crc32'], '0');
});
