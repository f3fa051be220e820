import type { ObjectStore } from '../../env/object-store.ts';
import type { ReadManifest } from '../format/manifest.ts';
import type { ListedManifest } from '../format/manifest-list.ts';
import { type SpecField, specFieldOf } from '../format/partition-spec.ts';
import { summaryOfAll } from '../format/partition-summary.ts';
import { schemaOfJson } from '../format/schema-json.ts';
import { currentSchemaOf, defaultSpecOf, type TableMetadata } from '../format/table-metadata.ts';
import { placeOf } from '../table-files.ts';
import type { CommitWorld } from './append.ts';

/** One manifest in place of several. It is right for as long as a snapshot lists all of those. */
export type MergedManifests = { readonly listed: ListedManifest; readonly replaces: ReadonlySet<string> };

/**
 * Makes one of the small manifests of a table, once there are many: else every reader asks for one object an
 * append. Undefined where there is nothing to be made one, or a manifest is gone. Manifests that others wrote
 * in another form stay as they are.
 */
export async function mergedManifests(
  world: CommitWorld,
  metadata: TableMetadata,
  listed: readonly ListedManifest[],
  merged: { readonly path: string; readonly snapshotId: bigint },
  signal: AbortSignal | undefined,
): Promise<MergedManifests | undefined> {
  const spec = defaultSpecOf(metadata);
  const small = listed.filter((manifest) => isSmall(manifest, spec['spec-id']));
  if (small.length < countMinOf(metadata)) return undefined;
  const schema = currentSchemaOf(metadata);
  const field = specFieldOf(spec, schemaOfJson(schema));
  const { mergeManifests } = await import('../format/manifest.ts');
  const read = await bytesOfAll(world.objects, small, signal);
  const result = mergeManifests(read, { schema, spec, field, sync: world.random.bytes(16) });
  if (result.merged.length < 2) return undefined;
  await world.objects.put(placeOf(merged.path), [result.bytes], {}, signal);
  return {
    listed: listedOf(result.merged, field, { ...merged, bytes: result.bytes.length }),
    replaces: new Set(result.merged.map((manifest) => manifest.manifest_path)),
  };
}

/** A manifest with a few thousand files is not written again. */
function isSmall(manifest: ListedManifest, specId: number): boolean {
  const isData = manifest.content === 0 && manifest.key_metadata === null;
  return isData && manifest.partition_spec_id === specId && manifest.manifest_length < bytesMax;
}

const bytesMax = 1024 * 1024;

/**
 * 100 unless the table says otherwise (`commit.manifest.min-count-to-merge`, as Iceberg's writers have it).
 */
function countMinOf({ properties }: TableMetadata): number {
  if (properties?.['commit.manifest-merge.enabled'] === 'false') return Number.POSITIVE_INFINITY;
  const said = Number(properties?.['commit.manifest.min-count-to-merge'] ?? 100);
  return Number.isSafeInteger(said) && said >= 2 ? said : 100;
}

/** Those that are there. */
async function bytesOfAll(
  objects: ObjectStore,
  manifests: readonly ListedManifest[],
  signal: AbortSignal | undefined,
): Promise<readonly ReadManifest[]> {
  const read: ReadManifest[] = [];
  for (const manifest of manifests) {
    const found = await objects.get(placeOf(manifest.manifest_path), undefined, signal);
    if (found !== undefined) read.push({ manifest, bytes: found.body });
  }
  return read;
}

function listedOf(
  manifests: readonly ListedManifest[],
  field: SpecField | undefined,
  { path, snapshotId, bytes }: { path: string; snapshotId: bigint; bytes: number },
): ListedManifest {
  const files = manifests.reduce((sum, one) => sum + one.added_files_count + one.existing_files_count, 0);
  const rows = manifests.reduce((sum, one) => sum + one.added_rows_count + one.existing_rows_count, 0n);
  const numbers = manifests.map((one) => one.min_sequence_number);
  return {
    manifest_path: path,
    manifest_length: BigInt(bytes),
    partition_spec_id: manifests[0]!.partition_spec_id,
    content: 0,
    sequence_number: 0n,
    min_sequence_number: numbers.reduce((least, one) => (one < least ? one : least)),
    added_snapshot_id: snapshotId,
    added_files_count: 0,
    existing_files_count: files,
    deleted_files_count: 0,
    added_rows_count: 0n,
    existing_rows_count: rows,
    deleted_rows_count: 0n,
    partitions: summaryOfAll(
      manifests.map(({ partitions }) => partitions),
      field,
    ),
    key_metadata: null,
  };
}
