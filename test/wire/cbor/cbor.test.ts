import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cbor } from '../../../src/wire/cbor/cbor.ts';
import { CborReader } from '../../../src/wire/cbor/cbor-reader.ts';
import { depthMax, valuesMax } from '../../../src/wire/reader.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import * as s from '../../../src/wire/shape.ts';
import { targetProtocol } from '../../../src/wire/target-protocol.ts';
import { bare } from '../refusal.ts';

const input = s.structure('Input', {
  Name: s.string(),
  Count: s.long(),
  Time: s.timestamp(),
  Open: s.boolean(),
  Data: s.blob(),
  Items: s.list(s.string()),
  Tags: s.map(s.string()),
});

/** A map of one member: its name as text, then the value in hex. */
const member = (name: string, value: string) =>
  Buffer.concat([Buffer.from([0xa1, 0x60 + name.length]), Buffer.from(name), Buffer.from(value, 'hex')]);
const decode = (name: string, value: string) => cbor.decode(member(name, value), input);
const hex = (text: string) => Buffer.from(text).toString('hex');

test('numbers are read as in RFC 8949, appendix A', () => {
  const vectors: [bytes: string, value: number][] = [
    ['00', 0],
    ['17', 23],
    ['1818', 24],
    ['1903e8', 1000],
    ['1a000f4240', 1000000],
    ['1b000000e8d4a51000', 1000000000000],
    ['20', -1],
    ['3863', -100],
    ['3903e7', -1000],
    ['1bffffffffffffffff', 2 ** 64],
    ['3bffffffffffffffff', -(2 ** 64)],
    ['f90000', 0],
    ['f98000', -0],
    ['f93c00', 1],
    ['f93e00', 1.5],
    ['f97bff', 65504],
    ['f90001', 2 ** -24],
    ['f90400', 2 ** -14],
    ['f9c400', -4],
    ['fa47c35000', 100000],
    ['fa7f7fffff', (2 - 2 ** -23) * 2 ** 127],
    ['fb3ff199999999999a', 1.1],
    ['fb7e37e43c8800759c', 1e300],
    ['fbc010666666666666', -4.1],
    ['f97c00', Number.POSITIVE_INFINITY],
    ['f9fc00', Number.NEGATIVE_INFINITY],
    ['f97e00', Number.NaN],
  ];
  for (const [bytes, value] of vectors) {
    const reader = new CborReader(Buffer.from(bytes, 'hex'), 'milliseconds');
    assert.equal(reader.peek(), 'number', bytes);
    assert.equal(reader.number(), value, bytes);
    reader.end();
  }
});

test('strings are read as in RFC 8949, appendix A', () => {
  const vectors: [bytes: string, value: string][] = [
    ['60', ''],
    ['6161', 'a'],
    ['6449455446', 'IETF'],
    ['62225c', '"\\'],
    ['62c3bc', '\u00fc'],
    ['63e6b0b4', '\u6c34'],
    ['64f0908591', '\ud800\udd51'],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['7fff', ''],
    ['63efbfbd', '\ufffd'],
  ];
  for (const [bytes, value] of vectors) assert.equal(decode('Name', bytes).Name, value, bytes);
  assert.deepEqual(decode('Data', '4401020304').Data, Buffer.from([1, 2, 3, 4]));
  assert.deepEqual(decode('Data', '5f42010243030405ff').Data, Buffer.from([1, 2, 3, 4, 5]));
});

test('lists and maps may have a length or an end', () => {
  for (const list of ['8261616162', '9f61616162ff', '98026161' + '6162', '9b00000000000000026161' + '6162']) {
    assert.deepEqual(decode('Items', list).Items, ['a', 'b'], list);
  }
  for (const map of ['a161616162', 'bf61616162ff', 'bf7f6161ff7f6162ffff', 'b80161616162']) {
    assert.deepEqual({ ...decode('Tags', map).Tags }, { a: 'b' }, map);
  }
});

test('times are milliseconds, tagged or not', () => {
  const time = 1459799926480;
  const eight = `1b${time.toString(16).padStart(16, '0')}`;
  const bytes = Buffer.alloc(9, 0xfb);
  bytes.writeDoubleBE(time, 1);
  for (const value of [eight, `c1${eight}`, bytes.toString('hex'), `c1${bytes.toString('hex')}`]) {
    assert.equal(decode('Time', value).Time, time, value);
  }
});

test('null and undefined are as good as nothing', () => {
  for (const nothing of ['f6', 'f7']) assert.deepEqual(decode('Name', nothing), {});
});

test('unknown members are passed over', () => {
  const known = `64${hex('Name')}6161`;
  for (const value of [
    '00',
    '38ff',
    '4101',
    '5f4101ff',
    '6161',
    '80',
    '9f01ff',
    'a0',
    'bf61610061629fffff',
    'f4',
    'f6',
    'f90000',
    'c100',
  ]) {
    const body = Buffer.from(`bf6158${value}${known}ff`, 'hex');
    assert.deepEqual(cbor.decode(body, input), { Name: 'a' }, value);
  }
});

