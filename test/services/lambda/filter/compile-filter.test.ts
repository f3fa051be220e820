import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../../../property-seed.ts';
import fc from 'fast-check';
import { compileFilter } from '../../../../src/services/lambda/filter/compile-filter.ts';
import { FilterError } from '../../../../src/services/lambda/filter/record-filter.ts';
import { type Json, referenceMatches } from './reference-filter.ts';

/** Whether a pattern for data lets in data: a text as it is, all else as JSON. */
function lets(pattern: Json, data: Json): boolean {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return compileFilter([JSON.stringify({ data: pattern })])(Buffer.from(text));
}

const key = fc.constantFrom('a', 'b', 'd', '__proto__');
const text = fc.constantFrom('', 'x', 'xy', 'XY', 'yxx', 'xyxy', 'Äx', 'xäx');
const number = fc.constantFrom(0, 1, 1.5, 1.0000001, -3, 5e9, 6e9, -5e9 - 1);
const scalar = fc.oneof(text, number, fc.constantFrom(true, false, null));
const { event } = fc.letrec<{ event: Json }>((tie) => ({
  event: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.dictionary(key, tie('event'), { maxKeys: 3 }),
    fc.array(tie('event'), { maxLength: 3 }),
  ),
}));
const one = fc.dictionary(key, event, { minKeys: 2, maxKeys: 4 });
const container = fc.oneof(one, fc.array(one, { maxLength: 6 }));

const part = text.filter((each) => each !== '');
const parts = fc.oneof(part, fc.array(part, { minLength: 1, maxLength: 2 }));
const wildcard = fc.constantFrom('*', 'x*', '*x', 'x*x', '*y*', 'x*y*', 'xy');
const range = fc.constantFrom<Json[]>(
  ...(
    [
      ['=', 1],
      ['<', 1],
      ['<=', 1],
      ['>', 0],
      ['>=', 1.5],
      ['>', 0, '<', 5e9],
      ['>=', -3, '<=', 1],
    ] as const
  ).map((bounds) => [...bounds]),
);
const negated = fc.oneof(
  fc.oneof(text, number),
  fc.array(text, { minLength: 1, maxLength: 2 }),
  fc.array(number, { minLength: 1, maxLength: 2 }),
  ...[parts.map((prefix) => ({ prefix })), parts.map((suffix) => ({ suffix }))],
  ...[parts.map((each) => ({ 'equals-ignore-case': each })), wildcard.map((each) => ({ wildcard: each }))],
);
const cased = fc.oneof(
  text,
  text.map((each) => ({ 'equals-ignore-case': each })),
);
const condition: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  fc.boolean().map((exists) => ({ exists })),
  ...[cased.map((prefix) => ({ prefix })), cased.map((suffix) => ({ suffix }))],
  ...[wildcard.map((each) => ({ wildcard: each })), range.map((numeric) => ({ numeric }))],
  text.map((each) => ({ 'equals-ignore-case': each })),
  negated.map((each) => ({ 'anything-but': each })),
);
const conditions = fc.array(condition, { minLength: 1, maxLength: 5 });
/** Fields, of which a few are asked for in `$or`: one that is there twice means something else to AWS. */
function fieldsWith(field: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  const branch = fc.dictionary(fc.constantFrom('d', 'e'), field, { minKeys: 1, maxKeys: 2 });
  const branches = fc.option(fc.tuple(branch, branch), { freq: 3, nil: undefined });
  const plain = fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), field, { minKeys: 1, maxKeys: 2 });
  return fc
    .tuple(plain, branches)
    .map(([some, either]): Json => (either === undefined ? some : { ...some, $or: either }));
}
const inside = fieldsWith(fc.oneof({ weight: 3, arbitrary: conditions }, fieldsWith(conditions)));
const fields = fieldsWith(fc.oneof(conditions, inside));

