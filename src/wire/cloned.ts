import { bufferOf } from '../env/buffer-of.ts';
import type { Shape } from './shape.ts';

// A decoded value on its way from one thread to another.

/**
 * Makes a value ready to be sent; answers the memory to transfer, so that its blobs need not be copied. Small
 * blobs may lie in Node's shared pool, and are copied. Texts longer than any shape allows are cut, to a
 * length that is still too long.
 */
export function prepared(value: object): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  collect(value as Record<string, unknown>, found);
  return [...found];
}

function collect(value: Record<string, unknown>, found: Set<ArrayBuffer>): void {
  for (const [name, part] of Object.entries(value)) {
    if (typeof part === 'string') {
      if (part.length > textMax) value[name] = part.slice(0, textMax + 1);
    } else if (part instanceof Uint8Array) {
      if (part.buffer instanceof ArrayBuffer && part.buffer.byteLength > bytesMin) found.add(part.buffer);
    } else if (typeof part === 'object' && part !== null) {
      collect(part as Record<string, unknown>, found);
    }
  }
}

const bytesMin = 1024 * 1024;

/** The longest text that a shape allows is a NextToken; where shapes have no limit, handlers allow less. */
const textMax = 1_048_576;

/** Restores a cloned value in place to what its codec made: buffers for blobs, maps without a prototype. */
export function restored(value: unknown, shape: Shape): unknown {
  if (value === undefined || value === null) return value;
  switch (shape.kind) {
    case 'blob':
      return bufferOf(value as Uint8Array);
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
