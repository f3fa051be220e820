import type { AttributeValue, Item, MutableItem } from '../values/attribute-value.ts';
import { emptyItem } from '../values/attribute-value.ts';
import { Binding } from './binding.ts';
import type { ExpressionCache } from './expression-cache.ts';
import type { Path } from './path.ts';
import { childOf } from './path.ts';
import { requireApart } from './path-clash.ts';
import { requireSoundProjection } from './structure.ts';
import type { Substitutions } from './substitutions.ts';
import type { PathSyntax, ProjectionSyntax } from './syntax.ts';
import { TokenReader } from './token-reader.ts';

/** The parts of an item that are wanted. */
export type Projection = { readonly paths: readonly Path[] };

/** Throws a ValidationException with AWS's text. */
export function projectionOf(
  text: string,
  substitutions: Substitutions,
  cache?: ExpressionCache,
): Projection {
  const binding = new Binding('ProjectionExpression', substitutions);
  const { paths } = projectionSyntax(text, cache);
  return { paths: requireApart(paths, binding) };
}

function projectionSyntax(text: string, cache: ExpressionCache | undefined): ProjectionSyntax {
  const known = cache?.projections.get(text);
  if (known !== undefined) return known;
  const reader = new TokenReader(text, 'ProjectionExpression');
  const paths: PathSyntax[] = [reader.path()];
  while (reader.takes(',')) paths.push(reader.path());
  reader.requireEnd();
  const syntax = { paths };
  requireSoundProjection(syntax);
  cache?.projections.keep(text, syntax);
  return syntax;
}

/** Those parts that the item has. Elements of a list keep their order and lose the gaps between them. */
export function project({ paths }: Projection, item: Item): Item {
  if (paths.every((path) => path.length === 1)) return attributesOf(paths, item);
  const root: Wanted = new Map();
  for (const path of paths) want(root, path);
  const projected = emptyItem();
  for (const [name, wanted] of root) {
    const value = item[name];
    const part = value === undefined ? undefined : partOf(value, wanted);
    if (part !== undefined) projected[String(name)] = part;
  }
  return projected;
}

/** A tree of paths: what is wanted of each part, which is all of it or some of its parts. */
type Wanted = Map<string | number, Wanted | 'all'>;

function attributesOf(paths: readonly Path[], item: Item): Item {
  const projected = emptyItem();
  for (const [name] of paths) {
    const value = item[name];
    if (value !== undefined) projected[name] = value;
  }
  return projected;
}

function want(root: Wanted, path: Path): void {
  let wanted = root;
  for (const part of path.slice(0, -1)) {
    let inner = wanted.get(part);
    if (inner === 'all') return;
    if (inner === undefined) {
      inner = new Map();
      wanted.set(part, inner);
    }
    wanted = inner;
  }
  wanted.set(path.at(-1)!, 'all');
}

function partOf(value: AttributeValue, wanted: Wanted | 'all'): AttributeValue | undefined {
  if (wanted === 'all') return value;
  const parts: [string | number, AttributeValue][] = [];
  for (const [part, inner] of wanted) {
    const child = childOf(value, part);
    const found = child === undefined ? undefined : partOf(child, inner);
    if (found !== undefined) parts.push([part, found]);
  }
  if (parts.length === 0) return undefined;
  if ('L' in value) {
    parts.sort(([a], [b]) => Number(a) - Number(b));
    return { L: parts.map(([, part]) => part) };
  }
  const members: MutableItem = emptyItem();
  for (const [name, part] of parts) members[String(name)] = part;
  return { M: members };
}
