import assert from 'node:assert/strict';
import type { ListShape, MapShape, Shape, StringShape, StructureShape } from '../../../src/wire/shape.ts';
import { sampleInput, sampleValue } from './sample-input.ts';

/** A value, in JSON, that does not fit a shape, and what AWS says about it. */
export type Misfit = {
  readonly what: string;
  readonly value: unknown;
  /** Where in the value the fault is, as AWS writes it. */
  readonly path: string;
  /** The texts of the constraints that it breaks; or of the one SerializationException. */
  readonly broken: readonly string[] | string;
};

/** A value for everything that can be wrong with a shape, one fault each. */
export function misfitsOf(shape: Shape): Misfit[] {
  return [...wrongTypes(shape), ...wrongValues(shape)];
}

/** Values of other types, by what is expected; the texts were recorded from AWS. */
function wrongTypes(shape: Shape): Misfit[] {
  const wrong = (what: string, value: unknown, text: string): Misfit => ({
    what,
    value,
    path: '',
    broken: text,
  });
  const found: Misfit[] = [];
  const target = targets[shape.kind];
  if (shape.kind !== 'map' && shape.kind !== 'structure') {
    found.push(wrong('an object', {}, 'Start of structure or map found where not expected.'));
  }
  if (shape.kind !== 'list') found.push(wrong('a list', [], 'Start of list found where not expected'));
  if (target === undefined) return [...found, wrong('a scalar', 5, nested[shape.kind]!)];
  if (shape.kind !== 'boolean') found.push(wrong('a boolean', true, `class java.lang.Boolean ${target}`));
  if (shape.kind === 'string' || shape.kind === 'blob' || shape.kind === 'boolean') {
    found.push(
      wrong('a number', 5, `class com.amazon.coral.value.json.numbers.TruncatingBigNumber ${target}`),
    );
  } else {
    found.push(wrong('a string', '5', `class java.lang.String ${target}`));
  }
  return found;
}

const targets: Readonly<Record<string, string>> = {
  string: 'can not be converted to an String',
  integer: 'can not be converted to an Integer',
  long: 'can not be converted to an Long',
  boolean: 'can not be converted to an Boolean',
  blob: 'can not be converted to a Blob',
  timestamp: 'can not be converted to milliseconds since epoch',
};

const nested: Readonly<Record<string, string>> = {
  list: 'Expected list or null',
  map: 'Expected map or null',
  structure: 'Expected null',
};

function wrongValues(shape: Shape): Misfit[] {
  switch (shape.kind) {
    case 'string':
      return wrongTexts(shape).map(({ what, value }) => breaks(what, value, brokenBy(shape, value)));
    case 'integer':
    case 'long':
      return wrongNumbers(shape);
    case 'blob':
      return shape.max === undefined ? [] : [tooManyBytes(shape.max)];
    case 'list':
      return wrongLists(shape);
    case 'map':
      return wrongMaps(shape);
    case 'structure':
      return wrongMembers(shape);
    default:
      return [];
  }
}

function breaks(what: string, value: unknown, broken: readonly string[]): Misfit {
  return { what, value, path: '', broken };
}

function wrongTexts({ min = 0, max, pattern, values }: StringShape): { what: string; value: string }[] {
  const found = [];
  if (min > 0) found.push({ what: 'too short', value: 'x'.repeat(min - 1) });
  if (max !== undefined) found.push({ what: 'too long', value: 'x'.repeat(max + 1) });
  if (pattern !== undefined) found.push({ what: 'not of the pattern', value: '\u2603 :*' });
  if (values !== undefined) found.push({ what: 'not of the enum', value: 'NEITHER' });
  return found;
}

function brokenBy({ min = 0, max = Infinity, pattern, values }: StringShape, value: string): string[] {
  const broken = [];
  if (pattern?.matches(value) === false) broken.push(patternText(pattern.text));
  if (values?.includes(value) === false) broken.push(valuesText(values));
  if (value.length < min) broken.push(minText(min));
  if (value.length > max) broken.push(maxText(max));
  return broken;
}

