import { renderValue } from './render.ts';
import { ServiceError } from './service-error.ts';
import type {
  ListShape,
  MapShape,
  NumberShape,
  Shape,
  StringShape,
  StructureShape,
  UnionShape,
} from './shape.ts';

/**
 * Throws a ValidationException in AWS's words when a decoded value breaks its shape's constraints. Valid
 * values cost no memory: paths and texts are made only for errors.
 */
export function validate(value: unknown, shape: Shape): void {
  const findings = new Findings();
  check(findings, shape, value);
  findings.raise();
}

class Findings {
  /** The path of the current value: names of members, indexes of list items, and keys of maps. */
  readonly path: PathElement[] = [];
  readonly #items: string[] = [];

  /** AWS reports no more than ten. */
  get isFull(): boolean {
    return this.#items.length >= 10;
  }

  add(shape: Shape, value: unknown, constraint: string): void {
    if (this.isFull) return;
    const path = this.path.map(pathElement).join('.');
    const isHidden = shape.kind === 'blob' && shape.isSensitive && value !== undefined;
    const text = value === undefined ? 'null ' : isHidden ? '' : `'${renderValue(shape, value)}' `;
    this.#items.push(`Value ${text}at '${path}' failed to satisfy constraint: ${constraint}`);
  }

  raise(): void {
    const count = this.#items.length;
    if (count === 0) return;
    const errors = count === 1 ? 'error' : 'errors';
    const text = `${count} validation ${errors} detected: ${this.#items.join('; ')}`;
    throw new ServiceError('ValidationException', text);
  }
}

type PathElement = string | number | { readonly key: string };

function pathElement(element: PathElement): string {
  if (typeof element === 'number') return `${element + 1}.member`;
  if (typeof element === 'object') return `${element.key}.member`;
  return element.charAt(0).toLowerCase() + element.slice(1);
}

function check(findings: Findings, shape: Shape, value: unknown): void {
  switch (shape.kind) {
    case 'structure':
      checkStructure(findings, shape, value as Record<string, unknown>);
      break;
    case 'list':
      checkList(findings, shape, value as unknown[]);
      break;
    case 'map':
      checkMap(findings, shape, value as Record<string, unknown>);
      break;
    case 'union':
      checkUnion(findings, shape, value as Record<string, unknown>);
      break;
    case 'lazy':
      check(findings, shape.shape(), value);
      break;
    case 'string':
      checkString(findings, shape, value as string);
      break;
    case 'blob':
      checkLength(findings, shape, value, (value as Uint8Array).length, shape.min, shape.max);
      break;
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      checkNumber(findings, shape, value as number);
      break;
    case 'boolean':
    case 'timestamp':
      break;
  }
}

function checkStructure(
  findings: Findings,
  { names, shapes, demanding }: StructureShape,
  value: Readonly<Record<string, unknown>>,
): void {
  for (let place = 0; place < demanding.length; place++) {
    const index = demanding[place]!;
    const shape = shapes[index]!;
    const member = value[names[index]!];
    if (member === undefined && shape.required === undefined) continue;
    findings.path.push(names[index]!);
    if (member === undefined) findings.add(shape, undefined, 'Member must not be null');
    else check(findings, shape, member);
    findings.path.pop();
  }
}

function checkList(findings: Findings, shape: ListShape<Shape>, items: readonly unknown[]): void {
  checkLength(findings, shape, items, items.length, shape.min, shape.max);
  const { item } = shape;
  for (let index = 0; index < items.length && !findings.isFull; index++) {
    const value = items[index];
    // AWS reports strings in lists at the list, with all their constraints at once.
    if (typeof value === 'string' && item.kind === 'string') {
      if (satisfies(item, value)) continue;
      findings.add(shape, items, `Member must satisfy constraint: ${constraintsOf(item)}`);
      return;
    }
    findings.path.push(index);
    if (value === undefined) findings.add(item, undefined, 'Member must not be null');
    else check(findings, item, value);
    findings.path.pop();
  }
}

