import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cbor } from '../../src/wire/cbor/cbor.ts';
import { rpcCbor } from '../../src/wire/cbor/rpc-cbor.ts';
import { json } from '../../src/wire/json/json.ts';
import { depthMax, entriesMax, valuesMax } from '../../src/wire/reader.ts';
import * as s from '../../src/wire/shape.ts';
import { validate } from '../../src/wire/validate.ts';
import { anyCharacter } from '../any-character.ts';
import { bare, refusal } from './refusal.ts';

/** As in DynamoDB's model. */
interface AttributeValue
  extends s.UnionShape<{
    S: s.StringShape;
    N: s.StringShape;
    B: s.BlobShape;
    SS: s.ListShape<s.StringShape>;
    BS: s.ListShape<s.BlobShape>;
    M: s.MapShape<s.LazyShape<AttributeValue>>;
    L: s.ListShape<s.LazyShape<AttributeValue>>;
    NULL: s.BooleanShape;
    BOOL: s.BooleanShape;
  }> {}
const attributeValue: AttributeValue = s.union('AttributeValue', {
  S: s.string(),
  N: s.string(),
  B: s.blob(),
  SS: s.list(s.string()),
  BS: s.list(s.blob()),
  M: s.map(s.lazy(() => attributeValue)),
  L: s.list(s.lazy(() => attributeValue)),
  NULL: s.boolean(),
  BOOL: s.boolean(),
});
const putItem = s.structure('PutItemInput', {
  TableName: s.required(s.string()),
  Item: s.required(s.map(attributeValue)),
});
type Item = s.TypeOf<typeof putItem>['Item'];

test('the type of a recursive union says all depths of it', () => {
  const item: Item = { list: { L: [{ M: { inner: { S: 'text' } } }] } };
  const inner: string | undefined = item['list']?.L?.[0]?.M?.['inner']?.S;
  assert.equal(inner, 'text');
  // @ts-expect-error a union has one member, not two
  const two: Item = { both: { S: 'text', N: '1' } };
  // @ts-expect-error an attribute deep inside is no number
  const wrong: Item = { list: { L: [{ M: { inner: { S: 5 } } }] } };
  assert.ok(two && wrong);
});

const { value: anyValue } = fc.letrec<{ value: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    member('S', fc.string({ unit: anyCharacter })),
    member('N', fc.double().map(String)),
    member('B', bytes()),
    member('SS', fc.array(fc.string(), { maxLength: 3 })),
    member('BS', fc.array(bytes(), { maxLength: 3 })),
    member('NULL', fc.constant(true)),
    member('BOOL', fc.boolean()),
    member('L', fc.array(tie('value'), { maxLength: 4 })),
    member('M', mapOf(tie('value'))),
  ),
}));

function member(name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  return value.map((content) => ({ [name]: content }));
}

function bytes(): fc.Arbitrary<Buffer> {
  return fc.uint8Array({ maxLength: 40 }).map((content) => Buffer.from(content));
}

/** Maps are read without a prototype, so that any text is a key. */
function mapOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  return fc
    .dictionary(fc.string({ unit: anyCharacter }), value, { maxKeys: 4 })
    .map((map) => Object.assign(Object.create(null), map));
}

const codecs = [json, cbor, rpcCbor];

for (const codec of codecs) {
  test(`any item of attribute values comes back from ${codec.contentType}`, () => {
    fc.assert(
      fc.property(mapOf(anyValue), (Item) => {
        const body = codec.encode({ TableName: 'table', Item } as s.OutputOf<typeof putItem>, putItem);
        const decoded = codec.decode(body, putItem);
        assert.deepEqual(decoded, { TableName: 'table', Item });
        validate(decoded, putItem);
      }),
      { numRuns: 200 },
    );
  });

  test(`any double and any float comes back from ${codec.contentType}`, () => {
    const numbers = s.structure('Numbers', { Double: s.double(), Float: s.float() });
    fc.assert(
      fc.property(fc.double(), fc.float(), (Double, Float) => {
        assert.deepEqual(codec.decode(codec.encode({ Double, Float }, numbers), numbers), { Double, Float });
      }),
      { numRuns: 300 },
    );
  });

  test(`what is nested too deep is refused in ${codec.contentType}, whatever the shape says`, () => {
    let value: s.OutputOf<AttributeValue> = { NULL: true };
    for (let depth = 0; depth < depthMax; depth++) value = { L: [value] };
    const body = codec.encode({ TableName: 'table', Item: { deep: value } }, putItem);
    bare(() => codec.decode(body, putItem));
  });

  test(`a list without a maximum is read as long as a body may be in ${codec.contentType}`, () => {
    const doubles = s.structure('Doubles', { Values: s.list(s.double()) });
    const Values = Array.from({ length: 2 * entriesMax }, (_, index) => index / 4);
    assert.deepEqual(codec.decode(codec.encode({ Values }, doubles), doubles), { Values });
    const tooMany = Array.from({ length: valuesMax + 1 }, () => 0);
    bare(() => codec.decode(codec.encode({ Values: tooMany }, doubles), doubles));
  });
}

