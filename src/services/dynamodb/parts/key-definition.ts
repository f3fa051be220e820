import type { TypeOf } from '../../../wire/shape.ts';
import { invalid, invalidValue } from '../errors.ts';
import type { KeySchema } from '../expressions/key-condition.ts';
import type { AttributeDefinition, Projection } from '../tables/table.ts';
import type { attributeDefinitions, keySchema, projection } from './table-shapes.ts';

type Keys = TypeOf<typeof keySchema>;

/** The attributes that a request defines, none twice. */
export function definitionsOf(definitions: TypeOf<typeof attributeDefinitions>): AttributeDefinition[] {
  const names = definitions.map(({ AttributeName }) => AttributeName);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw invalid('Cannot have two attributes with the same name');
  return definitions.map(({ AttributeName, AttributeType }) => ({
    name: AttributeName,
    type: AttributeType,
  }));
}

/** The keys that a request says a table or an index has, with their types. */
export function keySchemaOf(keys: Keys, definitions: readonly AttributeDefinition[]): KeySchema {
  const defined = definitions.map(({ name }) => name);
  const names = keys.map(({ AttributeName }) => AttributeName);
  if (names.some((name) => !defined.includes(name))) {
    throw invalidValue(
      'Some index key attributes are not defined in AttributeDefinitions. ' +
        `Keys: [${names.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
    );
  }
  if (names[0] === names[1]) {
    throw invalid('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  if (keys[0]!.KeyType !== 'HASH') {
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (keys[1] !== undefined && keys[1].KeyType !== 'RANGE') {
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  const typed = (name: string) => ({ name, type: definitions.find((each) => each.name === name)!.type });
  return { hash: typed(names[0]!), ...(names[1] !== undefined && { range: typed(names[1]) }) };
}

/** The attributes of a key, its hash key first. */
export function keyNamesOf({ hash, range }: KeySchema): string[] {
  return range === undefined ? [hash.name] : [hash.name, range.name];
}

/** What an index has besides keys. */
export function projectionOf(request: TypeOf<typeof projection>): Projection {
  const { ProjectionType: type, NonKeyAttributes: attributes } = request;
  if (type === undefined) throw invalidValue('Unknown ProjectionType: null');
  if (type !== 'INCLUDE') {
    if (attributes === undefined) return { type, attributes: [] };
    throw invalidValue(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  if (attributes === undefined) {
    throw invalidValue('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  }
  return { type, attributes };
}

/** Refuses attributes that are defined and belong to no key. */
export function requireAllKeys(
  definitions: readonly AttributeDefinition[],
  schemas: readonly KeySchema[],
): void {
  const used = new Set(schemas.flatMap(keyNamesOf));
  if (definitions.every(({ name }) => used.has(name))) return;
  if (schemas.length === 1) {
    throw invalidValue(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in ' +
        'AttributeDefinitions',
    );
  }
  const unused = definitions.filter(({ name }) => !used.has(name)).map(({ name }) => name);
  throw invalidValue(
    'Some AttributeDefinitions are not used. ' +
      `AttributeDefinitions: [${definitions.map(({ name }) => name).join(', ')}], ` +
      `keys used: [${[...used].join(', ')}], unused: [${unused.join(', ')}]`,
  );
}
