import assert from 'node:assert/strict';
import type { Shape, StructureShape } from '../../../src/wire/shape.ts';

/** What a member that names something in a region says: an ARN, a token, or the id of a key. */
type ScopedKind = 'stream' | 'consumer' | 'channel' | 'resource' | 'token' | 'key';

/** A member of a request that names something in a region. */
export type ScopedMember = { readonly name: string; readonly kind: ScopedKind };

/**
 * All of an input's members whose values have a region in them, found by their shapes. A member of a kind
 * that this function does not know is an error, and so is one that lies deeper than the first level, unless
 * it is known here.
 */
export function scopedMembers(input: StructureShape): ScopedMember[] {
  return Object.entries(input.members).flatMap(([name, shape]) => {
    const kind = kindOf(name, shape);
    if (kind !== undefined) return [{ name, kind }];
    if (name === 'StreamConfigurationList') return [{ name, kind: 'stream' }];
    if (elsewhere.has(name)) return [];
    assert.equal(hidesScope(shape), false, `${name} has a member with a region in it`);
    return [];
  });
}

/** channels.test.ts says what becomes of what they name. */
const elsewhere: ReadonlySet<string> = new Set([
  'S3TablesDestinationConfiguration',
  'EncryptionConfiguration',
  'StreamFilter',
]);

/** A member's value that names what an ARN says. */
export function naming(member: string, arn: string): unknown {
  if (member !== 'StreamConfigurationList') return arn;
  return [{ StreamARN: arn, RecordConfiguration: { RecordFormatType: 'JSON' } }];
}

function kindOf(name: string, shape: Shape): ScopedKind | undefined {
  if (shape.kind !== 'string') return undefined;
  if (name === 'KeyId') return 'key';
  if (/Token$|Iterator$/.test(name)) return 'token';
  const pattern = shape.pattern?.text ?? '';
  if (!/arn/i.test(pattern) && !/arn$/i.test(name)) return undefined;
  // Roles and buckets are of no region.
  if (/:(iam|s3):/.test(pattern)) return undefined;
  if (pattern.includes('consumer')) return 'consumer';
  if (pattern.includes('channel')) return pattern.includes('stream') ? 'resource' : 'channel';
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
