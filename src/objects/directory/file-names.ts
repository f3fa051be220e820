import { ObjectStoreError } from '../../env/object-store.ts';

/** Beside the objects of a bucket: what is being written, and the lock of those who compare and set. */
export const unfinishedFolder = '.unfinished';

/**
 * The path of an object in its bucket: its key, but for what no file can be called. An empty segment is `%`,
 * and one that begins with `%`, or is the name of our folder, has its first byte escaped.
 */
export function pathOf(key: string): string {
  const path = key.split('/').map(nameOf);
  if (path.some((name) => Buffer.byteLength(name) > nameBytesMax)) {
    throw new ObjectStoreError(
      `a part of the key ${key} is longer than ${nameBytesMax} bytes, which no file's name can be`,
      'KeyTooLongError',
      false,
    );
  }
  return path.join('/');
}

function nameOf(segment: string): string {
  if (segment === '') return '%';
  if (segment.startsWith('%')) return `%25${segment.slice(1)}`;
  return segment === unfinishedFolder ? `%2E${segment.slice(1)}` : segment;
}

/** The segment of a key that a file or a folder stands for; undefined for what is none of ours. */
export function segmentOf(name: string): string | undefined {
  if (!name.startsWith('%')) return name === unfinishedFolder ? undefined : name;
  if (name === '%') return '';
  if (name.startsWith('%25')) return `%${name.slice(3)}`;
  return name === `%2E${unfinishedFolder.slice(1)}` ? unfinishedFolder : undefined;
}

/** NAME_MAX of Linux's file systems. */
const nameBytesMax = 255;

/** Of a part of a key whatever it begins with: a byte that is escaped takes two more. */
export const partBytesMax = nameBytesMax - 2;
