import type { Binding } from './binding.ts';
import { type Path, pathText } from './path.ts';
import type { PathSyntax } from './syntax.ts';

/**
 * The paths with their names put in, in the order given. Throws a ValidationException where two overlap (one
 * leads to or through the place of the other) or conflict (one takes for a list what the other takes for a
 * map). They are looked at from the last to the first, as AWS does: of several faults that decides which one
 * is told.
 */
export function requireApart(syntax: readonly PathSyntax[], binding: Binding): readonly Path[] {
  if (syntax.length === 1) return [binding.path(syntax[0]!)];
  const paths: Path[] = [];
  const root: Place = { path: undefined, isWanted: false, parts: new Map() };
  for (let i = syntax.length - 1; i >= 0; i--) {
    const path = binding.path(syntax[i]!);
    occupy(root, path, binding);
    paths.push(path);
  }
  return paths.reverse();
}

/** Where paths lead through. */
type Place = {
  /** One that leads here; undefined of the item itself. */
  readonly path: Path | undefined;
  isWanted: boolean;
  readonly parts: Map<string | number, Place>;
};

function occupy(root: Place, path: Path, binding: Binding): void {
  let place = root;
  for (const part of path) {
    if (place.isWanted) throw clash('overlap', path, place, binding);
    const [sibling] = place.parts.keys();
    if (sibling !== undefined && typeof sibling !== typeof part)
      throw clash('conflict', path, place, binding);
    let next = place.parts.get(part);
    if (next === undefined) {
      next = { path, isWanted: false, parts: new Map() };
      place.parts.set(part, next);
    }
    place = next;
  }
  if (place.isWanted || place.parts.size > 0) throw clash('overlap', path, place, binding);
  place.isWanted = true;
}

function clash(kind: 'overlap' | 'conflict', path: Path, place: Place, binding: Binding): Error {
  return binding.error(
    `Two document paths ${kind} with each other; must remove or rewrite one of these paths; ` +
      `path one: ${pathText(path)}, path two: ${pathText(place.path ?? path)}`,
  );
}
