import type { Millis } from '../../env/clock.ts';
import { type Long, longOf } from '../format/long-json.ts';
import { currentSnapshotOf, type SnapshotJson, type TableMetadata } from '../format/table-metadata.ts';
import type { DataFile } from '../iceberg-table.ts';

/** What a snapshot adds, and under which names. */
export type AppendedFiles = {
  readonly snapshotId: Long;
  readonly manifestList: string;
  readonly files: readonly DataFile[];
  /** More for its summary. */
  readonly summary: Readonly<Record<string, string>>;
};

/** The snapshot of an append after what is current (Iceberg table specification, "Snapshots"). */
export function snapshotOfAppend(base: TableMetadata, append: AppendedFiles, now: Millis): SnapshotJson {
  const parent = currentSnapshotOf(base);
  return {
    'snapshot-id': append.snapshotId,
    ...(parent === undefined ? {} : { 'parent-snapshot-id': parent['snapshot-id'] }),
    'sequence-number': longOf(BigInt(base['last-sequence-number']) + 1n),
    // Readers look a moment up by a search: no snapshot is before the one that it came from.
    'timestamp-ms': Math.max(now, Number(base['last-updated-ms'])),
    'manifest-list': append.manifestList,
    summary: { operation: 'append', ...countsOf(parent, append.files), ...append.summary },
    'schema-id': base['current-schema-id'],
  };
}

/** Optional members of a summary as all writers name them (specification, appendix F). */
function countsOf(parent: SnapshotJson | undefined, files: readonly DataFile[]): Record<string, string> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const records = files.reduce((sum, file) => sum + file.records, 0);
  const partitions = new Set(files.map(({ partition }) => partition ?? null)).size;
  const totals = [
    ['total-data-files', files.length],
    ['total-records', records],
    ['total-files-size', bytes],
    ['total-delete-files', 0],
    ['total-position-deletes', 0],
    ['total-equality-deletes', 0],
  ] as const;
  return {
    'added-data-files': String(files.length),
    'added-records': String(records),
    'added-files-size': String(bytes),
    'changed-partition-count': String(partitions),
    ...Object.fromEntries(totals.flatMap(([name, added]) => totalAfter(parent, name, added))),
  };
}

/** None where the parent does not say its own: a sum over an unknown one would be wrong. */
function totalAfter(parent: SnapshotJson | undefined, name: string, added: number): [string, string][] {
  if (parent === undefined) return [[name, String(added)]];
  const before = parent.summary?.[name];
  return before !== undefined && /^\d+$/.test(before) ? [[name, String(BigInt(before) + BigInt(added))]] : [];
}
