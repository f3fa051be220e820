import type { SeededRandom } from '../../../../harness/random.ts';
import type { Json, JsonObject } from './dialogue.ts';
import { drawKey, malformedNumbers } from './values.ts';

/** A request that is wrong in one way, so that errors are compared as well. */
export function spoil(random: SeededRandom, operation: string, input: JsonObject): JsonObject {
  const ways = [...Object.values(anywhere), ...(operation in onItems ? onItems[operation]! : [])];
  return random.pick(ways)(input, random);
}

type Way = (input: JsonObject, random: SeededRandom) => JsonObject;

const anywhere: Readonly<Record<string, Way>> = {
  'an unknown table': (input) => ('TableName' in input ? { ...input, TableName: 'nothing-here' } : input),
  'a value that no expression speaks of': (input) =>
    withHolder(input, 'ExpressionAttributeValues', ':unused', { S: 'x' }),
  'a name that no expression speaks of': (input) =>
    withHolder(input, 'ExpressionAttributeNames', '#unused', 'x'),
  'an undefined value': (input) => withoutSome(input, 'ExpressionAttributeValues'),
  'an undefined name': (input) => withoutSome(input, 'ExpressionAttributeNames'),
  'a reserved word': (input) => replaced(input, /\b[a-f]\b/, 'size'),
  'a syntax error': (input, random) =>
    replaced(input, / (=|<|AND|IN|BETWEEN) /, random.pick([' == ', ' ', ' ! '])),
  'a stray parenthesis': (input) => replaced(input, /$/, ')'),
  'an unknown function': (input) =>
    replaced(input, /\b(attribute_exists|contains|begins_with|if_not_exists) ?\(/, 'unknown('),
};

const itemWays: readonly Way[] = [
  (input, random) => onItem(input, (item) => withoutKey(item, random)),
  (input, random) => onItem(input, (item) => ({ ...item, p: drawKey(random, random.pick(['S', 'N', 'B'])) })),
  (input, random) =>
    onItem(input, (item) => ({ ...item, p: random.pick([{ S: '' }, { B: '' }, { BOOL: true }, { L: [] }]) })),
  (input, random) => onItem(input, (item) => ({ ...item, a: { N: random.pick(malformedNumbers) } })),
  (input, random) => onItem(input, (item) => ({ ...item, e: random.pick(wrongSets) })),
  (input, random) =>
    onItem(input, (item) => ({
      ...item,
      g: random.pick([{ S: '' }, { N: '1' }, { S: 'a' }, { NULL: true }]),
    })),
  (input) => onItem(input, (item) => ({ ...item, '': { S: 'x' } })),
  (input, random) => onItem(input, (item) => ({ ...item, a: random.pick(wrongValues) })),
];

const wrongSets: readonly JsonObject[] = [
  { SS: [] },
  { NS: [] },
  { SS: ['a', 'a'] },
  { NS: ['1', '1.0'] },
  { NS: ['1', 'a'] },
  { BS: ['AA==', 'AA=='] },
  { SS: [''] },
];

const wrongValues: readonly JsonObject[] = [
  {},
  { S: 'a', N: '1' },
  { NULL: false },
  { M: { x: { N: 'x' } } },
  { L: [{ SS: [] }] },
  { N: '123456789012345678901234567890123456789' },
];

const onItems: Readonly<Record<string, readonly Way[]>> = {
  PutItem: itemWays,
  UpdateItem: itemWays,
  GetItem: itemWays.slice(0, 3),
  DeleteItem: itemWays.slice(0, 3),
  Query: [
    (input) => ({ ...input, IndexName: 'nowhere' }),
    (input) => ({ ...input, Limit: 0 }),
    (input) => ({ ...input, KeyConditionExpression: ['a = :v0'] }),
    (input) => ({ ...input, ConsistentRead: true }),
    (input) => ({ ...input, Select: 'SPECIFIC_ATTRIBUTES' }),
    (input) => ({ ...input, ExclusiveStartKey: { p: { S: 'a' } } }),
  ],
  Scan: [
    (input) => ({ ...input, Segment: 1 }),
    (input) => ({ ...input, Segment: 3, TotalSegments: 3 }),
    (input) => ({ ...input, Limit: -1 }),
    (input) => ({ ...input, Select: 'COUNT', ProjectionExpression: ['a'] }),
  ],
};

function onItem(input: JsonObject, change: (item: JsonObject) => JsonObject): JsonObject {
  const member = 'Item' in input ? 'Item' : 'Key';
  return member in input ? { ...input, [member]: change(input[member] as JsonObject) } : input;
}

function withoutKey(item: JsonObject, random: SeededRandom): JsonObject {
  const gone = 'r' in item ? random.pick(['p', 'r']) : 'p';
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== gone));
}

function withHolder(input: JsonObject, member: string, holder: string, value: Json): JsonObject {
  if (!('TableName' in input)) return input;
  return { ...input, [member]: { ...(input[member] as JsonObject | undefined), [holder]: value } };
}

/** The last of the holders is missing. */
function withoutSome(input: JsonObject, member: string): JsonObject {
  const holders = Object.entries((input[member] as JsonObject | undefined) ?? {});
  return holders.length === 0 ? input : { ...input, [member]: Object.fromEntries(holders.slice(0, -1)) };
}

/** In the first expression whose parts have the pattern. */
function replaced(input: JsonObject, pattern: RegExp, by: string): JsonObject {
  const member = Object.keys(input).find((name) => name.endsWith('Expression'));
  if (member === undefined) return input;
  const text = [input[member]!].flat(20).join('');
  return { ...input, [member]: [text.replace(pattern, by)] };
}