test('a pattern of fields lets in what the grammar says, as a search through all choices of values finds it', () => {
  let letIn = 0;
  const property = fc.property(fields, container, (pattern, data) => {
    fc.pre(JSON.stringify({ data: pattern }).length <= 4_096);
    const expected = referenceMatches(pattern, data);
    letIn += Number(expected);
    assert.equal(lets(pattern, data), expected);
  });
  fc.assert(property, { numRuns: 3_000 });
  assert.ok(letIn > 100, `only ${letIn} were let in`);
});

test("AWS's own examples of a stream of orders", () => {
  const order = { record: 12345, order: { type: 'buy', stock: 'ANYCO', quantity: 1000 } };
  assert.equal(lets({ order: { type: ['buy'] } }, order), true);
  assert.equal(lets({ order: { type: ['sell'] } }, order), false);
  assert.equal(lets({ order: { quantity: [{ numeric: ['>', 0, '<=', 1000] }] } }, order), true);
  assert.equal(lets({ $or: [{ record: [1] }, { order: { stock: [{ prefix: 'ANY' }] } }] }, order), true);
});

test('fields are those of one element of an array, and a field is missing where no element has it', () => {
  const staff = {
    employees: [{ first: 'Anna', last: 'Smith' }, [{ first: 'Peter', last: 'Jones', age: 7 }]],
  };
  assert.equal(lets({ employees: { first: ['Anna'], last: ['Smith'] } }, staff), true);
  assert.equal(lets({ employees: { first: ['Anna'], last: ['Jones'] } }, staff), false);
  assert.equal(lets({ employees: { first: ['Anna'], age: [{ exists: false }] } }, staff), false);
  assert.equal(lets({ employees: { boss: [{ exists: false }] } }, staff), true);
  assert.equal(lets({ employees: [{ exists: true }] }, staff), false);
});

test('a list of values is for data that are no object and no array in JSON, as text', () => {
  assert.equal(lets(['hello'], 'hello'), true);
  assert.equal(lets([{ prefix: 'hel' }, 'x'], 'hello'), true);
  assert.equal(lets(['42'], 42), true);
  assert.equal(lets(['{'], '{'), true);
  assert.equal(lets([{ exists: true }], { a: 1 }), false);
  assert.equal(lets(['x'], ['x']), false);
  assert.equal(lets({ a: [{ exists: false }] }, 'hello'), false);
  assert.equal(lets({ a: [{ exists: false }] }, ' \n{"b": 1}'), true);
});

test('a record is let in by any of the patterns, and by none at all', () => {
  const filter = compileFilter(['{"data":{"a":[1]}}', '{"$or":[{"data":["text"]},{"data":{"b":[2]}}]}']);
  for (const data of ['{"a":1}', '{"b":2}', 'text']) assert.equal(filter(Buffer.from(data)), true, data);
  for (const data of ['{"a":2}', 'other', '']) assert.equal(filter(Buffer.from(data)), false, data);
  assert.equal(compileFilter([])(Buffer.from('anything')), true);
});

test('ids of 64 bits are told apart by all their digits', () => {
  const filter = compileFilter(['{"data":{"id":[9007199254740993]}}']);
  assert.equal(filter(Buffer.from('{"id":9007199254740993}')), true);
  assert.equal(filter(Buffer.from('{"id":9007199254740992}')), false);
  const others = compileFilter(['{"data":{"id":[{"anything-but":9007199254740993}]}}']);
  assert.equal(others(Buffer.from('{"id":9007199254740992}')), true);
  assert.equal(others(Buffer.from('{"id":9007199254740993}')), false);
});

