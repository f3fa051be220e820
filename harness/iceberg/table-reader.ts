import assert from 'node:assert';
import type { ObjectStore } from '../../src/env/object-store.ts';
import { readAvroFile } from '../../src/iceberg/format/avro-file.ts';
import { byFieldId, fieldTypeIn, isObject, recordSchemaIn } from '../../src/iceberg/format/avro-schema.ts';
import { type ListedManifest, readManifestList } from '../../src/iceberg/format/manifest-list.ts';
import { currentSnapshotOf, type TableMetadata } from '../../src/iceberg/format/table-metadata.ts';
import { placeOf } from '../../src/iceberg/table-files.ts';

export type LiveFile = {
  readonly path: string;
  readonly records: number;
  readonly partition: readonly unknown[];
  /** Since when it is in the table. */
  readonly sequenceNumber: number;
};

/** The data files that a reader of the table reads, each as often as it is listed. */
export async function liveFilesOf(
  objects: ObjectStore,
  metadata: TableMetadata,
): Promise<readonly LiveFile[]> {
  const files: LiveFile[] = [];
  for (const manifest of await manifestsOf(objects, metadata)) {
    const path = manifest.manifest_path;
    const bytes = await bytesAt(objects, path);
    assert.equal(BigInt(bytes.length), manifest.manifest_length);
    const { schema, records } = readAvroFile(bytes, path);
    for (const record of records) files.push(...liveFileIn(record, schema, manifest));
  }
  return files;
}

export async function manifestsOf(
  objects: ObjectStore,
  metadata: TableMetadata,
): Promise<readonly ListedManifest[]> {
  const list = currentSnapshotOf(metadata)?.['manifest-list'];
  return list === undefined ? [] : readManifestList(await bytesAt(objects, list), list);
}

function liveFileIn(record: unknown, schema: unknown, manifest: ListedManifest): LiveFile[] {
  const entry = byFieldId(record, schema, []);
  const isDeleted = entry.get(0) === 2;
  if (isDeleted) return [];
  // Inherited by what is new in the manifest, and by nothing else.
  const isAdded = entry.get(0) === 1;
  const sequenceNumber = entry.get(3) ?? (isAdded ? manifest.sequence_number : undefined);
  assert(typeof sequenceNumber === 'bigint');
  const file = byFieldId(entry.get(2), recordSchemaIn(fieldTypeIn(schema, 2)), []);
  const partition = file.get(102);
  assert(isObject(partition));
  return [
    {
      path: String(file.get(100)),
      records: Number(file.get(103)),
      partition: Object.values(partition),
      sequenceNumber: Number(sequenceNumber),
    },
  ];
}

async function bytesAt(objects: ObjectStore, path: string): Promise<Buffer> {
  const found = await objects.get(placeOf(path));
  assert(found !== undefined, `${path} is gone`);
  return found.body;
}
