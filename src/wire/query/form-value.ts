import { malformed } from '../reader.ts';
import { readScalar } from '../scalar-text.ts';
import type { ListShape, MapShape, Shape, StructureShape, UnionShape } from '../shape.ts';
import { notOne, typeError } from '../type-error.ts';
import type { FormNode } from './form.ts';

/**
 * Reads a value from a form by its shape, not yet validated (smithy.io, "AWS query protocol", request
 * serialization): members by name, lists as `member.N`, maps as `entry.N.key` and `entry.N.value`. Unknown
 * parts are skipped; a wrong type is a SerializationException.
 */
export function formValue(shape: Shape, node: FormNode): unknown {
  switch (shape.kind) {
    case 'lazy':
      return formValue(shape.shape(), node);
    case 'structure':
      return structureValue(shape, node);
    case 'union':
      return unionValue(shape, node);
    case 'list':
      return listValue(shape, node);
    case 'map':
      return mapValue(shape, node);
    default:
      if (node.parts.size > 0) throw typeError(shape, 'map');
      return readScalar(shape, node.text ?? '', 'date-time');
  }
}

function structureValue(shape: StructureShape, node: FormNode): Record<string, unknown> {
  requireNoText(shape, node);
  return membersOf(shape, node);
}

function unionValue(shape: UnionShape, node: FormNode): Record<string, unknown> {
  requireNoText(shape, node);
  if (node.parts.size !== 1) throw notOne(shape, node.parts.size);
  const value = membersOf(shape, node);
  if (Object.keys(value).length !== 1) throw notOne(shape, 0);
  return value;
}

function membersOf(
  { names, shapes }: StructureShape | UnionShape,
  { parts }: FormNode,
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [index, name] of names.entries()) {
    const part = parts.get(name);
    if (part !== undefined) value[name] = formValue(shapes[index]!, part);
  }
  return value;
}

function listValue(shape: ListShape<Shape>, node: FormNode): unknown[] {
  requireNoText(shape, node);
  return numbered(node.parts.get('member')).map((item) => formValue(shape.item, item));
}

function mapValue(shape: MapShape, node: FormNode): Record<string, unknown> {
  requireNoText(shape, node);
  // Without a prototype, so that a key such as __proto__ is an ordinary key.
  const entries: Record<string, unknown> = Object.create(null);
  for (const { parts } of numbered(node.parts.get('entry'))) {
    const key = parts.get('key');
    const value = parts.get('value');
    if (key === undefined || value === undefined) throw malformed();
    entries[formValue(shape.key, key) as string] = formValue(shape.value, value);
  }
  return entries;
}

/** The parts in the order of their numbers, which may have gaps. */
function numbered(node: FormNode | undefined): FormNode[] {
  if (node === undefined) return [];
  const parts = [...node.parts].map(([number, part]) => ({ number, part }));
  if (!parts.every(({ number }) => /^[1-9]\d{0,8}$/.test(number))) throw malformed();
  return parts.sort((left, right) => Number(left.number) - Number(right.number)).map(({ part }) => part);
}

/** Only an empty text may stand where parts should be: for an empty list, or a structure without members. */
function requireNoText(shape: Shape, { text }: FormNode): void {
  if (text !== undefined && text !== '') throw typeError(shape, 'string');
}
