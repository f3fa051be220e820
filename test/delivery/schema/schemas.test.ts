import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaOfGlueColumns } from '../../../src/delivery/schema/glue-columns.ts';
import { schemaOfJsonSchema } from '../../../src/delivery/schema/json-schema.ts';
import { schemaOfSamples } from '../../../src/delivery/schema/sampled-schema.ts';
import { SchemaError } from '../../../src/delivery/schema/schema-error.ts';
import type { TableField, TableSchema, TableType } from '../../../src/iceberg/table-schema.ts';

/** A schema in short: `1 a int!, 2 b list<3 string>`, where `!` is required. */
function shown(schema: TableSchema): string {
  return schema.fields.map(shownField).join(', ');
}

function shownField({ id, name, required, type }: TableField): string {
  return `${id} ${name} ${shownType(type)}${required ? '!' : ''}`;
}

function shownType(type: TableType): string {
  switch (type.kind) {
    case 'struct':
      return `struct<${type.fields.map(shownField).join(', ')}>`;
    case 'list':
      return `list<${type.elementId} ${shownType(type.element)}>`;
    case 'map':
      return `map<${type.keyId} ${shownType(type.key)}, ${type.valueId} ${shownType(type.value)}>`;
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    default:
      return type.kind;
  }
}

const glue = (...types: string[]) =>
  schemaOfGlueColumns(types.map((Type, index) => ({ Name: `c${index}`, Type })));

test("Glue's columns are read in all of Hive's types that Parquet has", () => {
  assert.equal(
    shown(
      glue(
        'tinyint',
        'INT',
        'bigint',
        'varchar(20)',
        'char( 3 )',
        'decimal',
        'decimal(38, 10)',
        'timestamp',
        'date',
      ),
    ),
    '1 c0 int, 2 c1 int, 3 c2 long, 4 c3 string, 5 c4 string, 6 c5 decimal(10,0), 7 c6 decimal(38,10), 8 c7 timestamp, 9 c8 date',
  );
  assert.equal(
    shown(
      glue(
        'array<struct<a:int,`b c`:map<string,array<double>>>>',
        'struct< x : boolean , y:float >',
        'binary',
      ),
    ),
    '1 c0 list<4 struct<5 a int, 6 b c map<7 string, 8 list<9 double>>>>, 2 c1 struct<10 x boolean, 11 y float>, 3 c2 binary',
  );
});

test("a type of Glue's that is none, or that Parquet has not, is refused in one line", () => {
  const refusals: readonly (readonly [type: string, message: string])[] = [
    ['', 'Column c0 has a type that is not understood at character 1: '],
    ['array<int', 'Column c0 has a type that is not understood at character 10: array<int'],
    ['int>', 'Column c0 has a type that is not understood at character 4: int>'],
    ['struct<a int>', 'Column c0 has a type that is not understood at character 10: struct<a int>'],
    ['struct<>', 'Column c0 has a type that is not understood at character 8: struct<>'],
    ['struct<a:int,a:int>', 'Column c0 has the column a twice.'],
    ['uniontype<int,string>', 'Column c0 has the type uniontype, which Parquet is not written with.'],
    ['map<array<int>,int>', 'Column c0 has a map whose keys are no simple values.'],
    ['decimal(39,0)', 'Column c0: decimal(39,0) is not between decimal(1,0) and decimal(38,38).'],
    ['array<'.repeat(60), 'Column c0 has types in each other that are more than 50 deep.'],
  ];
  for (const [type, message] of refusals) assert.throws(() => glue(type), new SchemaError(message));
  assert.throws(() => glue(), new SchemaError('The table has no columns.'));
  assert.throws(() => glue(...Array.from({ length: 2_001 }, () => 'int')), /more than 2000 columns/);
});

