import { isObject, isScalar, someElement } from './json-value.ts';
import { type Leaf, leafOf } from './leaf.ts';
import { FilterError } from './record-filter.ts';

/**
 * What a pattern in the form of an object asks of a value in JSON: all of its fields, of one and the same
 * element wherever the value has an array. A field may be missing where no element of any array on the way to
 * it has it. Throws `FilterError`. What it costs to match grows with the size of pattern times value.
 */
export function objectPattern(tree: object): (value: unknown) => boolean {
  const paths: Path[] = [];
  const matches = objectOf(tree, { path: [], absences: paths });
  return (value) => matches(value, new Absences(value, paths));
}

/** The branches of `$or` (EventBridge user guide, "Matching with or"): at least two. */
export function branchesOf(tree: unknown): readonly object[] {
  if (!Array.isArray(tree)) throw new FilterError('There must be an array after $or.');
  if (tree.length < 2) throw new FilterError('There must be at least 2 objects in $or.');
  return tree.map((branch: unknown) => {
    if (!isObject(branch)) throw new FilterError('There must be nothing but objects in $or.');
    const reserved = Object.keys(branch).find((key) => reservedInBranches.has(key));
    if (reserved !== undefined) throw new FilterError(`"${reserved}" cannot be a field in $or.`);
    return branch;
  });
}

/** Names of operators, which as fields in `$or` would be meant as something else. */
const reservedInBranches: ReadonlySet<string> = new Set([
  ...['anything-but', 'cidr', 'equals-ignore-case', 'exactly', 'exists'],
  ...['numeric', 'prefix', 'suffix', 'wildcard'],
]);

type Matcher = (value: unknown, absences: Absences) => boolean;
type Path = readonly string[];

/** Where in a pattern something stands, and the paths of fields that may be missing, as they are found. */
type Place = { readonly path: Path; readonly absences: Path[] };

function objectOf(tree: object, place: Place): Matcher {
  const matches = fieldsOf(tree, place);
  return (value, absences) => someElement(value, (element) => matches(element, absences));
}

/** Of a value that is no array. */
function fieldsOf(tree: object, place: Place): Matcher {
  const parts = Object.entries(tree).map(([key, child]) => {
    if (key !== '$or') return fieldOf(key, child, place);
    const branches = branchesOf(child).map((branch) => fieldsOf(branch, place));
    const either: Matcher = (value, absences) => branches.some((branch) => branch(value, absences));
    return either;
  });
  if (parts.length === 0) throw new FilterError('Empty objects are not allowed.');
  return (value, absences) => parts.every((part) => part(value, absences));
}

function fieldOf(key: string, child: unknown, { path, absences }: Place): Matcher {
  const matches = childOf(key, child, { path: [...path, key], absences });
  return (value, known) => matches(fieldIn(value, key), known);
}

function childOf(key: string, child: unknown, place: Place): Matcher {
  if (Array.isArray(child)) return leafIn(leafOf(child), place);
  if (isObject(child)) return objectOf(child, place);
  throw new FilterError(`"${key}" must be an object or an array.`);
}

function leafIn({ matches, mayBeAbsent }: Leaf, { path, absences }: Place): Matcher {
  const matchesOne = (element: unknown) => isScalar(element) && matches(element);
  if (!mayBeAbsent) return (value) => someElement(value, matchesOne);
  const index = absences.push(path) - 1;
  return (value, known) => someElement(value, matchesOne) || known.has(index);
}

/** Which fields are nowhere in a value; looked up once for each, when it is asked for. */
class Absences {
  readonly #root: unknown;
  readonly #paths: readonly Path[];
  readonly #known: (boolean | undefined)[] = [];

  constructor(root: unknown, paths: readonly Path[]) {
    this.#root = root;
    this.#paths = paths;
  }

  has(index: number): boolean {
    const known = this.#known[index] ?? !isThere(this.#root, this.#paths[index]!, 0);
    this.#known[index] = known;
    return known;
  }
}

/** Whether there is a value at a path: an object, or an empty array, is none. */
function isThere(value: unknown, path: Path, at: number): boolean {
  if (at === path.length) return someElement(value, isScalar);
  return someElement(value, (element) => isThere(fieldIn(element, path[at]!), path, at + 1));
}

function fieldIn(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
