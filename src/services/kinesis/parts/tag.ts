import { limits } from '../../../kinesis/limits.ts';
import type { Stream, Tag } from '../../../kinesis/stream.ts';
import { invalidArgument } from '../errors.ts';

/** A map of tags as a list, sorted by key in the order of code points. */
function tagsFrom(map: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(map)
    .map(([key, value]) => ({ key, value }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

/** Tags as they are listed. */
export function viewTags(tags: readonly Tag[]): { Key: string; Value: string }[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

/** All tags of a stream or a consumer when some are added: at most 50, none of them reserved. */
export function mergeTags(
  tags: readonly Tag[],
  added: Readonly<Record<string, string>>,
  { name, account }: Named,
): Tag[] {
  requireUnreserved(Object.keys(added));
  const kept = tags.map(({ key, value }) => [key, value] as const);
  const merged = tagsFrom(Object.fromEntries([...kept, ...Object.entries(added)]));
  if (merged.length <= limits.tagsMax) return merged;
  // The text says 10 although the limit is 50: AWS's does so too.
  throw invalidArgument(
    `Failed to add tags to stream ${name} under account ${account} because a given stream cannot ` +
      'have more than 10 tags associated with it.',
  );
}

/** `aws:` begins AWS's own keys (developer guide, "Tagging your streams"). Its text is not known. */
function requireUnreserved(keys: readonly string[]): void {
  const reserved = keys.find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved === undefined) return;
  throw invalidArgument(`Tag key ${reserved} is reserved: keys must not begin with aws:.`);
}

/**
 * Refuses tag texts with characters other than letters, digits and spaces of any script and `_ . / = + - @
 * :`. `alsoAllowed` is for the caller to refuse, with another text.
 */
export function checkTagText(texts: readonly string[], alsoAllowed = ''): void {
  const rest = alsoAllowed === '' ? texts : texts.map((text) => text.replaceAll(alsoAllowed, ''));
  if (rest.every((text) => allowed.test(text))) return;
  throw invalidArgument(
    'Some tags contain invalid characters. Valid characters: ' +
      'Unicode letters, digits, white space, _ . / = + - % @.',
  );
}

const allowed = /^[\p{L}\p{Nd}\p{Zs}_./=+\-@:]*$/u;

/** Refuses `%`, too: AWS's two checks of a stream's tags disagree about it. */
export function checkStreamTagText(texts: readonly string[], { name, account }: Named, verb: TagVerb): void {
  checkTagText(texts, '%');
  if (!texts.some((text) => text.includes('%'))) return;
  throw invalidArgument(
    `Failed to ${verb} stream ${name} under account ${account} because some tags contained illegal characters. ` +
      "The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
  );
}

type Named = Pick<Stream, 'name' | 'account'>;
type TagVerb = 'add tags to' | 'remove tags from';
