import { crc32 } from 'node:zlib';
import type { Shape, StructureShape } from './shape.ts';

/** A value as Java prints it, which is how AWS's validation texts show it. Long ones are cut. */
export function renderValue(shape: Shape, value: unknown): string {
  const text = print(shape, value);
  return text.length <= textMax ? text : `${text.slice(0, textMax)}…`;
}

/** Holds a list of 501 records, the one long value that clients are known to send. */
const textMax = 64 * 1024;

function print(shape: Shape, value: unknown): string {
  if (value === undefined) return 'null';
  switch (shape.kind) {
    case 'list':
      return `[${(value as unknown[]).map((item) => print(shape.item, item)).join(', ')}]`;
    case 'map': {
      const entries = Object.entries(value as Record<string, string>);
      return `{${entries.map(([key, text]) => `${key}=${text}`).join(', ')}}`;
    }
    case 'blob': {
      const { length } = value as Uint8Array;
      return `java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]`;
    }
    case 'structure':
      return `com.amazonaws.kinesis.v20131202.${shape.name}@${hashOf(shape, value as Record<string, unknown>)}`;
    default:
      return String(value);
  }
}

/** Java prints an object's hash; ours says as much: equal values look equal. */
function hashOf({ names, shapes }: StructureShape, value: Readonly<Record<string, unknown>>): string {
  const members = names.map((name, index) => print(shapes[index]!, value[name]));
  return crc32(members.join(' ')).toString(16);
}
