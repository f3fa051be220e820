import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { json } from '../../../src/wire/json/json.ts';
import { depthMax, valuesMax } from '../../../src/wire/reader.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import * as s from '../../../src/wire/shape.ts';
import { targetProtocol } from '../../../src/wire/target-protocol.ts';
import { anyCharacter } from '../../any-character.ts';
import { bare, refusal } from '../refusal.ts';

const anything = s.structure('Anything', {});
const text = s.structure('Text', { Text: s.string() });
const number = s.structure('Number', { Time: s.timestamp() });
const input = s.structure('Input', {
  Name: s.string(),
  Count: s.integer(),
  Data: s.blob(),
  Tags: s.map(s.string(), { max: 200 }),
  Records: s.list(s.structure('Entry', { Data: s.blob(), Key: s.string() })),
});

const decode = <S extends s.Shape>(body: string | Buffer, shape: S) => json.decode(Buffer.from(body), shape);

/** What JSON.parse makes of a text, if it is an object within our limits. */
function reference(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

test('what JSON.parse takes for an object is well-formed, however its text is mutated, and nothing else is', () => {
  const mutation = fc.record({
    at: fc.nat(),
    remove: fc.nat(3),
    insert: fc.constantFrom('', ...'{}[]",:\\u0e.-+1 tfn/\u00e9\u0001\n'),
  });
  const value = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4, stringUnit: anyCharacter }));
  const property = fc.property(
    value,
    fc.array(mutation, { maxLength: 2 }),
    fc.nat(2),
    (object, mutations, indent) => {
      let body = JSON.stringify(object, undefined, indent);
      for (const { at, remove, insert } of mutations) {
        const start = at % (body.length + 1);
        body = body.slice(0, start) + insert + body.slice(start + remove);
      }
      const bytes = Buffer.from(body);
      assert.equal(json.wellFormed(bytes), reference(bytes.toString()) !== undefined, body);
    },
  );
  fc.assert(property, { numRuns: 600 });
});

test('strings come out as JSON.parse reads them, escaped or not', () => {
  const escapeOf = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), (value) => {
      for (const literal of [JSON.stringify(value), `"${value.split('').map(escapeOf).join('')}"`]) {
        assert.equal(decode(`{"Text":${literal}}`, text).Text, JSON.parse(literal));
      }
    }),
  );
});

test('numbers come out as JSON.parse reads them, and times are seconds', () => {
  const literal = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }).map(String),
    fc.integer().map(String),
    fc.constantFrom(
      '0',
      '-0',
      '1e3',
      '1E+3',
      '12e-1',
      '0.5',
      '-1.25',
      '123456789012345',
      '1234567890123456789',
    ),
  );
  fc.assert(
    fc.property(literal, (digits) => {
      const expected = Math.min(
        Math.max(Math.trunc(Math.round(JSON.parse(digits) * 1000)) || 0, -8.64e15),
        8.64e15,
      );
      assert.equal(decode(`{"Time":${digits}}`, number).Time, expected);
    }),
  );
});

test('base64 comes out as Buffer reads it when Buffer would write the same, and is refused when not', () => {
  const characters = fc.constantFrom(...'ABZabz019+/=-_ \n*\\é');
  const valid = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64'));
  const candidate = fc.oneof(valid, fc.string({ unit: characters, maxLength: 12 }));
  fc.assert(
    fc.property(candidate, (base64) => {
      const body = JSON.stringify({ Data: base64, Records: [{ Data: 'AAEC' }] });
      const expected = Buffer.from(base64, 'base64');
      if (expected.toString('base64') === base64) {
        const value = decode(body, input);
        assert.deepEqual(value.Data, expected);
        assert.deepEqual(value.Records?.[0]?.Data, Buffer.from([0, 1, 2]));
      } else {
        assert.match(refusal(() => decode(body, input)).message, /can not be converted to a Blob: /);
      }
    }),
    { numRuns: 600 },
  );
});

test('base64 may have its slashes escaped', () => {
  assert.deepEqual(decode('{"Data":"\\/\\/\\/\\/","Records":[{"Data":"\\u0041AAA"}]}', input), {
    Data: Buffer.from([255, 255, 255]),
    Records: [{ Data: Buffer.alloc(3) }],
  });
});

