import type { ListRequest, ObjectPage } from '../../env/object-store.ts';
import { elementsIn, textIn } from '../../wire/xml-parts.ts';

/** S3 API reference, ListObjectsV2. Keys are asked for as in URLs: XML cannot have all of them. */
export function listQuery({ prefix, after, max = pageMax }: ListRequest) {
  return [
    ['list-type', '2'],
    ['encoding-type', 'url'],
    ['max-keys', String(Math.min(max, pageMax))],
    ['prefix', prefix],
    ...(after === undefined ? [] : [['start-after', after] as const]),
  ] as const;
}

const pageMax = 1000;

/** A store that does not encode keys does not say that it does. */
export function pageIn(xml: string): ObjectPage {
  const isEncoded = textIn(xml, 'EncodingType')?.toLowerCase() === 'url';
  const objects: ObjectPage['objects'][number][] = [];
  for (const entry of elementsIn(xml, 'Contents')) {
    const key = textIn(entry, 'Key') ?? '';
    objects.push({ key: isEncoded ? decoded(key) : key, bytes: Number(textIn(entry, 'Size')) });
  }
  return { objects, isTruncated: textIn(xml, 'IsTruncated') === 'true' };
}

/** As forms are: S3 has a plus for a space. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return key;
  }
}
