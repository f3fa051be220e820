import * as kinesisSdk from '@aws-sdk/client-kinesis';

/** The service as the official SDK has it: operations and their structures, without constraints. */
export type AwsOperation = { readonly input: AwsType; readonly output: AwsType };

/** What a package of the SDK exports. */
export type Sdk = Readonly<Record<string, unknown>>;

export type AwsType =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'timestamp' | 'blob' | 'map' | 'unit' }
  | { readonly kind: 'list'; readonly item: AwsType }
  | AwsStructure;

/** Its members are found when they are asked for: a structure may be a part of itself. */
export type AwsStructure = {
  readonly kind: 'structure';
  readonly name: string;
  readonly members: ReadonlyMap<string, { readonly type: AwsType; readonly required: boolean }>;
};

// The SDK exports its schemas as arrays that begin with a number for what they are (sentinels of
// @smithy/types):
//
//   3 structure, 4 union, -3 error   namespace, name, traits, member names, member types, count of required
//   0 simple                         namespace, name, traits, type
//   1 list                           namespace, name, traits, item
//   2 map                            namespace, name, traits, key, value
//   9 operation                      namespace, name, traits, input, output
//
// A type is such an array, a function that answers one, a pair of a type and its traits, or a number: 0
// string, 1 number, 2 boolean, 4 to 7 timestamps, 21 blob; with 64 a list of it, with 128 a map from strings
// to it.
const listModifier = 64;
const mapModifier = 128;
const scalars = new Map([
  [0, 'string'],
  [1, 'number'],
  [2, 'boolean'],
  [4, 'timestamp'],
  [21, 'blob'],
] as const);

/** All operations of an SDK, by name. */
export function awsOperations(sdk: Sdk = kinesisSdk): ReadonlyMap<string, AwsOperation> {
  const schemas = Object.values<unknown>(sdk).filter(
    (value): value is unknown[] => Array.isArray(value) && value[0] === 9,
  );
  return new Map(
    schemas.map(([, , name, , input, output]) => [
      String(name),
      { input: typeOf(input), output: typeOf(output) },
    ]),
  );
}

/** The values of all enums of an SDK, each sorted. */
export function awsEnums(sdk: Sdk = kinesisSdk): string[][] {
  return Object.values<unknown>(sdk)
    .filter((value): value is object => value !== null && typeof value === 'object' && !Array.isArray(value))
    .map((value) => Object.values(value).map(String).sort());
}

function typeOf(schema: unknown): AwsType {
  if (typeof schema === 'function') return typeOf(schema());
  if (typeof schema === 'string') return { kind: 'unit' };
  if (typeof schema === 'number') return numberedType(schema);
  const [kind, ...rest] = schema as readonly unknown[];
  if (typeof kind !== 'number' || rest.length === 1) return typeOf(kind);
  if (kind === 0) return typeOf(rest[3]);
  if (kind === 1) return { kind: 'list', item: typeOf(rest[3]) };
  if (kind === 2) return { kind: 'map' };
  if (kind === 3 || kind === 4 || kind === -3) return structureOf(rest);
  throw new Error(`a schema of kind ${kind}`);
}

function numberedType(schema: number): AwsType {
  if (schema & mapModifier) return { kind: 'map' };
  if (schema & listModifier) return { kind: 'list', item: numberedType(schema & ~listModifier) };
  const kind = scalars.get(schema as 0);
  if (kind === undefined) throw new Error(`a type of number ${schema}`);
  return { kind };
}

function structureOf(schema: readonly unknown[]): AwsStructure {
  const [, name, , names, types, requiredCount = 0] = schema as [
    string,
    string,
    unknown,
    string[],
    unknown[],
    number?,
  ];
  return {
    kind: 'structure',
    name,
    get members() {
      const members = names.map(
        (member, index) => [member, { type: typeOf(types[index]), required: index < requiredCount }] as const,
      );
      return new Map(members);
    },
  };
}
