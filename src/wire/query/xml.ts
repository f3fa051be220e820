import { printScalar, type ScalarShape } from '../scalar-text.ts';
import type { MapShape, Shape, StructureShape, UnionShape } from '../shape.ts';

/**
 * A value of the shape's `OutputOf` as an element's content (smithy.io, "AWS query protocol", XML shape
 * serialization): members by name, lists as `member` elements, maps as `entry` with `key` and `value`. The
 * result is always well-formed.
 */
export function xmlOf(shape: Shape, value: unknown): string {
  switch (shape.kind) {
    case 'lazy':
      return xmlOf(shape.shape(), value);
    case 'structure':
    case 'union':
      return membersOf(shape, value as Readonly<Record<string, unknown>>);
    case 'list':
      return (value as readonly unknown[]).map((item) => element('member', xmlOf(shape.item, item))).join('');
    case 'map':
      return entriesOf(shape, value as Readonly<Record<string, unknown>>);
    default:
      return xmlText(printScalar(shape satisfies ScalarShape, value, 'date-time'));
  }
}

/** An element with content that is XML already. */
export function element(name: string, content: string, attributes = ''): string {
  return `<${name}${attributes}>${content}</${name}>`;
}

/**
 * A text as XML. Characters that XML 1.0 cannot have (§2.2, "Characters") become U+FFFD; carriage returns are
 * escaped, so that parsers keep them (§2.11).
 */
export function xmlText(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(unsayable, '\ufffd').replace(/[&<>"\r]/g, (character) => escapes[character]!);
}

const plain = /^[\w !#-%'-;=?@[\\\]^`{|}~]*$/;
// Lone surrogates included: with the flag, the others count as the character that they stand for.
const unsayable = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

function membersOf(
  { names, shapes }: StructureShape | UnionShape,
  value: Readonly<Record<string, unknown>>,
): string {
  return names
    .map((name, index) =>
      value[name] === undefined ? '' : element(name, xmlOf(shapes[index]!, value[name])),
    )
    .join('');
}

function entriesOf(shape: MapShape, entries: Readonly<Record<string, unknown>>): string {
  return Object.entries(entries)
    .map(([key, value]) =>
      element('entry', element('key', xmlText(key)) + element('value', xmlOf(shape.value, value))),
    )
    .join('');
}
