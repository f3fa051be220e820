import type { IdentityTag } from '../../../access/identity/state.ts';
import type { TypeOf } from '../../../wire/shape.ts';
import { invalidInput, invalidRequest } from '../errors.ts';
import type { tags as tagsShape } from './shapes.ts';

type Tags = TypeOf<typeof tagsShape>;

/**
 * Tags as they are kept, sorted. Keys differ in more than their case (IAM user guide, "Tags for IAM
 * resources").
 */
export function keptTags(tags: Tags = []): IdentityTag[] {
  const keys = new Set(tags.map(({ Key }) => Key.toLowerCase()));
  if (keys.size < tags.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  for (const { Key, Value } of tags) checkText(Key, Value);
  return sorted(tags.map(({ Key, Value }) => ({ key: Key, value: Value })));
}

/** The tags afterwards: a new value takes the old one's place, and its key is written as before. */
export function mergedTags(before: readonly IdentityTag[], tags: Tags): IdentityTag[] {
  const added = keptTags(tags);
  const keys = new Set(added.map(({ key }) => key.toLowerCase()));
  const written = new Map(before.map(({ key }) => [key.toLowerCase(), key]));
  return sorted([
    ...before.filter(({ key }) => !keys.has(key.toLowerCase())),
    ...added.map(({ key, value }) => ({ key: written.get(key.toLowerCase()) ?? key, value })),
  ]);
}

export function tagsWithout(before: readonly IdentityTag[], keys: readonly string[]): readonly IdentityTag[] {
  const gone = new Set(keys.map((key) => key.toLowerCase()));
  return before.filter(({ key }) => !gone.has(key.toLowerCase()));
}

export function shownTags(tags: readonly IdentityTag[]): Tags {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

function sorted(tags: readonly IdentityTag[]): IdentityTag[] {
  return tags.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** The shapes look at ASCII only. */
function checkText(key: string, value: string): void {
  if (/^aws:/i.test(key)) {
    throw invalidInput('Tag keys that begin with aws: are reserved for system use.');
  }
  if ([key, value].every((text) => allowed.test(text))) return;
  throw invalidRequest('Tag keys and values have letters, digits, white space and _ . : / = + - @ only.');
}

const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