test('unknown members are passed over, and null is as good as nothing', () => {
  const body =
    '{ "X": [1, {"Name": "no"}, "]"], "Name": "n", "Count": null, "Records": [{"Y": {}}], "Z": null }';
  assert.deepEqual(decode(body, input), { Name: 'n', Records: [{}] });
});

test('a name may be written with escapes', () => {
  assert.deepEqual(decode('{"N\\u0061me":"n"}', input), { Name: 'n' });
});

test('of a name that comes twice the last counts', () => {
  assert.deepEqual(decode('{"Name":"a","Name":"b","Tags":{"k":"1","k":"2"}}', input), {
    Name: 'b',
    Tags: Object.assign(Object.create(null), { k: '2' }),
  });
  assert.deepEqual(decode('{"Name":"a","Name":null,"Tags":{"k":"1","k":null}}', input), {
    Tags: Object.create(null),
  });
});

test('a key such as __proto__ is a key like any other', () => {
  const value = decode(
    '{"__proto__":{"Count":1},"constructor":1,"Tags":{"__proto__":"p","toString":"t"}}',
    input,
  );
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(value.Count, undefined);
  assert.deepEqual(Object.keys(value.Tags ?? {}), ['__proto__', 'toString']);
  assert.equal(Object.getPrototypeOf(value.Tags), null);
});

test('half a surrogate pair is kept, as JSON.parse does', () => {
  assert.equal(decode('{"Text":"a\\ud800b"}', text).Text, 'a\ud800b');
});

test('bytes that are no UTF-8 are refused', () => {
  for (const bytes of ['ff', 'c080', 'eda080', 'c3', 'f4908080']) {
    const body = Buffer.concat([Buffer.from('{"Text":"'), Buffer.from(bytes, 'hex'), Buffer.from('"}')]);
    bare(() => json.decode(body, text));
  }
});

test('a body that is no object is refused without a message', () => {
  const bodies = [
    '',
    ' ',
    '[]',
    '1',
    '"a"',
    'null',
    'true',
    '{',
    '{}}',
    '{}{}',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,}',
  ];
  for (const body of bodies) bare(() => decode(body, anything), body);
});

test('a body that is cut off anywhere is refused', () => {
  const body = Buffer.from(
    '{"Name":"né\\n","Count":-1.5e3,"Data":"AAEC","X":[true,null,{}],"Tags":{"k":"v"}}',
  );
  assert.ok(json.wellFormed(body));
  for (let length = 0; length < body.length; length++)
    bare(() => json.decode(body.subarray(0, length), input));
});

test('a malformed body is refused without a message, even if a wrong type comes first', () => {
  bare(() => decode('{"Name":1,"X":[}', input));
  bare(() => decode('{"Name":1} x', input));
  assert.notEqual(refusal(() => decode('{"Name":1}', input)).message, '');
});

test('runs of spaces, digits, escapes and of what needs none may be of any length', () => {
  const lengths = [1, 62, 63, 64, 65, 66, 319, 320, 321, 1343, 1344, 1345, 70_000];
  for (const length of lengths) {
    const run = (pattern: string) => pattern.repeat(length);
    const known = `{${run(' \n')}"Name"${run('\t')}:"${run('x')}é${run('\\u00e9\\"')}","X":"${run('\\\\')}"}${run('\r')}`;
    assert.deepEqual(decode(known, input), { Name: `${run('x')}é${run('é"')}` });
    const number = `{"X":1${run('0')}.${run('0')}e-${run('0')}1,"Y":"${run('\\/')}${run('y')}"}`;
    assert.ok(json.wellFormed(Buffer.from(number)));
    for (const broken of [
      `{"X":"${run('x')}\n"}`,
      `{"X":"${run('\\n')}\\a"}`,
      `{"X":"${run('\\u00e')}"}`,
      `{"X":${run('1')}`,
    ]) {
      bare(() => decode(broken, input));
    }
  }
});

test('numbers may have a thousand characters where they are read', () => {
  assert.deepEqual(decode(`{"Count":0.${'0'.repeat(998)}}`, input), { Count: 0 });
  bare(() => decode(`{"Count":0.${'0'.repeat(999)}}`, input));
  assert.deepEqual(decode(`{"X":${'1'.repeat(2000)}}`, input), {});
});

