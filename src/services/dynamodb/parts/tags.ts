import type { RequestContext } from '../../../access/policy/access.ts';
import { keyedValues } from '../../../access/policy/access.ts';
import { invalid, invalidValue } from '../errors.ts';
import type { Table } from '../tables/table.ts';

type Tags = Table['tags'];
type WireTag = { readonly Key: string; readonly Value: string };

/** AWS's quota for one table (developer guide, "Tagging restrictions in DynamoDB"). */
const tagsMax = 50;

/** All tags of a table when some are added. */
export function mergeTags(tags: Tags, added: readonly WireTag[]): Tags {
  const keys = added.map(({ Key }) => Key);
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) throw invalidValue(`Duplicate tag keys: ${twice}`);
  if (keys.some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw invalidValue('Tag keys starting with "aws:" are reserved for system use');
  }
  const kept = tags.filter(({ key }) => !keys.includes(key));
  const merged = [...kept, ...added.map(({ Key, Value }) => ({ key: Key, value: Value }))];
  if (merged.length > tagsMax) throw invalid(`Too many tags: a table has at most ${tagsMax}.`);
  return merged;
}

export function viewTags(tags: Tags): WireTag[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** The condition keys of a call that sets tags; undefined when it sets none. */
export function tagContext(tags: readonly WireTag[] | undefined): RequestContext | undefined {
  if (tags === undefined || tags.length === 0) return undefined;
  const keys = tags.map(({ Key }) => Key);
  const values = tags.map(({ Key, Value }): [string, string] => [Key, Value]);
  return new Map([['aws:tagkeys', keys], ...keyedValues('aws:requesttag/', values)]);
}
