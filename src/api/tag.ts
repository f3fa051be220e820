import { KinesisError } from '../kinesis/error.ts';
import type { Tag } from '../kinesis/stream.ts';

/** A map of tags as a list, sorted by key in the order of code points. */
export function tagsFrom(map: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(map)
    .map(([key, value]) => ({ key, value }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

/**
 * Refuses keys and values with characters that tags may not have: letters, digits and spaces of any script and
 * `_ . / = + - @ :` may. `alsoAllowed` names those that the caller refuses with another text.
 */
export function checkTagText(texts: readonly string[], alsoAllowed = ''): void {
  const rest = alsoAllowed === '' ? texts : texts.map((text) => text.replaceAll(alsoAllowed, ''));
  if (rest.every((text) => allowed.test(text))) return;
  throw new KinesisError(
    'InvalidArgumentException',
    'Some tags contain invalid characters. Valid characters: ' +
      'Unicode letters, digits, white space, _ . / = + - % @.',
  );
}

const allowed = /^[\p{L}\p{Nd}\p{Zs}_./=+\-@:]*$/u;
