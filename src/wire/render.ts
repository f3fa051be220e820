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
      return `[${joined(value as unknown[], (item) => print(shape.item, item))}]`;
    case 'map':
      return `{${joined(Object.entries(value as Record<string, string>), ([key, text]) => `${key}=${text}`)}}`;
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

/** As many as are shown, by commas. */
function joined<Item>(items: readonly Item[], print: (item: Item) => string): string {
  let text = '';
  for (const [index, item] of items.entries()) {
    if (text.length > textMax) break;
    text += index === 0 ? print(item) : `, ${print(item)}`;
  }
  return text;
}

/** Java prints an object's hash; ours says as much: equal values look equal. */
function hashOf({ names, shapes }: StructureShape, value: Readonly<Record<string, unknown>>): string {
  const members = names.map((name, index) => print(shapes[index]!, value[name]));
  return crc32(members.join(' ')).toString(16);
}
