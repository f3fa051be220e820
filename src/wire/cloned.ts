import type { Shape } from './shape.ts';

// A decoded value on its way from one thread to another.

/**
 * The memory that is sent along with a value, so that its blobs need not be copied. Of small ones the memory
 * may be Node's pool, which all share.
 */
export function handedOverWith(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  collect(value, found);
  return [...found];
}

function collect(value: unknown, found: Set<ArrayBuffer>): void {
  if (typeof value !== 'object' || value === null) return;
  if (!(value instanceof Uint8Array)) {
    for (const part of Object.values(value)) collect(part, found);
  } else if (value.buffer instanceof ArrayBuffer && value.buffer.byteLength > bytesMin) {
    found.add(value.buffer);
  }
}

const bytesMin = 1024 * 1024;

/**
 * A value as its codec made it, of one that was cloned on its way: there, blobs are plain arrays of bytes, and
 * maps have a prototype. It is changed in place.
 */
export function restored(value: unknown, shape: Shape): unknown {
  if (value === undefined || value === null) return value;
  switch (shape.kind) {
    case 'blob': {
      const { buffer, byteOffset, byteLength } = value as Uint8Array;
      return Buffer.from(buffer, byteOffset, byteLength);
    }
    case 'list': {
      const items = value as unknown[];
      for (let index = 0; index < items.length; index++) items[index] = restored(items[index], shape.item);
      return items;
    }
    case 'map': {
      const entries: Record<string, unknown> = Object.create(null);
      for (const [key, entry] of Object.entries(value)) entries[key] = restored(entry, shape.value);
      return entries;
    }
    case 'structure':
    case 'union': {
      const members = value as Record<string, unknown>;
      for (const name of Object.keys(members)) members[name] = restored(members[name], shape.members[name]!);
      return members;
    }
    case 'lazy':
      return restored(value, shape.shape());
    default:
      return value;
  }
}
