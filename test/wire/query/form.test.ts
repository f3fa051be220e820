import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { queryCodec } from '../../../src/wire/query/query-codec.ts';
import { depthMax, valuesMax } from '../../../src/wire/reader.ts';
import * as s from '../../../src/wire/shape.ts';
import { bare, refusal } from '../refusal.ts';

interface Tree extends s.UnionShape<{ Leaf: s.StringShape; Branches: s.ListShape<s.LazyShape<Tree>> }> {}
const tree: Tree = s.union('Tree', { Leaf: s.string(), Branches: s.list(s.lazy(() => tree)) });

const input = s.structure('Input', {
  Text: s.string(),
  Count: s.integer(),
  Size: s.long(),
  Value: s.double(),
  On: s.boolean(),
  At: s.timestamp(),
  Data: s.blob(),
  Texts: s.list(s.string()),
  Data_: s.list(s.structure('Metric', { Name: s.required(s.string()), Values: s.list(s.double()) })),
  Tags: s.map(s.string()),
  ByName: s.map(s.structure('Point', { X: s.double() })),
  Tree: tree,
});

const decode = (form: string) => queryCodec.decode(Buffer.from(form), input);

// The examples are those of smithy.io, "AWS query protocol", with the names of this test's shape.
const examples: [what: string, form: string, value: s.TypeOf<typeof input>][] = [
  ['nothing', '', {}],
  ['members by name, and others', 'Action=A&Version=1&Text=a&Other.member.1=b', { Text: 'a' }],
  ['an empty text', 'Text=', { Text: '' }],
  ['an escaped text', 'Text=a+b%20c%2Bd%26%3D%c3%a9', { Text: 'a b c+d&=é' }],
  ['the last of two', 'Text=a&Text=b', { Text: 'b' }],
  [
    'numbers',
    'Count=-5&Size=9007199254740991&Value=-1.5e-3',
    { Count: -5, Size: 2 ** 53 - 1, Value: -0.0015 },
  ],
  ['a number that is none', 'Value=-Infinity', { Value: -Infinity }],
  ['a boolean', 'On=true', { On: true }],
  ['a point in time', 'At=2015-01-25T08%3A00%3A00Z', { At: 1_422_172_800_000 }],
  ['a time with a fraction and an offset', 'At=2015-01-25T09:00:00.5%2B01:00', { At: 1_422_172_800_500 }],
  ['a blob in base64', 'Data=aGk%3D', { Data: Buffer.from('hi') }],
  ['a list', 'Texts.member.1=foo&Texts.member.2=bar', { Texts: ['foo', 'bar'] }],
  [
    'a list out of order, with gaps',
    'Texts.member.10=c&Texts.member.2=a&Texts.member.9=b',
    { Texts: ['a', 'b', 'c'] },
  ],
  ['an empty list', 'Texts=', { Texts: [] }],
  [
    'a list of structures with lists',
    'Data_.member.1.Name=a&Data_.member.1.Values.member.1=1&Data_.member.1.Values.member.2=2.5&Data_.member.2.Name=b',
    { Data_: [{ Name: 'a', Values: [1, 2.5] }, { Name: 'b' }] },
  ],
  [
    'a map',
    'Tags.entry.1.key=bar&Tags.entry.1.value=Bar&Tags.entry.2.key=__proto__&Tags.entry.2.value=',
    { Tags: bare_({ bar: 'Bar', ['__proto__']: '' }) },
  ],
  [
    'a map of structures',
    'ByName.entry.1.key=a&ByName.entry.1.value.X=1',
    { ByName: bare_({ a: { X: 1 } }) },
  ],
  [
    'a union in itself',
    'Tree.Branches.member.1.Leaf=a&Tree.Branches.member.2.Branches.member.1.Leaf=b',
    { Tree: { Branches: [{ Leaf: 'a' }, { Branches: [{ Leaf: 'b' }] }] } },
  ],
];

/** Maps are read without a prototype. */
function bare_<Value>(entries: { [key: string]: Value }): { [key: string]: Value } {
  return Object.assign(Object.create(null), entries);
}

for (const [what, form, value] of examples) {
  test(`a form says ${what}`, () => assert.deepEqual(decode(form), value));
}

const refusals: [what: string, form: string, message: string][] = [
  ['no integer', 'Count=1.5', 'class java.lang.String can not be converted to an Integer'],
  [
    'an integer out of range',
    'Count=2147483648',
    'class java.lang.String can not be converted to an Integer',
  ],
  [
    'a long out of range',
    'Size=9223372036854785808',
    'class java.lang.String can not be converted to an Long',
  ],
  ['no number', 'Value=0x10', 'class java.lang.String can not be converted to an Double'],
  ['no boolean', 'On=True', 'class java.lang.String can not be converted to an Boolean'],
  ['no time', 'At=1422172800', "Expected a date-time, not '1422172800'"],
  ['a time that is none', 'At=2015-13-25T08:00:00Z', "Expected a date-time, not '2015-13-25T08:00:00Z'"],
  ['parts of a text', 'Text.a=b', 'Start of structure or map found where not expected.'],
  ['a text for a list', 'Texts=a', 'Expected list or null'],
  ['a text for a structure', 'Data_.member.1=a', 'Expected null'],
  ['two members of a union', 'Tree.Leaf=a&Tree.Branches=', 'Expected one member of the union Tree, not 2'],
  ['a stranger in a union', 'Tree.Other=a', 'Expected one member of the union Tree, not 0'],
];

for (const [what, form, message] of refusals) {
  test(`a form with ${what} is a SerializationException`, () => {
    const { type, message: said } = refusal(() => decode(form));
    assert.deepEqual({ type, said }, { type: 'SerializationException', said: message });
  });
}

test('a form that is broken or made to keep us busy is refused without a text', () => {
  for (const form of [
    'Text=%ff',
    'Texts.member.0=a',
    'Texts.member.x=a',
    'Tags.entry.1.key=a',
    'Tags.entry.1.value=a',
    `a${'.a'.repeat(3 * depthMax)}=b`,
    'a&'.repeat(valuesMax),
  ]) {
    bare(() => decode(form), form.slice(0, 40));
  }
});

type Value = string | { readonly [name: string]: Value } | readonly Value[];

/** A form of a value of `tree`, as clients write it. */
function formOf(value: Value, name: string): string[] {
  if (typeof value === 'string') return [`${name}=${encodeURIComponent(value)}`];
  if (!Array.isArray(value))
    return Object.entries(value).flatMap(([key, part]) => formOf(part, `${name}.${key}`));
  if (value.length === 0) return [`${name}=`];
  return value.flatMap((item, index) => formOf(item, `${name}.member.${index + 1}`));
}

test('any tree comes back from its form', () => {
  const { any } = fc.letrec<{ any: Value }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.string({ unit: 'grapheme' }).map((Leaf) => ({ Leaf })),
      fc.array(tie('any'), { maxLength: 3 }).map((Branches) => ({ Branches })),
    ),
  }));
  fc.assert(
    fc.property(any, (value) => {
      assert.deepEqual(decode(formOf(value, 'Tree').join('&')), { Tree: value });
    }),
    { numRuns: 300 },
  );
});
