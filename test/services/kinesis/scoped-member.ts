import assert from 'node:assert/strict';
import type { Shape, StructureShape } from '../../../src/wire/shape.ts';

/** What a member that names something in a region says: an ARN, a token, or the id of a key. */
type ScopedKind = 'stream' | 'consumer' | 'resource' | 'token' | 'key';

/** A member of a request that names something in a region. */
export type ScopedMember = { readonly name: string; readonly kind: ScopedKind };

/**
 * All of an input's members whose values have a region in them, found by their shapes. A member of a kind
 * that this function does not know is an error, and so is one that lies deeper than the first level.
 */
export function scopedMembers(input: StructureShape): ScopedMember[] {
  return Object.entries(input.members).flatMap(([name, shape]) => {
    const kind = kindOf(name, shape);
    if (kind !== undefined) return [{ name, kind }];
    assert.equal(hidesScope(shape), false, `${name} has a member with a region in it`);
    return [];
  });
}

function kindOf(name: string, shape: Shape): ScopedKind | undefined {
  if (shape.kind !== 'string') return undefined;
  if (name === 'KeyId') return 'key';
  if (/Token$|Iterator$/.test(name)) return 'token';
  const pattern = shape.pattern?.text ?? '';
  if (!/arn/i.test(pattern) && !/arn$/i.test(name)) return undefined;
  if (pattern.includes('consumer')) return 'consumer';
  if (pattern.includes('channel')) return 'resource';
  assert.match(pattern, /:stream\/\\S\+$/, `${name} is an ARN of an unknown kind`);
  return 'stream';
}

function hidesScope(shape: Shape): boolean {
  if (shape.kind === 'list') return hidesScope(shape.item);
  if (shape.kind !== 'structure') return false;
  return Object.entries(shape.members).some(
    ([name, member]) => kindOf(name, member) !== undefined || hidesScope(member),
  );
}
