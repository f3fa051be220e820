import type { SeededRandom } from '../../../../harness/random.ts';
import type { JsonObject } from './dialogue.ts';
import type { KeyType } from './values.ts';

/** Keys of a table or of an index. */
export type Keys = { readonly hash: string; readonly range: string | undefined };

export type IndexShape = Keys & { readonly name: string; readonly isLocal: boolean };

/** A table as a program makes it. */
export type TableShape = Keys & {
  readonly name: string;
  readonly indexes: readonly IndexShape[];
  /** Of all attributes that are a key of the table or of an index. */
  readonly types: Readonly<Record<string, KeyType>>;
  /** The request that makes it. */
  readonly creation: JsonObject;
};

export function drawTable(random: SeededRandom, name: string): TableShape {
  const hash = 'p';
  const range = random.chance(0.6) ? 'r' : undefined;
  const indexes: IndexShape[] = [];
  if (random.chance(0.5))
    indexes.push({ name: 'global', isLocal: false, hash: 'g', range: random.chance(0.6) ? 'h' : undefined });
  if (range !== undefined && random.chance(0.25))
    indexes.push({ name: 'local', isLocal: true, hash, range: 'h' });
  const drawType = () => random.pick(['S', 'S', 'N', 'B'] as const);
  const keyed = new Set([hash, range, ...indexes.flatMap((index) => [index.hash, index.range])]);
  const types: Record<string, KeyType> = {};
  for (const key of keyed) if (key !== undefined) types[key] = drawType();
  const described = indexes.map((index) => [index.isLocal, describe(index, drawKind(random))] as const);
  const global = described.filter(([isLocal]) => !isLocal).map(([, index]) => index);
  const local = described.filter(([isLocal]) => isLocal).map(([, index]) => index);
  const creation = {
    TableName: name,
    AttributeDefinitions: Object.entries(types).map(([AttributeName, AttributeType]) => {
      return { AttributeName, AttributeType };
    }),
    KeySchema: schemaOf({ hash, range }),
    BillingMode: 'PAY_PER_REQUEST',
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
  };
  return { name, hash, range, indexes, types, creation };
}

function describe({ name, hash, range }: IndexShape, kind: string): JsonObject {
  const Projection =
    kind === 'INCLUDE' ? { ProjectionType: kind, NonKeyAttributes: ['a', 'd'] } : { ProjectionType: kind };
  return { IndexName: name, KeySchema: schemaOf({ hash, range }), Projection };
}

function drawKind(random: SeededRandom): string {
  return random.pick(['ALL', 'ALL', 'KEYS_ONLY', 'INCLUDE']);
}

function schemaOf({ hash, range }: Keys): JsonObject[] {
  const first = { AttributeName: hash, KeyType: 'HASH' };
  return range === undefined ? [first] : [first, { AttributeName: range, KeyType: 'RANGE' }];
}
