import type { Millis } from '../../env/clock.ts';
import { IcebergError, type NewTable } from '../iceberg-table.ts';
import { isObject } from './avro-schema.ts';
import { isSameLong, type Long, parseLongJson } from './long-json.ts';
import { wrongMemberOf } from './metadata-shape.ts';
import { partitionFieldIdMin, type SpecJson, specJsonOf } from './partition-spec.ts';
import { lastColumnIdOf, type SchemaJson, schemaJsonOf } from './schema-json.ts';

/**
 * A table's metadata as its JSON has it (Iceberg table specification, version 2, "Table Metadata"). Members
 * that are not here are carried along as they came.
 */
export type TableMetadata = {
  readonly 'format-version': 2;
  readonly 'table-uuid': string;
  readonly location: string;
  readonly 'last-sequence-number': Long;
  readonly 'last-updated-ms': Millis;
  readonly 'last-column-id': number;
  readonly schemas: readonly SchemaJson[];
  readonly 'current-schema-id': number;
  readonly 'partition-specs': readonly SpecJson[];
  readonly 'default-spec-id': number;
  readonly 'last-partition-id': number;
  readonly properties?: Readonly<Record<string, string>>;
  /** Undefined, null or -1: none. */
  readonly 'current-snapshot-id'?: Long | null;
  readonly snapshots?: readonly SnapshotJson[];
  readonly 'snapshot-log'?: readonly { readonly 'snapshot-id': Long; readonly 'timestamp-ms': Millis }[];
  readonly 'metadata-log'?: readonly LoggedMetadata[];
  readonly 'sort-orders': readonly unknown[];
  readonly 'default-sort-order-id': number;
  readonly refs?: Readonly<Record<string, object>>;
};

export type LoggedMetadata = { readonly 'metadata-file': string; readonly 'timestamp-ms': Millis };

export type SnapshotJson = {
  readonly 'snapshot-id': Long;
  readonly 'parent-snapshot-id'?: Long | null;
  readonly 'sequence-number': Long;
  readonly 'timestamp-ms': Millis;
  readonly 'manifest-list'?: string;
  readonly summary?: Readonly<Record<string, string>>;
  readonly 'schema-id'?: number;
};

/** The metadata of a table that has nothing yet. Throws `IcebergError` of code `BadPartition`. */
export function newMetadata(request: NewTable, table: NewMetadata): TableMetadata {
  const spec = specJsonOf(request.partition, request.schema);
  return {
    'format-version': 2,
    'table-uuid': table.uuid,
    location: table.location,
    'last-sequence-number': 0,
    'last-updated-ms': table.now,
    'last-column-id': lastColumnIdOf(request.schema),
    schemas: [schemaJsonOf(request.schema, 0)],
    'current-schema-id': 0,
    'partition-specs': [spec],
    'default-spec-id': 0,
    'last-partition-id': spec.fields.at(-1)?.['field-id'] ?? partitionFieldIdMin - 1,
    properties: request.properties ?? {},
    snapshots: [],
    'snapshot-log': [],
    'metadata-log': [],
    'sort-orders': [{ 'order-id': 0, fields: [] }],
    'default-sort-order-id': 0,
    refs: {},
  };
}

export type NewMetadata = { readonly uuid: string; readonly location: string; readonly now: Millis };

/**
 * Throws `IcebergError`: `BadFile` for what is no metadata, `NotWritable` for another version of the format.
 */
export function readMetadata(text: string, path: string): TableMetadata {
  let json: unknown;
  try {
    json = parseLongJson(text);
  } catch {
    throw new IcebergError(`${path} is no JSON`, 'BadFile', false);
  }
  return checkedMetadata(json, path);
}

export function checkedMetadata(json: unknown, path: string): TableMetadata {
  if (!isObject(json)) throw new IcebergError(`${path} is no object`, 'BadFile', false);
  const version = json['format-version'];
  if (version !== 2) {
    const message = `${path} has format version ${String(version)}; tables of version 2 are written`;
    throw new IcebergError(message, 'NotWritable', false);
  }
  if (isMetadata(json)) return json;
  const message = `${path} has no ${wrongMemberOf(json)}, or one that is something else`;
  throw new IcebergError(message, 'BadFile', false);
}

function isMetadata(json: Readonly<Record<string, unknown>>): json is TableMetadata {
  return wrongMemberOf(json) === undefined;
}

/** Throws `IcebergError` of code `BadFile` where the metadata names one that it does not have. */
export function currentSchemaOf(metadata: TableMetadata): SchemaJson {
  const id = metadata['current-schema-id'];
  return found(
    metadata.schemas.find((schema) => (schema['schema-id'] ?? 0) === id),
    `schema ${id}`,
    metadata,
  );
}

export function defaultSpecOf(metadata: TableMetadata): SpecJson {
  const id = metadata['default-spec-id'];
  return found(
    metadata['partition-specs'].find((spec) => spec['spec-id'] === id),
    `partition spec ${id}`,
    metadata,
  );
}

function found<Part>(part: Part | undefined, what: string, metadata: TableMetadata): Part {
  if (part !== undefined) return part;
  throw new IcebergError(`the metadata of ${metadata.location} lacks ${what}`, 'BadFile', false);
}

/** What readers of the table see; undefined where nothing was ever committed. */
export function currentSnapshotOf(metadata: TableMetadata): SnapshotJson | undefined {
  const id = metadata['current-snapshot-id'];
  if (id === undefined || id === null || isSameLong(id, -1)) return undefined;
  return found(snapshotOf(metadata, id), `snapshot ${id}`, metadata);
}

export function snapshotOf(metadata: TableMetadata, id: Long): SnapshotJson | undefined {
  return metadata.snapshots?.find((snapshot) => isSameLong(snapshot['snapshot-id'], id));
}

/**
 * The current snapshot and those that it came from, the newest first, as far back as they are still there.
 */
export function historyOf(metadata: TableMetadata): readonly SnapshotJson[] {
  const byId = new Map(metadata.snapshots?.map((snapshot) => [String(snapshot['snapshot-id']), snapshot]));
  const history: SnapshotJson[] = [];
  let snapshot = currentSnapshotOf(metadata);
  // A snapshot is older than its child, so the walk ends; one that is its own ancestor is damage, not a loop.
  while (snapshot !== undefined && history.length < byId.size) {
    history.push(snapshot);
    const parent = snapshot['parent-snapshot-id'];
    snapshot = parent === undefined || parent === null ? undefined : byId.get(String(parent));
  }
  return history;
}

/** The metadata with a snapshot as its current one, and with properties that it brought. */
export function withSnapshot(
  metadata: TableMetadata,
  snapshot: SnapshotJson,
  properties: Readonly<Record<string, string>>,
): TableMetadata {
  const id = snapshot['snapshot-id'];
  const at = snapshot['timestamp-ms'];
  return {
    ...metadata,
    'last-sequence-number': snapshot['sequence-number'],
    'last-updated-ms': at,
    properties: { ...metadata.properties, ...properties },
    'current-snapshot-id': id,
    snapshots: [...(metadata.snapshots ?? []), snapshot],
    'snapshot-log': [...(metadata['snapshot-log'] ?? []), { 'snapshot-id': id, 'timestamp-ms': at }],
    // How long a branch's snapshots are kept stays as it was set.
    refs: { ...metadata.refs, main: { ...metadata.refs?.['main'], 'snapshot-id': id, type: 'branch' } },
  };
}
