import type { SeededRandom } from '../../../../harness/random.ts';
import type { Json, JsonObject } from './dialogue.ts';
import type { TableShape } from './tables.ts';
import { attributes, drawFor, drawKey, drawOf, drawValue } from './values.ts';

/** A text in parts: what is shrunk puts a part in the place of the whole. */
export type Tree = string | readonly Tree[];

export function textOf(tree: Tree): string {
  return typeof tree === 'string' ? tree : tree.map(textOf).join('');
}

/** The names and values that expressions of one request stand for. */
export class Holders {
  readonly #random: SeededRandom;
  readonly names: Record<string, string> = {};
  readonly values: Record<string, Json> = {};

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** A name, as it is or behind a `#`. */
  name(name: string): string {
    if (/^[a-h]$/.test(name) && this.#random.chance(0.6)) return name;
    const holder = `#${name.replace(/[^A-Za-z0-9]/g, '_')}`;
    this.names[holder] = name;
    return holder;
  }

  value(value: JsonObject): string {
    const holder = `:v${Object.keys(this.values).length}`;
    this.values[holder] = value;
    return holder;
  }
}

/** What is drawn and what it draws on. */
export type Draft = { readonly random: SeededRandom; readonly holders: Holders; readonly table: TableShape };

export function drawCondition(draft: Draft, depth = 0): Tree {
  const { random } = draft;
  const kind = depth > 2 ? 'plain' : random.pick(['plain', 'plain', 'plain', 'and', 'or', 'not', 'paren']);
  const inner = () => drawCondition(draft, depth + 1);
  switch (kind) {
    case 'and':
      return [inner(), ' AND ', inner()];
    case 'or':
      return [inner(), ' or ', inner()];
    case 'not':
      return ['NOT ', inner()];
    case 'paren':
      return ['(', inner(), ')'];
    default:
      return plain(draft);
  }
}

function plain(draft: Draft): Tree {
  const { random, holders, table } = draft;
  const name = attributeOf(random, table);
  const path = drawPath(draft, name);
  const value = () => operand(draft, name);
  switch (random.pick(['compare', 'compare', 'compare', 'between', 'in', 'function', 'function'])) {
    case 'between':
      return [path, ' BETWEEN ', value(), ' AND ', value()];
    case 'in':
      return [path, ' IN (', value(), random.chance(0.5) ? [', ', value()] : '', ')'];
    case 'function':
      return call(draft, name, path);
    default: {
      const left = random.chance(0.15) ? ['size(', path, ')'] : path;
      const right = left === path ? value() : holders.value(drawOf(random, 'N'));
      return [left, random.pick([' = ', ' <> ', ' < ', '<=', ' > ', ' >= ']), right];
    }
  }
}

function call(draft: Draft, name: string, path: Tree): Tree {
  const { random, holders } = draft;
  switch (random.pick(['exists', 'exists', 'missing', 'type', 'begins', 'contains'])) {
    case 'exists':
      return ['attribute_exists(', path, ')'];
    case 'missing':
      return ['attribute_not_exists (', path, ')'];
    case 'type':
      return ['attribute_type(', path, ', ', holders.value({ S: random.pick(typeNames) }), ')'];
    case 'begins':
      return ['begins_with(', path, ', ', holders.value(drawOf(random, random.pick(['S', 'S', 'B']))), ')'];
    default: {
      const isSame = random.chance(0.3);
      const other = isSame ? drawFor(random, name) : drawOf(random, random.pick(['S', 'N', 'B', 'BOOL']));
      return ['contains(', path, ', ', holders.value(other), ')'];
    }
  }
}

const typeNames = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'BOOL', 'NULL', 'L', 'M'];

function operand(draft: Draft, name: string): Tree {
  const { random, holders, table } = draft;
  if (random.chance(0.15)) return drawPath(draft, attributeOf(random, table));
  const keyType = table.types[name];
  return holders.value(keyType === undefined ? drawFor(random, name) : drawKey(random, keyType));
}

export function attributeOf(random: SeededRandom, { types }: TableShape): string {
  return random.chance(0.2) ? random.pick(Object.keys(types)) : random.pick(Object.keys(attributes));
}