test('an address is in a range, and stars and backslashes can be meant as such', () => {
  assert.equal(lets({ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.0.77' }), true);
  assert.equal(lets({ ip: [{ cidr: '10.0.0.0/24' }] }, { ip: '10.0.1.77' }), false);
  assert.equal(lets({ ip: [{ cidr: '2001:db8::/32' }] }, { ip: '2001:db8::1' }), true);
  assert.equal(lets({ f: [{ wildcard: 'a\\*b\\\\*' }] }, { f: 'a*b\\c' }), true);
  assert.equal(lets({ f: [{ wildcard: 'a\\*b\\\\*' }] }, { f: 'axb\\c' }), false);
  assert.equal(lets({ f: [{ wildcard: 'ab*ba' }] }, { f: 'aba' }), false);
});

test('data as deep as they are long, and hostile wildcards, are read like any other', () => {
  const deep = Buffer.from(`{"a":${'['.repeat(500_000)}"x"${']'.repeat(500_000)},"id":1}`);
  assert.equal(compileFilter(['{"data":{"a":["x"]}}'])(deep), true);
  assert.equal(compileFilter(['{"data":{"a":["x"],"b":[{"exists":false}]}}'])(deep), true);
  assert.equal(compileFilter(['{"data":{"id":[1, 9007199254740993]}}'])(deep), true);
  const stars = { f: [{ wildcard: `${'*a'.repeat(1_500)}*b` }] };
  assert.equal(lets(stars, { f: 'a'.repeat(200_000) }), false);
});

test('what is no pattern is refused as AWS refuses it', () => {
  const wrong: readonly string[] = [
    ...['', 'text', '[]', 'null', '{}', '{"data":{}}', '{"data":"x"}', '{"data":[]}', '{"data":{"a":[]}}'],
    ...[
      '{"data":{"a":"x"}}',
      '{"data":{"a":[["x"]]}}',
      '{"data":{"a":[{}]}}',
      '{"data":{"a":[{"like":"x"}]}}',
    ],
    ...['{"partitionKey":["1"]}', '{"data":{"a":[1]},"eventName":["x"]}', '{"data":{"a":["x" = 1]}}'],
    ...['{"data":{"a":[{"prefix":1}]}}', '{"data":{"a":[{"prefix":"a","suffix":"b"}]}}'],
    ...['{"data":{"a":[{"prefix":{"wildcard":"a"}}]}}', '{"data":{"a":[{"exists":"yes"}]}}'],
    ...['{"data":{"a":[{"wildcard":"a**b"}]}}', '{"data":{"a":[{"wildcard":"\\\\d"}]}}'],
    ...['{"data":{"a":[{"wildcard":"\\\\"}]}}', '{"data":{"a":[{"cidr":"10.0.0.1"}]}}'],
    ...['{"data":{"a":[{"cidr":"10.0.0.0/33"}]}}', '{"data":{"a":[{"toString":"x"}]}}'],
    ...['[]', '[">"]', '[">","1"]', '["!",1]', '[">",6000000000]', '["<",1,">",0]', '[">",2,"<",1]'].map(
      (numeric) => `{"data":{"a":[{"numeric":${numeric}}]}}`,
    ),
    ...['[">",1,"<",2,"<",3]', '["=",1,"<",2]', '1'].map(
      (numeric) => `{"data":{"a":[{"numeric":${numeric}}]}}`,
    ),
    ...['[]', 'null', 'true', '["a",1]', '{"prefix":""}', '{"prefix":[]}', '{"numeric":["=",1]}', '{}'].map(
      (negated) => `{"data":{"a":[{"anything-but":${negated}}]}}`,
    ),
    ...['{"a":[1]}', '[]', '[{"a":[1]}]', '[{"a":[1]},["b"]]', '[{"a":[1]},{"prefix":["b"]}]'].map(
      (branches) => `{"data":{"$or":${branches}}}`,
    ),
    `{"data":{"a":["${'x'.repeat(4_096)}"]}}`,
  ];
  for (const pattern of wrong) {
    assert.throws(() => compileFilter([pattern]), isRefusal, pattern);
  }
  assert.throws(() => compileFilter(new Array<string>(11).fill('{"data":["x"]}')), isRefusal);
  assert.doesNotThrow(() => compileFilter(new Array<string>(10).fill('{"data":["x"]}')));
});

function isRefusal(error: unknown): boolean {
  return error instanceof FilterError && error.message === 'Invalid filter pattern definition.';
}