test('a JSON Schema is the table that a channel makes of it', () => {
  const schema = schemaOfJsonSchema({
    type: 'object',
    required: ['id', 'maybe', 'where'],
    definitions: { point: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] } },
    properties: {
      id: { type: 'integer', maximum: 2 ** 31 },
      large: { type: 'integer', exclusiveMaximum: 2 ** 31 + 1 },
      any: { type: 'integer' },
      maybe: { type: ['string', 'null'] },
      at: { type: 'string', format: 'date-time' },
      day: { type: 'string', format: 'date' },
      time: { type: 'string', format: 'time' },
      uuid: { type: 'string', format: 'uuid' },
      mail: { type: 'string', format: 'email' },
      bytes: { type: 'string', contentEncoding: 'base64' },
      price: { type: 'number', multipleOf: 0.01 },
      size: { type: 'number' },
      flag: { type: 'boolean', description: 'on or off' },
      where: { $ref: '#/definitions/point' },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      list: { type: 'array', items: { type: 'integer' } },
      colour: { enum: ['red', 'green'] },
    },
  });
  assert.equal(
    shown(schema),
    '1 id int!, 2 large long, 3 any long, 4 maybe string, 5 at timestamptz, 6 day date, 7 time time, 8 uuid uuid, ' +
      '9 mail string, 10 bytes binary, 11 price decimal(38,2), 12 size double, 13 flag boolean, ' +
      '14 where struct<18 x double!>!, 15 labels map<19 string, 20 string>, 16 list list<21 long>, 17 colour string',
  );
  assert.equal(schema.fields[12]?.doc, 'on or off');
});

test('a JSON Schema that says no table is refused in one line', () => {
  const both = (n: number) => ({ l: { $ref: `#/$defs/${n}` }, r: { $ref: `#/$defs/${n}` } });
  const $defs = [...Array.from({ length: 40 }, (_, n) => ({ properties: both(n + 1) })), { type: 'string' }];
  const loop = { type: 'object', properties: { a: { $ref: '#' } } };
  const refusals: readonly (readonly [document: unknown, message: RegExp])[] = [
    [null, /^The schema is no JSON Schema\.$/],
    [{ type: 'string' }, /^The schema is of no object with properties\.$/],
    [{ type: 'object' }, /^The schema is an object whose properties are not said\.$/],
    [{ properties: { a: {} } }, /^Property a has no type that a column can have\.$/],
    [{ properties: { a: { type: ['string', 'integer'] } } }, /^Property a is of more than one type\.$/],
    [{ properties: { a: { type: 'array' } } }, /^Property a\[\] is no JSON Schema\.$/],
    [{ properties: { a: { $ref: 'https://example.com/a' } } }, /which is not followed\.$/],
    [{ properties: { a: { $ref: '#/nowhere' } } }, /is no JSON Schema\.$/],
    [{ properties: { a: { type: 'number', multipleOf: 0 } } }, /multipleOf that is not above 0\.$/],
    [{ properties: both(0), $defs: { ...$defs } }, /more than 2000 columns/],
    [loop, /more than 50 deep, or refers to itself\.$/],
  ];
  for (const [document, message] of refusals)
    assert.throws(() => schemaOfJsonSchema(document), { name: 'SchemaError', message });
});

test('samples are read as columns that hold all of them', () => {
  const samples = [
    '{"n":1,"x":1,"s":"a","t":"2026-01-01T00:00:00Z","d":"2026-01-01","l":[],"o":{"k":true},"none":null,"mixed":1}',
    'no JSON',
    '{"n":9007199254740993,"x":1.5,"s":"2026-01-01","t":"2026-01-01 00:00:00","d":"2026-01-02","l":[{"a":1}],"o":{"j":"z"},"mixed":"a"}',
    '{"l":[{"b":"2"}],"e":{},"huge":123456789012345678901234567890}',
  ];
  assert.equal(
    shown(schemaOfSamples(samples.map((text) => Buffer.from(text)))),
    '1 n long, 2 x double, 3 s string, 4 t timestamptz, 5 d date, 6 l list<10 struct<11 a long, 12 b string>>, ' +
      '7 o struct<13 k boolean, 14 j string>, 8 mixed string, 9 huge double',
  );
  assert.throws(() => schemaOfSamples([Buffer.from('{}'), Buffer.from('[1]')]), SchemaError);
});
