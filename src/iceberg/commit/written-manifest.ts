import type { ListedManifest } from '../format/manifest-list.ts';
import { type SpecJson, specFieldOf } from '../format/partition-spec.ts';
import { partitionSummariesOf } from '../format/partition-summary.ts';
import { schemaOfJson } from '../format/schema-json.ts';
import { currentSchemaOf, type TableMetadata } from '../format/table-metadata.ts';
import { type DataFile, IcebergError } from '../iceberg-table.ts';
import { placeOf } from '../table-files.ts';
import type { CommitWorld } from './append.ts';

/** A manifest that is there, for whichever snapshot will list it. */
export type WrittenManifest = {
  /** Undefined for an append of no files. The sequence number is the snapshot's, and not said here yet. */
  readonly listed: ListedManifest | undefined;
};

/**
 * Puts the manifest of files that a snapshot adds. Rejects with `IcebergError` where the table is not
 * written.
 */
export async function writtenManifest(
  world: CommitWorld,
  metadata: TableMetadata,
  added: { readonly path: string; readonly files: readonly DataFile[]; readonly snapshotId: bigint },
  signal: AbortSignal | undefined,
): Promise<WrittenManifest> {
  const { path, files, snapshotId } = added;
  if (files.length === 0) return { listed: undefined };
  const schema = currentSchemaOf(metadata);
  const spec = specOfAll(files, metadata);
  const field = specFieldOf(spec, schemaOfJson(schema));
  const { writeManifest } = await import('../format/manifest.ts');
  const bytes = writeManifest(files, snapshotId, { schema, spec, field, sync: world.random.bytes(16) });
  await world.objects.put(placeOf(path), [bytes], {}, signal);
  const listed: ListedManifest = {
    manifest_path: path,
    manifest_length: BigInt(bytes.length),
    partition_spec_id: spec['spec-id'],
    content: 0,
    sequence_number: 0n,
    min_sequence_number: 0n,
    added_snapshot_id: snapshotId,
    added_files_count: files.length,
    existing_files_count: 0,
    deleted_files_count: 0,
    added_rows_count: BigInt(files.reduce((sum, { records }) => sum + records, 0)),
    existing_rows_count: 0n,
    deleted_rows_count: 0n,
    partitions: partitionSummariesOf(files, field),
    key_metadata: null,
  };
  return { listed };
}

/** The one that all files were made by. */
function specOfAll(files: readonly DataFile[], metadata: TableMetadata): SpecJson {
  const [id, ...others] = new Set(files.map(({ specId }) => specId ?? metadata['default-spec-id']));
  const spec = metadata['partition-specs'].find((one) => one['spec-id'] === id);
  if (spec !== undefined && others.length === 0) return spec;
  const message = `${metadata.location} has no partition spec that the files to be appended were made by`;
  throw new IcebergError(message, 'BadPartition', false);
}