function wrongNumbers({ min, max }: { min: number | undefined; max: number | undefined }): Misfit[] {
  const found = [];
  if (min !== undefined) {
    found.push(breaks('too small', min - 1, [`Member must have value greater than or equal to ${min}`]));
  }
  if (max !== undefined) {
    found.push(breaks('too large', max + 1, [`Member must have value less than or equal to ${max}`]));
  }
  return found;
}

function tooManyBytes(max: number): Misfit {
  return breaks('too many bytes', Buffer.alloc(max + 1).toString('base64'), [maxText(max)]);
}

function wrongLists(shape: ListShape<Shape>): Misfit[] {
  const { item, min = 0, max } = shape;
  const sample = sampleValue(item);
  const found = [{ ...breaks('a null in it', [null], ['Member must not be null']), path: '1.member' }];
  if (min > 0) found.push(breaks('too few', Array(min - 1).fill(sample), [minText(min)]));
  // Beyond so many values nothing of a body is read.
  const values = item.kind === 'structure' ? Object.keys(sample as object).length + 1 : 1;
  if (max !== undefined && max * values < 50_000) {
    found.push(breaks('too many', Array(max + 1).fill(sample), [maxText(max)]));
  }
  const items = misfitsOf(item).map(({ what, value, path, broken }) => {
    const ofString = item.kind === 'string' && typeof broken !== 'string';
    return ofString
      ? breaks(`an item ${what}`, [value], [`Member must satisfy constraint: ${together(item)}`])
      : { what: `an item ${what}`, value: [value], path: joined('1.member', path), broken };
  });
  return [...found, ...items];
}

function wrongMaps({ key, value, min = 0, max }: MapShape): Misfit[] {
  assert(value.kind === 'string');
  const found = [];
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [index, '']));
  if (min > 0) found.push(breaks('too few', many(min - 1), [minText(min)]));
  if (max !== undefined) found.push(breaks('too many', many(max + 1), [maxText(max)]));
  for (const { what, value: text } of wrongTexts(key)) {
    const broken = [`Map keys must satisfy constraint: ${together(key)}`];
    found.push(breaks(`a key ${what}`, { [text]: '' }, broken));
  }
  for (const { what, value: text } of wrongTexts(value)) {
    const broken = [`Map value must satisfy constraint: ${together(value)}`];
    found.push(breaks(`a value ${what}`, { k: text }, broken));
  }
  return found;
}

function wrongMembers(shape: StructureShape): Misfit[] {
  const sample = sampleInput(shape);
  return Object.entries(shape.members).flatMap(([name, member]) => {
    const place = name[0]!.toLowerCase() + name.slice(1);
    const inside = misfitsOf(member).map(({ what, value, path, broken }) => ({
      what: `${name}: ${what}`,
      value: { ...sample, [name]: value },
      path: joined(place, path),
      broken,
    }));
    if (member.required === undefined) return inside;
    const { [name]: _, ...without } = sample;
    const absent = { path: place, broken: ['Member must not be null'] };
    return [
      ...inside,
      { what: `${name}: missing`, value: without, ...absent },
      { what: `${name}: null`, value: { ...sample, [name]: null }, ...absent },
    ];
  });
}

function joined(path: string, rest: string): string {
  return rest === '' ? path : `${path}.${rest}`;
}

function together({ min, max, pattern, values }: StringShape): string {
  const texts = [];
  if (max !== undefined) texts.push(maxText(max));
  if (min !== undefined) texts.push(minText(min));
  if (pattern !== undefined) texts.push(patternText(pattern.text));
  if (values !== undefined) texts.push(valuesText(values));
  return `[${texts.join(', ')}]`;
}

const minText = (min: number) => `Member must have length greater than or equal to ${min}`;
const maxText = (max: number) => `Member must have length less than or equal to ${max}`;
const patternText = (text: string) => `Member must satisfy regular expression pattern: ${text}`;
const valuesText = (values: readonly string[]) =>
  `Member must satisfy enum value set: [${values.join(', ')}]`;