test('what is not well-formed is refused without a message', () => {
  const values = {
    'a reserved argument': '1c',
    'an integer without a length': '1f',
    'a bignum': 'c249010000000000000000',
    'a date as text': 'c07818323031332d30332d32315432303a30343a30305a',
    'a time of text': 'c16161',
    'a tag upon a tag': 'c1c100',
    'an unassigned simple value': 'f0',
    'a simple value of two bytes': 'f8ff',
    'an end that ends nothing': 'ff',
    'a list that is too short': '8101ff',
    'a map that ends after a key': 'bf6161ff',
    'a key that is no text': 'a10000',
    'a chunk of another type': '7f4161ff',
    'a chunk without a length': '7f7f6161ffff',
    'chunks that never end': '7f6161',
    'half a character': '61c3',
    'half a character in each chunk': '7f61c361bcff',
    'half a surrogate pair': '63eda080',
    'an overlong character': '62c080',
  };
  for (const [what, value] of Object.entries(values)) {
    bare(() => decode('X', value), what);
    assert.equal(cbor.wellFormed(member('X', value)), false, what);
  }
});

test('a body that is no map, or more than one, is refused', () => {
  for (const body of ['', '00', '80', '9fff', '6161', 'f6', 'a0a0', 'a000', 'bf', 'a1', 'a161']) {
    bare(() => cbor.decode(Buffer.from(body, 'hex'), input), body);
  }
});

test('lengths are believed only as far as there are bytes', () => {
  for (const head of ['5b', '7b', '9b', 'bb']) {
    for (const length of ['7fffffffffffffff', 'ffffffffffffffff', '0000000100000000']) {
      bare(() => decode('X', `${head}${length}`), head);
    }
  }
});

test('a malformed body is refused without a message, even if a wrong type comes first', () => {
  const wrong = `64${hex('Name')}01`;
  bare(() => cbor.decode(Buffer.from(`bf${wrong}6158c200ff`, 'hex'), input));
});

test('nesting has a limit', () => {
  const nested = (depth: number) => member('X', `${'81'.repeat(depth - 2)}80`);
  assert.ok(cbor.wellFormed(nested(depthMax)));
  assert.ok(!cbor.wellFormed(nested(depthMax + 1)));
});

test('bodies made to keep us busy are refused', () => {
  const bombs: Record<string, string> = {
    lists: '9f'.repeat(1_000_000),
    items: `9f${'00'.repeat(valuesMax + 1)}ff`,
    chunks: `7f${'60'.repeat(valuesMax + 1)}ff`,
    tags: 'c1'.repeat(1_000_000),
  };
  for (const [name, bomb] of Object.entries(bombs)) bare(() => decode('X', bomb), name);
});

test('a body that is cut off anywhere is refused, and no byte can do worse', () => {
  const body = cbor.encode(
    {
      Name: 'n\u00e9',
      Count: -1,
      Time: 1459799926480,
      Open: true,
      Data: Buffer.alloc(300),
      Items: ['a'],
      Tags: { k: 'v' },
    },
    input,
  );
  for (let length = 0; length < body.length; length++)
    bare(() => cbor.decode(body.subarray(0, length), input));
  fc.assert(
    fc.property(fc.nat(body.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(body);
      changed[at] = byte;
      try {
        cbor.decode(changed, input);
      } catch (error) {
        assert.ok(error instanceof ServiceError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test('answers are written as AWS writes them', () => {
  const body = cbor.encode(
    {
      Name: 'n',
      Count: 500,
      Time: 1000,
      Open: false,
      Data: Buffer.from([1]),
      Items: ['a'],
      Tags: { k: 'v' },
    },
    input,
  );
  const expected = [
    ['64', hex('Name'), '616e'],
    ['65', hex('Count'), '1901f4'],
    ['64', hex('Time'), 'c11903e8'],
    ['64', hex('Open'), 'f4'],
    ['64', hex('Data'), '4101'],
    ['65', hex('Items'), '9f6161ff'],
    ['64', hex('Tags'), 'bf616b6176ff'],
  ];
  assert.equal(body.toString('hex'), `bf${expected.flat().join('')}ff`);
});

test('whole numbers take the fewest bytes', () => {
  const shape = s.structure('Number', { N: s.long() });
  const cases: [number, string][] = [
    [23, '17'],
    [24, '1818'],
    [255, '18ff'],
    [256, '190100'],
    [65536, '1a00010000'],
    [2 ** 32, '1b0000000100000000'],
    [Number.MAX_SAFE_INTEGER, '1b001fffffffffffff'],
    [-1, '20'],
    [-25, '3818'],
    [-(2 ** 32) - 1, '3b0000000100000000'],
  ];
  for (const [value, bytes] of cases) {
    assert.equal(cbor.encode({ N: value }, shape).toString('hex'), `bf614e${bytes}ff`);
  }
});

test('errors are maps with a type and, mostly, a message', () => {
  const { refuse } = targetProtocol('awsCbor', cbor, 'Kinesis_20131202');
  const bodyOf = (error: ServiceError) => refuse(error, 'an id').body as Buffer;
  const plain = bodyOf(new ServiceError('ResourceInUseException', 'taken'));
  const bytes = `bf66${hex('__type')}76${hex('ResourceInUseException')}67${hex('message')}65${hex('taken')}ff`;
  assert.equal(plain.toString('hex'), bytes);
  const coral = bodyOf(new ServiceError('SerializationException', 'x'));
  assert.ok(coral.includes('Message'));
});