const refusals: [what: string, item: string, message: string][] = [
  ['without a member', '{}', 'Expected one member of the union AttributeValue, not 0'],
  ['with a null only', '{"S":null}', 'Expected one member of the union AttributeValue, not 0'],
  ['with two members', '{"S":"a","N":"1"}', 'Expected one member of the union AttributeValue, not 2'],
  ['with a stranger', '{"S":"a","X":1}', 'Expected one member of the union AttributeValue, not 2'],
  ['that is a text', '"a"', 'Expected null'],
  ['that is a list', '[]', 'Start of list found where not expected'],
  [
    'deep within with two members',
    '{"L":[{"S":"a","N":"1"}]}',
    'Expected one member of the union AttributeValue, not 2',
  ],
  ['deep within that is a text', '{"M":{"a":"b"}}', 'Expected null'],
  [
    'with a member of the wrong type',
    '{"S":5}',
    'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String',
  ],
];

for (const [what, item, message] of refusals) {
  test(`a union ${what} is a SerializationException`, () => {
    const { type, message: said } = refusal(() =>
      json.decode(Buffer.from(`{"TableName":"t","Item":{"a":${item}}}`), putItem),
    );
    assert.deepEqual({ type, said }, { type: 'SerializationException', said: message });
  });
}

test('a null member of a union is as good as nothing', () => {
  const { Item } = json.decode(Buffer.from('{"TableName":"t","Item":{"a":{"S":null,"N":"1"}}}'), putItem);
  assert.deepEqual(Item['a'], { N: '1' });
});

const measures = s.structure('Measures', {
  Value: s.double({ min: -1, max: 1e7 }),
  Float: s.float(),
  ByName: s.map(s.list(s.structure('Point', { At: s.required(s.double()) }), { max: 2 })),
});

test('a double is any number, and NaN and the infinite ones as texts', () => {
  const read = (text: string) => json.decode(Buffer.from(`{"Value":${text}}`), measures).Value;
  assert.equal(read('1.5e3'), 1500);
  assert.equal(read('"NaN"'), Number.NaN);
  assert.equal(read('"-Infinity"'), Number.NEGATIVE_INFINITY);
  for (const wrong of ['"1.5"', '"infinity"', '""']) {
    const { message } = refusal(() => read(wrong));
    assert.equal(message, 'class java.lang.String can not be converted to an Double');
  }
});

test('a float has the precision of 32 bits', () => {
  assert.equal(json.decode(Buffer.from('{"Float":0.1}'), measures).Float, Math.fround(0.1));
});

test('what is wrong within a map is told with its key', () => {
  const { message } = refusal(() => validate({ ByName: { a: [{ At: 1 }, {}], b: [{}, {}, {}] } }, measures));
  assert.match(
    message,
    /^5 validation errors detected: Value null at 'byName\.a\.member\.2\.member\.at' failed/,
  );
  assert.match(
    message,
    /; Value '\[.*\]' at 'byName\.b\.member' failed to satisfy constraint: Member must have length/,
  );
});

test('a number out of range is told as Java prints it', () => {
  for (const [value, printed] of [
    [-2, '-2.0'],
    [-2.5, '-2.5'],
    [-1e7, '-1.0E7'],
    [12345678.5, '1.23456785E7'],
    [Infinity, 'Infinity'],
  ] as const) {
    assert.match(
      refusal(() => validate({ Value: value }, measures)).message,
      new RegExp(`Value '${printed.replace('.', '\\.')}' at 'value'`),
    );
  }
});
