import type { Millis } from '../../env/clock.ts';
import type { ObjectStore } from '../../env/object-store.ts';
import { historyOf, type SnapshotJson, type TableMetadata } from '../format/table-metadata.ts';
import { placeOf } from '../table-files.ts';
import { isOfWriter } from '../writer-marks.ts';

/**
 * Snapshots that are to go, the oldest first: in a bucket nobody else lets them go, and the metadata would
 * grow with each append for ever. They are appends of ours behind which comes another one, so every file of
 * theirs stays in the table; what others did is left to others, with all that is before it. None where the
 * table has further branches or tags.
 */
export function expiredIn(metadata: TableMetadata, now: Millis): readonly SnapshotJson[] {
  const history = [...historyOf(metadata)].reverse();
  const isOneLine = history.length === metadata.snapshots?.length;
  if (!isOneLine || Object.keys(metadata.refs ?? {}).some((name) => name !== 'main')) return [];
  const { ageMs, keptMin } = ruleOf(metadata);
  const foreign = history.findIndex((snapshot) => !isOfWriter(snapshot));
  const own = foreign < 0 ? history.length : foreign;
  const young = history.findIndex((snapshot) => snapshot['timestamp-ms'] >= now - ageMs);
  const old = young < 0 ? history.length : young;
  const count = Math.min(own - 1, old, history.length - keptMin);
  return count < batchMin ? [] : history.slice(0, count);
}

/** Many at a time: the metadata is then as long for a while, and the store is asked for all of it at once. */
const batchMin = 100;

/** As Iceberg's own maintenance has it: five days, and one is kept, unless the table says otherwise. */
function ruleOf({ properties }: TableMetadata): { readonly ageMs: Millis; readonly keptMin: number } {
  const ageMs = Number(properties?.['history.expire.max-snapshot-age-ms'] ?? 5 * 24 * 60 * 60 * 1000);
  const keptMin = Number(properties?.['history.expire.min-snapshots-to-keep'] ?? 1);
  const isRule = ageMs >= 0 && keptMin >= 1;
  return isRule ? { ageMs, keptMin } : { ageMs: Number.POSITIVE_INFINITY, keptMin: 1 };
}

export function withoutSnapshots(metadata: TableMetadata, gone: readonly SnapshotJson[]): TableMetadata {
  if (gone.length === 0) return metadata;
  const ids = new Set(gone.map((snapshot) => String(snapshot['snapshot-id'])));
  const isKept = (one: { readonly 'snapshot-id': SnapshotJson['snapshot-id'] }) =>
    !ids.has(String(one['snapshot-id']));
  return {
    ...metadata,
    snapshots: metadata.snapshots?.filter(isKept) ?? [],
    'snapshot-log': metadata['snapshot-log']?.filter(isKept) ?? [],
  };
}

/** Files that only snapshots had which are gone: their lists, and manifests that have become one since. */
export async function filesOnlyIn(
  objects: ObjectStore,
  gone: readonly SnapshotJson[],
  metadata: TableMetadata,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  if (gone.length === 0) return [];
  const kept = await manifestsIn(objects, historyOf(metadata).at(-1), signal);
  if (kept === undefined) return [];
  const files = new Set<string>();
  for (const snapshot of gone) {
    for (const path of (await manifestsIn(objects, snapshot, signal)) ?? []) files.add(path);
  }
  // An append keeps the manifests before it, so one that the oldest snapshot lacks is in none after it.
  for (const path of kept) files.delete(path);
  return [...files, ...gone.flatMap((snapshot) => snapshot['manifest-list'] ?? [])];
}

async function manifestsIn(
  objects: ObjectStore,
  snapshot: SnapshotJson | undefined,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const list = snapshot?.['manifest-list'];
  if (list === undefined) return undefined;
  const found = await objects.get(placeOf(list), undefined, signal);
  const { readManifestList } = await import('../format/manifest-list.ts');
  return found && readManifestList(found.body, list).map(({ manifest_path }) => manifest_path);
}
