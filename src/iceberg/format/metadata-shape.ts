import { isObject } from './avro-schema.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The member of a table's metadata that is not there, or not what it has to be; undefined where all are. What
 * is looked at is what is used: the rest is carried along as it came.
 */
export function wrongMemberOf(json: Json): string | undefined {
  return Object.entries(members).find(([name, isRight]) => !isRight(json[name]))?.[0];
}

const isText = (value: unknown) => typeof value === 'string';
const isInt = (value: unknown) => Number.isSafeInteger(value);
const isLong = (value: unknown) => isInt(value) || typeof value === 'bigint';
const isLongOrNone = (value: unknown) => value === undefined || value === null || isLong(value);
const isTexts = (value: unknown) => isObject(value) && Object.values(value).every(isText);
const isTextsOrNone = (value: unknown) => value === undefined || isTexts(value);

const members: Readonly<Record<string, (value: unknown) => boolean>> = {
  'table-uuid': isText,
  location: isText,
  'last-sequence-number': isLong,
  'last-updated-ms': isInt,
  schemas: (value) => isListOf(value, isSchema),
  'current-schema-id': isInt,
  'partition-specs': (value) => isListOf(value, isSpec),
  'default-spec-id': isInt,
  properties: isTextsOrNone,
  'current-snapshot-id': isLongOrNone,
  snapshots: (value) => value === undefined || isListOf(value, isSnapshot),
  'snapshot-log': (value) => value === undefined || isListOf(value, isLoggedSnapshot),
  'metadata-log': (value) => value === undefined || isListOf(value, isLoggedMetadata),
  refs: (value) => value === undefined || (isObject(value) && Object.values(value).every(isObject)),
};

function isListOf(value: unknown, isItem: (item: Json) => boolean): boolean {
  return Array.isArray(value) && value.every((item: unknown) => isObject(item) && isItem(item));
}

function isSchema(schema: Json): boolean {
  const id = schema['schema-id'];
  return (id === undefined || isInt(id)) && isListOf(schema['fields'], isField);
}

function isField(field: Json): boolean {
  return isInt(field['id']) && isText(field['name']) && isType(field['type']);
}

function isType(type: unknown): boolean {
  if (!isObject(type)) return isText(type);
  switch (type['type']) {
    case 'struct':
      return isListOf(type['fields'], isField);
    case 'list':
      return isInt(type['element-id']) && isType(type['element']);
    case 'map':
      return isInt(type['key-id']) && isInt(type['value-id']) && isType(type['key']) && isType(type['value']);
    default:
      // One that is not written is refused by its name, where it is used.
      return true;
  }
}

function isSpec(spec: Json): boolean {
  return isInt(spec['spec-id']) && isListOf(spec['fields'], isSpecField);
}

function isSpecField(field: Json): boolean {
  return isText(field['name']) && isText(field['transform']) && isInt(field['field-id']);
}

function isSnapshot(snapshot: Json): boolean {
  const list = snapshot['manifest-list'];
  return (
    isLong(snapshot['snapshot-id']) &&
    isLongOrNone(snapshot['parent-snapshot-id']) &&
    isInt(snapshot['timestamp-ms']) &&
    (list === undefined || isText(list)) &&
    isTextsOrNone(snapshot['summary'])
  );
}

function isLoggedSnapshot(logged: Json): boolean {
  return isLong(logged['snapshot-id']) && isInt(logged['timestamp-ms']);
}

function isLoggedMetadata(logged: Json): boolean {
  return isText(logged['metadata-file']) && isInt(logged['timestamp-ms']);
}
