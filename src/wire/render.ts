import { crc32 } from 'node:zlib';
import type { Shape, StructureShape, UnionShape } from './shape.ts';

/** A value as Java prints it, as in AWS's validation texts. Long ones are cut. */
export function renderValue(shape: Shape, value: unknown): string {
  const text = print(shape, value);
  return text.length <= textMax ? text : `${text.slice(0, textMax)}…`;
}

/** Enough for a list of 501 records, the one long value that clients are known to send. */
const textMax = 64 * 1024;

function print(shape: Shape, value: unknown): string {
  if (value === undefined) return 'null';
  switch (shape.kind) {
    case 'list':
      return `[${joined(value as unknown[], (item) => print(shape.item, item))}]`;
    case 'map':
      return `{${joined(Object.entries(value as Record<string, unknown>), ([key, item]) => `${key}=${print(shape.value, item)}`)}}`;
    case 'blob': {
      const { length } = value as Uint8Array;
      return `java.nio.HeapByteBuffer[pos=0 lim=${length} cap=${length}]`;
    }
    case 'float':
    case 'double':
      return printDouble(value as number);
    case 'lazy':
      return print(shape.shape(), value);
    case 'structure':
    case 'union':
      return `com.amazonaws.kinesis.v20131202.${shape.name}@${hashOf(shape, value as Record<string, unknown>)}`;
    default:
      return String(value);
  }
}

/** As Java's `Double.toString`: with a fraction, and with an exponent outside of 0.001 to 10,000,000. */
function printDouble(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || (size !== 0 && size < 1e-3)) return withExponent(value);
  return size < 1e7 ? withFraction(String(value)) : withExponent(value);
}

function withExponent(value: number): string {
  const [digits = '', exponent] = value.toExponential().split('e');
  return exponent === undefined ? digits : `${withFraction(digits)}E${Number(exponent)}`;
}

function withFraction(digits: string): string {
  return digits.includes('.') ? digits : `${digits}.0`;
}

/** Items with commas between them, as many as are shown. */
function joined<Item>(items: readonly Item[], print: (item: Item) => string): string {
  let text = '';
  for (const [index, item] of items.entries()) {
    if (text.length > textMax) break;
    text += index === 0 ? print(item) : `, ${print(item)}`;
  }
  return text;
}

/** Java prints an object's hash. Here, too, equal values look equal. */
function hashOf(
  { names, shapes }: StructureShape | UnionShape,
  value: Readonly<Record<string, unknown>>,
): string {
  const members = names.map((name, index) => print(shapes[index]!, value[name]));
  return crc32(members.join(' ')).toString(16);
}
