import type { AnswerShape } from '../wire/protocol.ts';
import type { MemberShapes, Shape } from '../wire/shape.ts';

/**
 * A value as the audit log may have it: what its shape names, with a small letter first, as CloudTrail writes
 * it. Blobs, members that are marked as sensitive, and texts with the name of a secret are hidden; undefined
 * where there is nothing to show.
 */
export function auditable(value: unknown, shape: AnswerShape): unknown {
  if (shape === undefined || shape.kind === 'event-stream' || !isObject(value)) return undefined;
  const members = membersOf(value, shape);
  return Object.keys(members).length === 0 ? undefined : members;
}

/** What CloudTrail writes in place of what it must not show. */
const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';

function membersOf(value: object, { members }: { readonly members: MemberShapes }): Record<string, unknown> {
  const shown = Object.entries(members).map(([name, shape]) => {
    const member = Reflect.get(value, name) as unknown;
    return [lowerFirst(name), member === undefined ? undefined : shownOf(name, member, shape)] as const;
  });
  return Object.fromEntries(shown.filter(([, member]) => member !== undefined));
}

/** Only what a shape tells of is shown: there is no other way for a value into the log. */
function shownOf(name: string, value: unknown, shape: Shape): unknown {
  if (shape.sensitive || shape.kind === 'blob') return hidden;
  switch (shape.kind) {
    case 'string':
      return secretName.test(name) ? hidden : String(value);
    case 'boolean':
      return value === true;
    case 'timestamp':
      return timeOf(Number(value));
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return Number(value);
    case 'lazy':
      return shownOf(name, value, shape.shape());
    default:
      return isObject(value) ? partsOf(name, value, shape) : hidden;
  }
}

type Compound = Extract<Shape, { readonly kind: 'list' | 'map' | 'structure' | 'union' }>;

function partsOf(name: string, value: object, shape: Compound): unknown {
  if (shape.kind === 'structure' || shape.kind === 'union') return membersOf(value, shape);
  if (shape.kind === 'list') {
    // What writes itself has records.
    return Array.isArray(value) ? value.map((item) => shownOf(name, item, shape.item)) : hidden;
  }
  const entries = Object.entries(value).map(
    ([key, item]) => [key, shownOf(name, item, shape.value)] as const,
  );
  return Object.fromEntries(entries);
}

/**
 * As AWS's services name secrets, and what stands for a permission: a token, an iterator. It covers a shape
 * that was not marked.
 */
const secretName = /Secret|Password|Token|Signature|Plaintext|Ciphertext|Private|PartitionKey|Iterator/i;

function timeOf(millis: number): string {
  const time = new Date(millis);
  return Number.isNaN(time.getTime()) ? 'an unknown time' : time.toISOString();
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
