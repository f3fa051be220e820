import { keyedValues, type RequestContext } from '../../../access/policy/access.ts';
import type { DeliveryStreamRecord } from '../../../delivery/state/delivery-stream.ts';
import { invalidArgument, limitExceeded } from '../errors.ts';

type Tags = DeliveryStreamRecord['tags'];
type WireTag = { readonly Key: string; readonly Value?: string };

/** AWS's quota for one delivery stream (Firehose API reference, TagDeliveryStream). */
const tagsMax = 50;

/** All tags of a delivery stream when some are added, by key. */
export function mergeTags(tags: Tags, added: readonly WireTag[]): Tags {
  const keys = added.map(({ Key }) => Key);
  const reserved = keys.find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) {
    throw invalidArgument(`Tag keys that start with aws: are reserved: ${reserved}`);
  }
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) throw invalidArgument(`Duplicate tag key: ${twice}`);
  const kept = tags.filter(([key]) => !keys.includes(key));
  const merged = [...kept, ...added.map(({ Key, Value = '' }) => [Key, Value] as const)];
  if (merged.length > tagsMax) {
    throw limitExceeded(`A delivery stream has at most ${tagsMax} tags, and would have ${merged.length}.`);
  }
  return merged.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The condition keys of a call that sets tags; undefined when it sets none. */
export function tagContext(tags: readonly WireTag[] | undefined): RequestContext | undefined {
  if (tags === undefined || tags.length === 0) return undefined;
  const keys = tags.map(({ Key }) => Key);
  const values = tags.map(({ Key, Value = '' }): [string, string] => [Key, Value]);
  return new Map([['aws:tagkeys', keys], ...keyedValues('aws:requesttag/', values)]);
}