/** The reader made sure that there is one member. */
function checkUnion(
  findings: Findings,
  { names, shapes }: UnionShape,
  value: Readonly<Record<string, unknown>>,
): void {
  const index = names.findIndex((name) => value[name] !== undefined);
  findings.path.push(names[index]!);
  check(findings, shapes[index]!, value[names[index]!]);
  findings.path.pop();
}

function checkMap(findings: Findings, shape: MapShape, entries: Readonly<Record<string, unknown>>): void {
  const keys = Object.keys(entries);
  checkLength(findings, shape, entries, keys.length, shape.min, shape.max);
  if (!keys.every((key) => satisfies(shape.key, key))) {
    findings.add(shape, entries, `Map keys must satisfy constraint: ${constraintsOf(shape.key)}`);
  }
  const { value } = shape;
  if (value.kind !== 'string') checkEntries(findings, value, entries, keys);
  else if (!keys.every((key) => satisfies(value, entries[key] as string))) {
    findings.add(shape, entries, `Map value must satisfy constraint: ${constraintsOf(value)}`);
  }
}

function checkEntries(
  findings: Findings,
  shape: Shape,
  entries: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): void {
  for (const key of keys) {
    if (findings.isFull) return;
    findings.path.push({ key });
    check(findings, shape, entries[key]);
    findings.path.pop();
  }
}

function checkString(findings: Findings, shape: StringShape, value: string): void {
  // A text that is far too long is shown, and matched, only up to here.
  const looked = value.length > lookedMax ? value.slice(0, lookedMax) : value;
  if (shape.pattern !== undefined && !shape.pattern.matches(looked)) {
    findings.add(shape, value, patternText(shape.pattern.text));
  }
  if (shape.values !== undefined && !shape.values.includes(value)) {
    findings.add(shape, value, valuesText(shape.values));
  }
  checkLength(findings, shape, value, value.length, shape.min, shape.max);
}

/** Only tokens may be longer, and those have no pattern. */
const lookedMax = 64 * 1024;

function checkNumber(findings: Findings, shape: NumberShape, value: number): void {
  const { min, max } = shape;
  if (min !== undefined && value < min) {
    findings.add(shape, value, `Member must have value greater than or equal to ${min}`);
  }
  if (max !== undefined && value > max) {
    findings.add(shape, value, `Member must have value less than or equal to ${max}`);
  }
}

function checkLength(
  findings: Findings,
  shape: Shape,
  value: unknown,
  length: number,
  min: number | undefined,
  max: number | undefined,
): void {
  if (min !== undefined && length < min) findings.add(shape, value, minText(min));
  if (max !== undefined && length > max) findings.add(shape, value, maxText(max));
}

function satisfies({ min, max, pattern, values }: StringShape, value: string): boolean {
  if (min !== undefined && value.length < min) return false;
  if (max !== undefined && value.length > max) return false;
  if (pattern !== undefined && !pattern.matches(value)) return false;
  return values === undefined || values.includes(value);
}

/** The constraints of an item, key or value, in the order in which AWS prints them. */
function constraintsOf({ min, max, pattern, values }: StringShape): string {
  const texts: string[] = [];
  if (max !== undefined) texts.push(maxText(max));
  if (min !== undefined) texts.push(minText(min));
  if (pattern !== undefined) texts.push(patternText(pattern.text));
  if (values !== undefined) texts.push(valuesText(values));
  return `[${texts.join(', ')}]`;
}

const minText = (min: number) => `Member must have length greater than or equal to ${min}`;
const maxText = (max: number) => `Member must have length less than or equal to ${max}`;
const patternText = (text: string) => `Member must satisfy regular expression pattern: ${text}`;
const valuesText = (values: readonly string[]) =>
  `Member must satisfy enum value set: [${values.join(', ')}]`;
