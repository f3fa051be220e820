import assert from 'node:assert/strict';
import { type AttributeValue, copyOf, type Item } from '../values/attribute-value.ts';
import { requireNestable } from '../values/checked-value.ts';
import type { Path } from './path.ts';

/** What stands at a path afterwards, undefined for nothing. */
export type Change = readonly [Path, AttributeValue | undefined];

/**
 * A copy of the item with the changes, whose paths do not overlap. Indexes are those of the lists as they
 * are. What is put after a list's end comes to stand at its end, in the order of the indexes. All but
 * the last part of each path has to be there.
 */
export function changed(item: Item, changes: readonly Change[]): Item {
  const copy = copyOf(item);
  const inner = new Map<string, Tree>();
  for (const [path, value] of changes) {
    const [name, ...rest] = path;
    if (rest.length > 0) {
      if (value !== undefined) requireNestable(value, rest.length);
      plant(inner, name, rest, value);
    } else if (value === undefined) delete copy[name];
    else copy[name] = value;
  }
  for (const [name, tree] of inner) copy[name] = rebuilt(item[name], tree);
  return copy;
}

/** The changes within a value: by name in a map, by index in a list. */
type Tree = Map<string | number, Tree | Leaf>;
type Leaf = { readonly value: AttributeValue | undefined };

function plant(
  inner: Map<string, Tree>,
  name: string,
  rest: readonly (string | number)[],
  value: AttributeValue | undefined,
): void {
  let tree = inner.get(name);
  if (tree === undefined) {
    tree = new Map();
    inner.set(name, tree);
  }
  for (const part of rest.slice(0, -1)) {
    const next: Tree | Leaf | undefined = tree.get(part);
    if (next instanceof Map) tree = next;
    else {
      const planted: Tree = new Map();
      tree.set(part, planted);
      tree = planted;
    }
  }
  tree.set(rest.at(-1)!, { value });
}

function rebuilt(value: AttributeValue | undefined, tree: Tree): AttributeValue {
  assert(value !== undefined);
  if ('M' in value) return { M: rebuiltMap(value.M, tree) };
  assert('L' in value);
  return { L: rebuiltList(value.L, tree) };
}

function rebuiltMap(members: Item, tree: Tree): Item {
  const copy = copyOf(members);
  for (const [part, change] of tree) {
    const name = String(part);
    const value = outcome(members[name], change);
    if (value === undefined) delete copy[name];
    else copy[name] = value;
  }
  return copy;
}

function rebuiltList(elements: readonly AttributeValue[], tree: Tree): readonly AttributeValue[] {
  const places: (AttributeValue | undefined)[] = [...elements];
  const appended: [number, AttributeValue][] = [];
  for (const [part, change] of tree) {
    const index = Number(part);
    const value = outcome(elements[index], change);
    if (index < elements.length) places[index] = value;
    else if (value !== undefined) appended.push([index, value]);
  }
  appended.sort(([a], [b]) => a - b);
  return [...places.filter((value) => value !== undefined), ...appended.map(([, value]) => value)];
}

function outcome(value: AttributeValue | undefined, change: Tree | Leaf): AttributeValue | undefined {
  return change instanceof Map ? rebuilt(value, change) : change.value;
}
