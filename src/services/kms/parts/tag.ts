import type { KeyTag } from '../../../access/keys/state.ts';
import { kmsError, limitExceeded } from '../errors.ts';

type AwsTag = { readonly TagKey: string; readonly TagValue: string };

/** Tags as policies ask for them. */
export function tagRecord(tags: readonly AwsTag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
}

export function viewTags(tags: readonly KeyTag[]): AwsTag[] {
  return tags.map(({ key, value }) => ({ TagKey: key, TagValue: value }));
}

/** All tags of a key when some are added: at most 50, none of them AWS's own, none twice. */
export function mergeTags(tags: readonly KeyTag[], added: readonly AwsTag[] = []): KeyTag[] {
  const keys = new Set(added.map(({ TagKey }) => TagKey));
  if (keys.size < added.length) throw kmsError('TagException', 'Duplicate tag keys');
  if ([...keys].some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw kmsError('TagException', 'Tags beginning with aws: are reserved');
  }
  const kept = tags.filter(({ key }) => !keys.has(key));
  const merged = [...kept, ...added.map(({ TagKey, TagValue }) => ({ key: TagKey, value: TagValue }))];
  if (merged.length > tagsMax) throw limitExceeded(`A key can have at most ${tagsMax} tags.`);
  return merged.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Developer guide, "Tags in AWS KMS". */
const tagsMax = 50;
