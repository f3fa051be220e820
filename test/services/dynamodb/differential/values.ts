import type { SeededRandom } from '../../../../harness/random.ts';
import type { Json, JsonObject } from './dialogue.ts';

/** Attribute values as the wire has them. The domains are small, so that things meet. */

export type KeyType = 'S' | 'N' | 'B';

/** Attributes that are no keys, with the type that they mostly have. */
export const attributes = { a: 'N', b: 'S', c: 'L', d: 'M', e: 'SS', f: 'NS' } as const;

export function drawValue(random: SeededRandom, depth = 0): JsonObject {
  const type = random.pick(depth > 2 ? scalarTypes : allTypes);
  return drawOf(random, type, depth);
}

export function drawOf(random: SeededRandom, type: string, depth = 0): JsonObject {
  return { [type]: contentOf(random, type, depth) };
}

/** A value that an attribute of this name mostly has. */
export function drawFor(random: SeededRandom, name: string, depth = 0): JsonObject {
  const usual = Object.entries(attributes).find(([each]) => each === name)?.[1];
  return usual !== undefined && random.chance(0.85) ? drawOf(random, usual, depth) : drawValue(random, depth);
}

export function drawKey(random: SeededRandom, type: KeyType): JsonObject {
  return { [type]: random.pick(keys[type]) };
}

/** An item without its keys. */
export function drawAttributes(random: SeededRandom): JsonObject {
  const item: Record<string, Json> = {};
  for (const name of Object.keys(attributes)) if (random.chance(0.5)) item[name] = drawFor(random, name);
  return item;
}

const scalarTypes = ['S', 'N', 'B', 'BOOL', 'NULL'] as const;
const allTypes = [...scalarTypes, ...scalarTypes, 'SS', 'NS', 'BS', 'L', 'M'] as const;

const keys: Readonly<Record<KeyType, readonly string[]>> = {
  S: ['a', 'ab', 'abc', 'b', 'é', 'z', 'A', '#', '😀', '\u{ffee}'],
  N: [
    '0',
    '1',
    '2',
    '10',
    '-1',
    '-10',
    '0.5',
    '1e2',
    '100',
    '1.0',
    '-0',
    '12345678901234567890123456789012345678',
  ],
  B: ['AA==', 'AQ==', '/w==', 'AAE=', 'AQA='],
};

const texts = ['', 'a', 'ab', 'b', 'x y', 'é', '😀', 'aab', '10', '"', '\\', '\u0000'];
const numbers = [
  ...['0', '1', '2', '3', '-1', '5', '10', '0.1', '0.2', '-0.5', '1.50', '007', '+4', '1e3', '1E-3', '-0'],
  ...['99999999999999999999999999999999999999', '1e125', '9.9999999999999999999999999999999999999E+125'],
  ...['1e-130', '-1e-130', '.5', '123456789.123456789', '1e37', '1e38', '1E39', '1e-7', '0.0000001'],
];
/** None of them is a number that DynamoDB takes. */
export const malformedNumbers = ['', 'a', '1e126', '1e-131', '1 ', '--1', '0x1', 'NaN', '1e', '1_0'];
const binaries = ['', 'AA==', 'AQ==', 'YWI=', '/////w=='];

function contentOf(random: SeededRandom, type: string, depth: number): Json {
  switch (type) {
    case 'S':
      return random.pick(texts);
    case 'N':
      return random.chance(0.7) ? String(random.between(-3, 9)) : random.pick(numbers);
    case 'B':
      return random.pick(binaries);
    case 'BOOL':
      return random.chance(0.5);
    case 'NULL':
      return true;
    case 'SS':
      return some(random, ['a', 'ab', 'b', 'é', 'z']);
    case 'NS':
      return some(random, ['1', '2', '3', '-1', '0.5', '1e2']);
    case 'BS':
      return some(random, ['AA==', 'AQ==', 'YWI=']);
    case 'L':
      return Array.from({ length: random.below(4) }, () => drawValue(random, depth + 1));
    default:
      return drawMap(random, depth);
  }
}

function drawMap(random: SeededRandom, depth: number): JsonObject {
  const map: Record<string, Json> = {};
  for (const name of ['a', 'b', 'x', 'a.b', 'size'])
    if (random.chance(0.4)) map[name] = drawValue(random, depth + 1);
  return map;
}

/** At least one of them, none twice. */
function some(random: SeededRandom, from: readonly string[]): readonly string[] {
  const chosen = from.filter(() => random.chance(0.4));
  return chosen.length > 0 ? chosen : [random.pick(from)];
}
