import type { TableSchema } from '../../iceberg/table-schema.ts';
import {
  type DraftField,
  type DraftType,
  decimalOf,
  schemaDepthMax,
  schemaFieldsMax,
  schemaOfDraft,
} from './schema-draft.ts';
import { SchemaError } from './schema-error.ts';

/**
 * The schema that a JSON Schema says, as channels make their tables by it: required properties are required
 * columns. `document` is the parsed JSON. Throws `SchemaError` for what no table can be made of.
 *
 * | JSON Schema | column |
 * |---|---|
 * | string | string |
 * | string, format date-time, date, time, uuid | timestamptz, date, time, uuid |
 * | string, contentEncoding base64 or byte | binary |
 * | integer, (exclusive) maximum up to 2^31; larger | int; long |
 * | number, multipleOf | decimal; double without |
 * | boolean | boolean |
 * | object with properties; with additionalProperties alone | struct; map of strings |
 * | array; enum | list; string |
 */
export function schemaOfJsonSchema(document: unknown): TableSchema {
  const root = nodeOf(document, 'The schema');
  const type = typeOf(root, { path: '', depth: 0, definitions: root, budget: { nodes: 0 } });
  if (type.kind !== 'struct') throw new SchemaError('The schema is of no object with properties.');
  return schemaOfDraft(type.fields);
}

type SchemaNode = Readonly<Record<string, unknown>>;
type Context = {
  readonly path: string;
  readonly depth: number;
  readonly definitions: SchemaNode;
  readonly budget: Budget;
};
/** How many parts of the document were looked at, one that is referred to each time. */
type Budget = { nodes: number };

function nodeOf(value: unknown, what: string): SchemaNode {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SchemaError(`${what} is no JSON Schema.`);
  }
  return value as SchemaNode;
}

function whatOf({ path }: Context): string {
  return path === '' ? 'The schema' : `Property ${path}`;
}

function typeOf(given: SchemaNode, context: Context): DraftType {
  if (context.depth > schemaDepthMax) {
    throw new SchemaError(`${whatOf(context)} is more than ${schemaDepthMax} deep, or refers to itself.`);
  }
  context.budget.nodes += 1;
  if (context.budget.nodes > schemaFieldsMax * 2) {
    throw new SchemaError(`The schema has more than ${schemaFieldsMax} columns.`);
  }
  const node = resolved(given, context);
  if (node['enum'] !== undefined) return { kind: 'string' };
  switch (kindOf(node, context)) {
    case 'string':
      return { kind: stringKind(node) };
    case 'integer':
      return { kind: isInt(node) ? 'int' : 'long' };
    case 'number':
      return numberOf(node, context);
    case 'boolean':
      return { kind: 'boolean' };
    case 'object':
      return objectOf(node, context);
    case 'array':
      return {
        kind: 'list',
        element: typeOf(nodeOf(node['items'], `${whatOf(context)}[]`), below(context, '[]')),
      };
    default:
      throw new SchemaError(`${whatOf(context)} has no type that a column can have.`);
  }
}

function below(context: Context, name: string): Context {
  const path = name === '[]' || context.path === '' ? `${context.path}${name}` : `${context.path}.${name}`;
  return { ...context, path, depth: context.depth + 1 };
}

/** What a reference into the same document says; the node itself without one. */
function resolved(node: SchemaNode, context: Context): SchemaNode {
  let found = node;
  for (let hops = 0; typeof found['$ref'] === 'string'; hops += 1) {
    const reference = found['$ref'];
    if (!/^#(\/|$)/.test(reference) || hops > schemaDepthMax) {
      throw new SchemaError(`${whatOf(context)} refers to ${reference}, which is not followed.`);
    }
    let target: unknown = context.definitions;
    for (const part of reference.split('/').slice(1)) {
      const key = decodeURIComponentOf(part).replaceAll('~1', '/').replaceAll('~0', '~');
      target = nodeOf(target, `${whatOf(context)}: ${reference}`)[key];
    }
    found = nodeOf(target, `${whatOf(context)}: ${reference}`);
  }
  return found;
}

function decodeURIComponentOf(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

/** One type; null beside it says no more than that the column may be null. */
function kindOf(node: SchemaNode, context: Context): unknown {
  const type = node['type'];
  if (type === undefined && node['properties'] !== undefined) return 'object';
  if (!Array.isArray(type)) return type;
  const kinds = type.filter((kind) => kind !== 'null');
  if (kinds.length !== 1) throw new SchemaError(`${whatOf(context)} is of more than one type.`);
  return kinds[0];
}

function stringKind(node: SchemaNode): 'string' | 'timestamptz' | 'date' | 'time' | 'uuid' | 'binary' {
  const encoding = node['contentEncoding'];
  if (encoding === 'base64' || encoding === 'byte') return 'binary';
  switch (node['format']) {
    case 'date-time':
      return 'timestamptz';
    case 'date':
    case 'time':
    case 'uuid':
      return node['format'];
    default:
      return 'string';
  }
}

const intEnd = 2 ** 31;

function isInt(node: SchemaNode): boolean {
  const max = node['maximum'] ?? node['exclusiveMaximum'];
  return typeof max === 'number' && max <= intEnd;
}

/** As many digits after the point as `multipleOf` has, in the 38 that a decimal may have. */
function numberOf(node: SchemaNode, context: Context): DraftType {
  const step = node['multipleOf'];
  if (typeof step !== 'number') return { kind: 'double' };
  if (!(step > 0)) throw new SchemaError(`${whatOf(context)} has a multipleOf that is not above 0.`);
  const [digits = '', exponent = '0'] = String(step).split('e');
  const scale = Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent));
  return decimalOf(38, scale, whatOf(context));
}

function objectOf(node: SchemaNode, context: Context): DraftType {
  const properties = node['properties'];
  if (properties !== undefined && Object.keys(nodeOf(properties, whatOf(context))).length > 0) {
    const required = Array.isArray(node['required']) ? node['required'] : [];
    const fields = Object.entries(properties as SchemaNode).map(([name, value]): DraftField => {
      const property = nodeOf(value, `Property ${name}`);
      const doc = property['description'];
      return {
        name,
        required: required.includes(name) && !isNullable(property),
        type: typeOf(property, below(context, name)),
        ...(typeof doc === 'string' && { doc }),
      };
    });
    return { kind: 'struct', fields };
  }
  const others = node['additionalProperties'];
  if (typeof others !== 'object' || others === null) {
    throw new SchemaError(`${whatOf(context)} is an object whose properties are not said.`);
  }
  const value = typeOf(nodeOf(others, whatOf(context)), below(context, '*'));
  return { kind: 'map', key: { kind: 'string' }, value };
}

function isNullable(node: SchemaNode): boolean {
  return Array.isArray(node['type']) && node['type'].includes('null');
}
