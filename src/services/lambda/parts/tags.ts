import { keyedValues, type RequestContext } from '../../../access/policy/access.ts';
import { invalidValue } from '../errors.ts';

type Tags = Readonly<Record<string, string>>;

/** Lambda developer guide, "Using tags on Lambda functions", "Limits". */
const tagsMax = 50;

/** All tags when some are added. */
export function mergeTags(tags: Tags, added: Tags): Tags {
  for (const [key, value] of Object.entries(added)) requireTag(key, value);
  const merged = { ...tags, ...added };
  if (Object.keys(merged).length > tagsMax) {
    throw invalidValue('Number of tags exceeds resource tag limit.');
  }
  return merged;
}

function requireTag(key: string, value: string): void {
  if (key.toLowerCase().startsWith('aws:')) {
    throw invalidValue('Tag keys that begin with "aws:" are reserved for system use.');
  }
  if (key.length < 1 || key.length > 128 || value.length > 256) {
    throw invalidValue('A tag has a key of 1 to 128 characters, and a value of at most 256.');
  }
}

/** The condition keys of a call that sets tags; undefined when it sets none. */
export function tagContext(tags: Tags | undefined): RequestContext | undefined {
  const keys = Object.keys(tags ?? {});
  if (keys.length === 0) return undefined;
  return new Map([['aws:tagkeys', keys], ...keyedValues('aws:requesttag/', Object.entries(tags!))]);
}
