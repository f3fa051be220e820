import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { ParquetForm } from '../../../src/delivery/delivery-spec.ts';
import { openDuckReader } from './read-by-duckdb.ts';
import { openRows, recordsOf } from './rows-in-parquet.ts';

const duck = await openDuckReader();
after(() => duck[Symbol.asyncDispose]());

test('every type of a column comes back from DuckDB as it was, at its extremes and as null', async () => {
  const object = openRows({
    t: 'boolean',
    i: 'int',
    l: 'bigint',
    f: 'float',
    d: 'double',
    s: 'string',
    b: 'binary',
    day: 'date',
    at: 'timestamp',
    small: 'decimal(9,2)',
    middle: 'decimal(18,0)',
    large: 'decimal(38,10)',
  });
  const refused = await object.add(
    recordsOf(
      `{"t":true,"i":2147483647,"l":9223372036854775807,"f":0.5,"d":1.7976931348623157e308,"s":"žluťoučký 🐎\\u0000\\n",
        "b":"AP8=","day":"9999-12-31","at":"9999-12-31 23:59:59.999999","small":9999999.99,
        "middle":-999999999999999999,"large":9999999999999999999999999999.9999999999}`,
      `{"t":false,"i":-2147483648,"l":-9223372036854775808,"f":-1.25,"d":5e-324,"s":"","b":"","day":"0001-01-01",
        "at":"1969-12-31T23:59:59.5Z","small":-0.005,"middle":9007199254740993,"large":-0.0000000001}`,
      {},
      { t: null, i: null, l: null, f: null, d: null, s: null, b: null, day: null, at: null, large: null },
    ),
  );
  assert.deepEqual(refused, []);
  const nothing = Object.fromEntries(
    't i l f d s b day at small middle large'.split(' ').map((name) => [name, null]),
  );
  assert.deepEqual(await duck.query(await object.finish(), 'select * from file'), [
    {
      t: true,
      i: 2147483647,
      l: '9223372036854775807',
      f: 0.5,
      d: 1.7976931348623157e308,
      s: 'žluťoučký 🐎\u0000\n',
      b: '\\x00\\xFF',
      day: '9999-12-31',
      at: '9999-12-31 23:59:59.999999',
      small: '9999999.99',
      middle: '-999999999999999999',
      large: '9999999999999999999999999999.9999999999',
    },
    {
      t: false,
      i: -2147483648,
      l: '-9223372036854775808',
      f: -1.25,
      d: 5e-324,
      s: '',
      b: '',
      day: '0001-01-01',
      at: '1969-12-31 23:59:59.5',
      small: '-0.01',
      middle: '9007199254740993',
      large: '-0.0000000001',
    },
    nothing,
    nothing,
  ]);
});

/** A type in Glue's words, values of it, and each as DuckDB says it. */
type Typed = {
  readonly type: string;
  readonly value: fc.Arbitrary<unknown>;
  readonly seen: (value: unknown) => unknown;
};

const same = (value: unknown) => value;
const simple: readonly Typed[] = [
  { type: 'int', value: fc.integer({ min: -3, max: 3 }), seen: same },
  {
    type: 'double',
    value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    seen: (value) => (value === 0 ? 0 : value),
  },
  { type: 'bigint', value: fc.maxSafeInteger(), seen: String },
  { type: 'boolean', value: fc.boolean(), seen: same },
  { type: 'string', value: fc.string({ unit: 'grapheme', maxLength: 12 }), seen: same },
  {
    type: 'decimal(20,3)',
    value: fc.integer().map((whole) => whole / 8),
    seen: (value) => (value as number).toFixed(3),
  },
];

const typed: fc.Arbitrary<Typed> = fc.letrec<{ type: Typed }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...simple),
    tie('type').map(listOf),
    tie('type').map(mapOf),
    fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map(structOf),
  ),
})).type;

const orNull = (arbitrary: fc.Arbitrary<unknown>) => fc.option(arbitrary, { nil: null, freq: 3 });
const seenOrNull = (of: Typed, value: unknown) =>
  value === null || value === undefined ? null : of.seen(value);

function listOf(element: Typed): Typed {
  return {
    type: `array<${element.type}>`,
    value: fc.array(orNull(element.value), { maxLength: 4 }),
    seen: (value) => (value as unknown[]).map((entry) => seenOrNull(element, entry)),
  };
}

function mapOf(of: Typed): Typed {
  return {
    type: `map<string,${of.type}>`,
    value: fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), orNull(of.value), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    seen: (value) =>
      Object.entries(value as object).map(([key, one]) => ({ key, value: seenOrNull(of, one) })),
  };
}

function structOf(members: Typed[]): Typed {
  const named = members.map((member, index) => [`m${index}`, member] as const);
  return {
    type: `struct<${named.map(([name, member]) => `${name}:${member.type}`).join(',')}>`,
    value: fc.record(Object.fromEntries(named.map(([name, member]) => [name, orNull(member.value)])), {
      requiredKeys: [],
    }),
    seen: (value) =>
      Object.fromEntries(
        named.map(([name, member]) => [name, seenOrNull(member, (value as Record<string, unknown>)[name])]),
      ),
  };
}

test('rows of any nesting come back from DuckDB as they were, however pages and row groups are cut', async () => {
  const table = fc.array(typed, { minLength: 1, maxLength: 3 }).chain((columns) => {
    const row = structOf(columns);
    const rows = fc.array(row.value, { maxLength: 30 });
    return fc.record({
      columns: fc.constant(columns),
      row: fc.constant(row),
      rows,
      repeats: fc.integer({ min: 1, max: 12 }),
      pageBytes: fc.constantFrom(1, 64, 1_000_000),
      blockBytes: fc.constantFrom(1, 2_000, 1_000_000),
      compression: fc.constantFrom<ParquetForm['compression'][]>('NONE', 'GZIP', 'SNAPPY', 'ZSTD'),
    });
  });
  await fc.assert(
    fc.asyncProperty(table, async ({ columns, row, rows, repeats, ...form }) => {
      const object = openRows(
        Object.fromEntries(columns.map((column, index) => [`m${index}`, column.type])),
        form,
      );
      const all = Array.from({ length: repeats }, () => rows).flat() as object[];
      // What is refused leaves no trace, whatever of it was read by then.
      const refused = await object.add(all.flatMap((one) => recordsOf(one, `${JSON.stringify(one)}{"m0"`)));
      assert.equal(refused.length, all.length);
      const read = await duck.query(await object.finish(), 'select * from file');
      assert.deepEqual(
        read,
        all.map((one) => row.seen(one)),
      );
    }),
    { numRuns: 40 },
  );
});