/** Of an attribute, and now and then of what is in it. */
export function drawPath({ random, holders }: Draft, name: string): Tree {
  const first = holders.name(name);
  if (name === 'c' && random.chance(0.5)) return [first, `[${random.below(4)}]`];
  if (name === 'd' && random.chance(0.6)) {
    const inner = holders.name(random.pick(['a', 'b', 'x', 'a.b', 'size']));
    return [first, '.', inner, random.chance(0.2) ? `[${random.below(2)}]` : ''];
  }
  return first;
}

export function drawUpdate(draft: Draft): Tree {
  const { random } = draft;
  const names = Object.keys(attributes).filter(() => random.chance(0.35));
  const chosen = names.length > 0 ? names : ['a'];
  const clauses = new Map<string, Tree[]>();
  for (const name of chosen) {
    const [clause, action] = drawAction(draft, name);
    const actions = clauses.get(clause) ?? [];
    actions.push(actions.length === 0 ? action : [', ', action]);
    clauses.set(clause, actions);
  }
  return [...clauses].map(([clause, actions]) => [clause, ' ', actions, ' ']);
}

function drawAction(draft: Draft, name: string): [string, Tree] {
  const { random, holders, table } = draft;
  // Now and then a key, which no update may touch.
  const path = drawPath(draft, random.chance(0.03) ? random.pick(Object.keys(table.types)) : name);
  const kind = random.pick(['SET', 'SET', 'SET', 'SET', 'REMOVE', 'ADD', 'DELETE']);
  if (kind === 'SET') return ['SET', [path, ' = ', assigned(draft, name)]];
  if (kind === 'REMOVE') return ['REMOVE', path];
  const usual = name === 'e' || name === 'f' ? drawFor(random, name) : drawOf(random, 'N');
  const value = random.chance(0.9) ? usual : drawValue(random);
  return [kind, [path, ' ', holders.value(value)]];
}

function assigned(draft: Draft, name: string): Tree {
  const { random, holders } = draft;
  const value = () => holders.value(drawFor(random, name));
  const number = () => holders.value(drawOf(random, 'N'));
  switch (random.pick(['value', 'value', 'value', 'plus', 'plus', 'default', 'append', 'path'])) {
    case 'plus':
      return [
        random.chance(0.7) ? drawPath(draft, 'a') : number(),
        random.pick([' + ', ' - ', '+']),
        number(),
      ];
    case 'default':
      return ['if_not_exists(', drawPath(draft, name), ', ', value(), ')'];
    case 'append': {
      const list = holders.value(drawOf(random, random.chance(0.9) ? 'L' : 'S'));
      return random.chance(0.5)
        ? ['list_append(', drawPath(draft, 'c'), ', ', list, ')']
        : ['list_append(', list, ', if_not_exists(', holders.name('c'), ', ', list, '))'];
    }
    case 'path':
      return drawPath(draft, random.pick(Object.keys(attributes)));
    default:
      return value();
  }
}

export function drawProjection(draft: Draft): Tree {
  const { random, table } = draft;
  const names = [...Object.keys(attributes), ...Object.keys(table.types)].filter(() => random.chance(0.3));
  const chosen = names.length > 0 ? names : ['a'];
  return chosen.map((name, index) => [index === 0 ? '' : ', ', drawPath(draft, name)]);
}

/** For the keys of a table or of an index. */
export function drawKeyCondition(draft: Draft, hash: string, range: string | undefined): Tree {
  const { random, holders, table } = draft;
  const keyValue = (name: string) => holders.value(drawKey(random, table.types[name]!));
  const equal: Tree = [holders.name(hash), ' = ', keyValue(hash)];
  if (range === undefined || random.chance(0.3)) return equal;
  const name = holders.name(range);
  const operator = random.pick(['=', '<', '<=', '>', '>=', 'BETWEEN', 'begins_with']);
  const second: Tree =
    operator === 'BETWEEN'
      ? [name, ' BETWEEN ', keyValue(range), ' AND ', keyValue(range)]
      : operator === 'begins_with'
        ? ['begins_with(', name, ', ', keyValue(range), ')']
        : [name, ` ${operator} `, keyValue(range)];
  return random.chance(0.8) ? [equal, ' AND ', second] : [second, ' AND ', equal];
}