test('of a list or map that is far too long, the rest is passed over, and has to be well-formed', () => {
  const tags = (end: string) =>
    `{"Tags":{${Array.from({ length: 1001 }, (_, nth) => `"k${nth}":"v"`).join()}${end}}}`;
  assert.equal(Object.keys(decode(tags(''), input).Tags ?? {}).length, 1000);
  bare(() => decode(tags(',"k"'), input));
});

test('nesting has a limit', () => {
  const nested = (depth: number) => `{"X":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
  assert.ok(json.wellFormed(Buffer.from(nested(depthMax))));
  bare(() => decode(nested(depthMax + 1), anything));
});

test('bodies made to keep us busy are refused', () => {
  const bombs = {
    lists: `{"X":${'['.repeat(1_000_000)}`,
    objects: '{"a":'.repeat(500_000),
    members: `{${'"k":1,'.repeat(valuesMax + 1)}"l":1}`,
    items: `{"Records":[${'{},'.repeat(valuesMax + 1)}{}]}`,
    keys: `{"Tags":{${Array.from({ length: valuesMax + 1 }, (_, index) => `"${index}":"v"`).join()}}}`,
  };
  for (const [name, bomb] of Object.entries(bombs)) bare(() => decode(bomb, input), name);
});

test('answers are written as AWS writes them', () => {
  const output = s.structure('Output', {
    Text: s.string(),
    Count: s.integer(),
    Long: s.long(),
    Open: s.boolean(),
    Time: s.timestamp(),
    Data: s.blob(),
    Items: s.list(s.string()),
    Tags: s.map(s.string()),
    Left: s.string(),
  });
  const bytes = json.encode(
    {
      Text: 'a"\\\n\u0001é\u{1F600}',
      Count: -1,
      Long: 2 ** 40,
      Open: false,
      Time: 1459799926480,
      Data: new Uint8Array([1, 2, 3, 4]).subarray(1),
      Items: ['a', 'b'],
      Tags: {},
      Left: undefined,
    },
    output,
  );
  assert.equal(
    bytes.toString(),
    '{"Text":"a\\"\\\\\\n\\u0001é\u{1F600}","Count":-1,"Long":1099511627776,"Open":false,' +
      '"Time":1459799926.48,"Data":"AgME","Items":["a","b"],"Tags":{}}',
  );
});

test('strings of any length are written as JSON.stringify writes them', () => {
  const plain = fc.stringMatching(/^[ -~]*$/, { maxLength: 300 });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: anyCharacter, maxLength: 300 }), plain), (value) => {
      assert.equal(json.encode({ Text: value }, text).toString(), JSON.stringify({ Text: value }));
    }),
  );
});

test('an answer larger than the buffer it starts in is whole', () => {
  const values = Array.from({ length: 500 }, (_, index) => ({
    Data: Buffer.alloc(index * 5, index),
    Key: `k${index}`,
  }));
  assert.deepEqual(json.decode(json.encode({ Records: values }, input), input), { Records: values });
});

test('errors have a type and, mostly, a message', () => {
  const cases: [ServiceError, string][] = [
    [
      new ServiceError('ResourceNotFoundException', 'No "s".'),
      '{"__type":"ResourceNotFoundException","message":"No \\"s\\"."}',
    ],
    [new ServiceError('SerializationException'), '{"__type":"SerializationException"}'],
    [
      new ServiceError('SerializationException', 'Expected null'),
      '{"__type":"SerializationException","Message":"Expected null"}',
    ],
    [new ServiceError('UnknownOperationException'), '{"__type":"UnknownOperationException"}'],
    [new ServiceError('InternalFailure'), '{"__type":"InternalFailure"}'],
    [
      new ServiceError('InternalFailure', 'The disk is full.'),
      '{"__type":"InternalFailure","message":"The disk is full."}',
    ],
  ];
  const { refuse } = targetProtocol('awsJson1_1', json, 'Kinesis_20131202');
  for (const [error, body] of cases) assert.equal(String(refuse(error, 'an id').body), body);
});
