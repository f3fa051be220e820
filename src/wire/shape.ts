import assert from 'node:assert/strict';
import { type Pattern, pattern } from './pattern.ts';
import type { OwnList, OwnMap } from './writer.ts';

/**
 * The form of a value on the wire, from which come its TypeScript type, all codecs, AWS's validation texts
 * and the API page. Shapes are plain data; `required: true` marks a member that must be there,
 * `sensitive: true` one whose value no log may have.
 */
export type Shape =
  | StringShape
  | NumberShape
  | BooleanShape
  | TimestampShape
  | BlobShape
  | ListShape<Shape>
  | MapShape
  | StructureShape
  | UnionShape
  | LazyShape;

interface Member {
  readonly required?: true;
  readonly sensitive?: true;
}

/** Lengths count UTF-16 units, as Java does. `values` are an enum's, in AWS's order. */
export interface StringShape<Value extends string = string> extends Member {
  readonly kind: 'string';
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly pattern: Pattern | undefined;
  readonly values: readonly Value[] | undefined;
}

/**
 * Integers have 32 bits on the wire, longs 64; floats are rounded to 32 bits when read. Here all are numbers;
 * floats and doubles may be NaN and infinite.
 */
export interface NumberShape extends Member {
  readonly kind: 'integer' | 'long' | 'float' | 'double';
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface BooleanShape extends Member {
  readonly kind: 'boolean';
}

/** Milliseconds since 1970. */
export interface TimestampShape extends Member {
  readonly kind: 'timestamp';
}

/** The value of a sensitive one is in no validation text. */
export interface BlobShape extends Member {
  readonly kind: 'blob';
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly isSensitive: boolean;
}

export interface ListShape<Item extends Shape> extends Member {
  readonly kind: 'list';
  readonly item: Item;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** From strings to values of one shape. */
export interface MapShape<Value extends Shape = Shape> extends Member {
  readonly kind: 'map';
  readonly key: StringShape;
  readonly value: Value;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** `names` and `shapes` are the members again, in order, for loops. */
interface Composite<Members extends MemberShapes> extends Member {
  readonly name: string;
  readonly members: Members;
  readonly names: readonly string[];
  readonly shapes: readonly Shape[];
  /** Places of the members that a value may be invalid by, once it was read. */
  readonly demanding: readonly number[];
}

export interface StructureShape<Members extends MemberShapes = MemberShapes> extends Composite<Members> {
  readonly kind: 'structure';
}

/** A value of exactly one of the members; none of them is `required`. */
export interface UnionShape<Members extends MemberShapes = MemberShapes> extends Composite<Members> {
  readonly kind: 'union';
}

/** A shape that is looked up later, so that shapes can be recursive. */
export interface LazyShape<Told extends Shape = Shape> extends Member {
  readonly kind: 'lazy';
  readonly shape: () => Told;
}

export type MemberShapes = { readonly [name: string]: Shape };

/** The type of a decoded value. Members that are not required are optional. */
export type TypeOf<S> =
  S extends StringShape<infer Value>
    ? Value
    : S extends NumberShape | TimestampShape
      ? number
      : S extends BooleanShape
        ? boolean
        : S extends BlobShape
          ? Buffer
          : S extends ListShape<infer Item>
            ? TypeOf<Item>[]
            : S extends MapShape<infer Value>
              ? { [key: string]: TypeOf<Value> }
              : S extends StructureShape<infer Members>
                ? Flat<
                    { [Name in RequiredIn<Members>]: TypeOf<Members[Name]> } & {
                      [Name in OptionalIn<Members>]?: TypeOf<Members[Name]>;
                    }
                  >
                : S extends UnionShape<infer Members>
                  ? { [Name in keyof Members]: OneOf<Members, Name> }[keyof Members]
                  : S extends LazyShape<infer Told>
                    ? Shape extends Told
                      ? unknown
                      : TypeOf<Told>
                    : never;

/** One member, and none of the others. */
type OneOf<Members, Name extends keyof Members> = { [Only in Name]: TypeOf<Members[Only]> } & {
  [Other in Exclude<keyof Members, Name>]?: never;
};

/** The type of a value to encode: as `TypeOf`, but undefined members are allowed, and left out. */
export type OutputOf<S> = S extends BlobShape
  ? Uint8Array
  : S extends ListShape<infer Item>
    ? readonly OutputOf<Item>[] | OwnList
    : S extends MapShape<infer Value>
      ? { readonly [key: string]: OutputOf<Value> } | OwnMap
      : S extends StructureShape<infer Members>
        ? Flat<
            { readonly [Name in RequiredIn<Members>]: OutputOf<Members[Name]> } & {
              readonly [Name in OptionalIn<Members>]?: OutputOf<Members[Name]> | undefined;
            }
          >
        : S extends UnionShape<infer Members>
          ? { [Name in keyof Members]: { readonly [Only in Name]: OutputOf<Members[Only]> } }[keyof Members]
          : S extends LazyShape<infer Told>
            ? Shape extends Told
              ? unknown
              : OutputOf<Told>
            : TypeOf<S>;

/** An answer as a stream of events of one kind; `name` is the output's in the operation's model. */
export type EventStreamShape<Event extends StructureShape = StructureShape> = {
  readonly kind: 'event-stream';
  readonly name: string;
  readonly event: Event;
};

export function eventStream<const Event extends StructureShape>(
  name: string,
  event: Event,
): EventStreamShape<Event> {
  return { kind: 'event-stream', name, event };
}

type RequiredIn<Members> = {
  [Name in keyof Members]: Members[Name] extends { readonly required: true } ? Name : never;
}[keyof Members];
type OptionalIn<Members> = Exclude<keyof Members, RequiredIn<Members>>;
type Flat<T> = { [Name in keyof T]: T[Name] };

type Bounds = { readonly min?: number; readonly max?: number };

export function string<const Value extends string = string>(
  constraints: Bounds & { readonly pattern?: string; readonly values?: readonly Value[] } = {},
): StringShape<Value> {
  const { min, max, values } = constraints;
  const expression = constraints.pattern === undefined ? undefined : pattern(constraints.pattern);
  return { kind: 'string', min, max, pattern: expression, values };
}

export const integer = numberOf('integer');
export const long = numberOf('long');
export const float = numberOf('float');
export const double = numberOf('double');

function numberOf(kind: NumberShape['kind']): (bounds?: Bounds) => NumberShape {
  return ({ min, max } = {}) => ({ kind, min, max });
}

export function boolean(): BooleanShape {
  return { kind: 'boolean' };
}

export function timestamp(): TimestampShape {
  return { kind: 'timestamp' };
}

export function blob({
  min,
  max,
  isSensitive = false,
}: Bounds & { readonly isSensitive?: boolean } = {}): BlobShape {
  return { kind: 'blob', min, max, isSensitive };
}

export function list<const Item extends Shape>(item: Item, { min, max }: Bounds = {}): ListShape<Item> {
  return { kind: 'list', item, min, max };
}

/** `value` is the shape of the values; keys have their bounds among the constraints. */
export function map<const Value extends Shape>(
  value: Value,
  constraints: Bounds & { readonly keyMin?: number; readonly keyMax?: number } = {},
): MapShape<Value> {
  const { min, max, keyMin, keyMax } = constraints;
  const key: StringShape = {
    kind: 'string',
    min: keyMin,
    max: keyMax,
    pattern: undefined,
    values: undefined,
  };
  return { kind: 'map', key, value, min, max };
}

export function structure<const Members extends MemberShapes>(
  name: string,
  members: Members,
): StructureShape<Members> {
  return { kind: 'structure', ...composite(name, members) };
}

export function union<const Members extends MemberShapes>(
  name: string,
  members: Members,
): UnionShape<Members> {
  return { kind: 'union', ...composite(name, members) };
}

function composite<Members extends MemberShapes>(name: string, members: Members): Composite<Members> {
  const names = Object.keys(members);
  // Readers compare names with bytes, so all encodings must write a name alike. Values are plain objects, so
  // no name may be one that all objects have.
  assert(names.every((member) => /^\w+$/.test(member) && !(member in {})));
  const shapes = Object.values(members);
  const demanding = [...shapes.keys()].filter((index) => isDemanding(shapes[index]!));
  return { name, members, names, shapes, demanding };
}

/** Whether a value of the shape may be invalid, or may have to be there: of what has parts it is taken so. */
function isDemanding(shape: Shape): boolean {
  if (shape.required === true) return true;
  switch (shape.kind) {
    case 'boolean':
    case 'timestamp':
      return false;
    case 'string':
      return [shape.min, shape.max, shape.pattern, shape.values].some((rule) => rule !== undefined);
    case 'blob':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return shape.min !== undefined || shape.max !== undefined;
    default:
      return true;
  }
}

/**
 * A part that is the whole again. The whole declares its type as an interface, which may name itself:
 *
 *   interface Tree extends UnionShape<{ Leaf: StringShape; Branches: ListShape<LazyShape<Tree>> }> {}
 *   const tree: Tree = union('Tree', { Leaf: string(), Branches: list(lazy(() => tree)) });
 */
export function lazy<Told extends Shape>(shape: () => Told): LazyShape<Told> {
  return { kind: 'lazy', shape };
}

export function required<const S extends Shape>(shape: S): S & { readonly required: true } {
  return { ...shape, required: true };
}

/** For secrets, and for what a stranger must not read in a log. All blobs are, without being told. */
export function sensitive<const S extends Shape>(shape: S): S & { readonly sensitive: true } {
  return { ...shape, sensitive: true };
}
