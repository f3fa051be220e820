import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cbor } from '../../src/wire/cbor/cbor.ts';
import { json } from '../../src/wire/json/json.ts';
import * as s from '../../src/wire/shape.ts';
import { refusal } from './refusal.ts';

const input = s.structure('Input', {
  String: s.string(),
  Integer: s.integer(),
  Long: s.long(),
  Boolean: s.boolean(),
  Blob: s.blob(),
  Time: s.timestamp(),
  List: s.list(s.string()),
  Map: s.map(s.string()),
  Structure: s.structure('Inner', { String: s.string() }),
});

const decode = (body: string) => json.decode(Buffer.from(body), input);
const truncating = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber';
const listStart = 'Start of list found where not expected';
const mapStart = 'Start of structure or map found where not expected.';

const texts: [member: string, value: string, text: string][] = [
  ['String', 'true', 'class java.lang.Boolean can not be converted to an String'],
  ['String', '34', `${truncating} can not be converted to an String`],
  ['String', '[]', listStart],
  ['String', '{}', mapStart],
  ['Integer', '"1"', 'class java.lang.String can not be converted to an Integer'],
  ['Integer', 'false', 'class java.lang.Boolean can not be converted to an Integer'],
  ['Integer', '[1]', listStart],
  ['Long', '"1"', 'class java.lang.String can not be converted to an Long'],
  ['Long', 'true', 'class java.lang.Boolean can not be converted to an Long'],
  ['Boolean', '"hello"', "'HELLO' can not be converted to an Boolean"],
  ['Boolean', '""', "'' can not be converted to an Boolean"],
  ['Boolean', '1', `${truncating} can not be converted to an Boolean`],
  ['Boolean', '{}', mapStart],
  ['Blob', 'true', 'class java.lang.Boolean can not be converted to a Blob'],
  ['Blob', '1.5', `${truncating} can not be converted to a Blob`],
  ['Blob', '[]', listStart],
  [
    'Blob',
    '"hello"',
    "'hello' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5",
  ],
  ['Blob', '"=+/="', "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='"],
  ['Blob', '"+/-_"', "'+/-_' can not be converted to a Blob: Invalid Base64 character: '-'"],
  ['Blob', '"AA\\nA"', "'AA\nA' can not be converted to a Blob: Invalid Base64 character: '\n'"],
  ['Blob', '"A==="', "'A===' can not be converted to a Blob: Invalid Base64 character: '='"],
  ['Blob', '"AAéA"', "'AAéA' can not be converted to a Blob: Invalid Base64 character: 'é'"],
  [
    'Blob',
    '"+/+="',
    "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
  ],
  [
    'Blob',
    '"AB=="',
    "'AB==' can not be converted to a Blob: Invalid last non-pad Base64 character dectected",
  ],
  ['Time', '"1"', 'class java.lang.String can not be converted to milliseconds since epoch'],
  ['Time', 'true', 'class java.lang.Boolean can not be converted to milliseconds since epoch'],
  ['Time', '{}', mapStart],
  ['List', '"a"', 'Expected list or null'],
  ['List', '1', 'Expected list or null'],
  ['List', '{}', mapStart],
  ['List', '[["a"]]', listStart],
  ['Map', 'true', 'Expected map or null'],
  ['Map', '[]', listStart],
  ['Map', '{"k":1}', `${truncating} can not be converted to an String`],
  ['Structure', '"a"', 'Expected null'],
  ['Structure', '[]', listStart],
  ['Structure', '{"String":1}', `${truncating} can not be converted to an String`],
];

for (const [member, value, text] of texts) {
  test(`${value} for a ${member.toLowerCase()} is refused as AWS refuses it`, () => {
    const { type, message } = refusal(() => decode(`{"X":[],"${member}":${value}}`));
    assert.deepEqual({ type, message }, { type: 'SerializationException', message: text });
  });
}

test('numbers are cut to whole ones, and to what an integer holds', () => {
  const cases: [string, number][] = [
    ['1.9', 1],
    ['-1.9', -1],
    ['-0.5', 0],
    ['100000000000', 2147483647],
    ['-1e300', -2147483648],
    ['1e400', 2147483647],
  ];
  for (const [given, expected] of cases) assert.equal(decode(`{"Integer":${given}}`).Integer, expected);
  assert.equal(decode('{"Long":100000000000.5}').Long, 100000000000);
});

test('some strings and broken numbers are booleans', () => {
  for (const given of ['true', '"true"', '"TRUE"', '"1"', '"Yes"', '0.5']) {
    assert.equal(decode(`{"Boolean":${given}}`).Boolean, true, given);
  }
  for (const given of ['false', '"False"', '"0"', '"no"']) {
    assert.equal(decode(`{"Boolean":${given}}`).Boolean, false, given);
  }
});

test('CBOR is refused with the same texts, and bytes are a type of their own', () => {
  const cases: [member: string, value: string, text: string][] = [
    ['String', '01', `${truncating} can not be converted to an String`],
    ['String', '4101', 'class java.nio.HeapByteBuffer can not be converted to an String'],
    ['Integer', '6131', 'class java.lang.String can not be converted to an Integer'],
    ['List', '60', 'Expected list or null'],
    ['Structure', '9fff', listStart],
    ['Blob', 'bfff', mapStart],
    [
      'Blob',
      '6141',
      "'A' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 1",
    ],
    ['Time', 'f5', 'class java.lang.Boolean can not be converted to milliseconds since epoch'],
  ];
  for (const [member, value, text] of cases) {
    const key = Buffer.concat([Buffer.from([0x60 + member.length]), Buffer.from(member)]);
    const body = Buffer.concat([Buffer.from([0xa1]), key, Buffer.from(value, 'hex')]);
    assert.equal(refusal(() => cbor.decode(body, input)).message, text);
  }
});
