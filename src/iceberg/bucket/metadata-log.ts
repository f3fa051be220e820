import type { HeldMetadata } from '../commit/table-home.ts';
import type { LoggedMetadata, TableMetadata } from '../format/table-metadata.ts';

/** The metadata with the file before it in its log, of which the oldest are dropped. */
export function metadataAfter(base: HeldMetadata, next: TableMetadata): TableMetadata {
  if (base.file === undefined) return next;
  const logged: LoggedMetadata = {
    'metadata-file': base.file,
    'timestamp-ms': base.metadata['last-updated-ms'],
  };
  const log = [...(base.metadata['metadata-log'] ?? []), logged];
  return { ...next, 'metadata-log': log.slice(-versionsMaxOf(next)) };
}

/**
 * Files that no log names any more, where the table says that they are to go. The first version stays: that
 * it is there keeps the table from being made anew in its place.
 */
export function obsoleteFiles(base: TableMetadata, next: TableMetadata): readonly string[] {
  if (next.properties?.['write.metadata.delete-after-commit.enabled'] !== 'true') return [];
  const kept = new Set((next['metadata-log'] ?? []).map((logged) => logged['metadata-file']));
  return (base['metadata-log'] ?? [])
    .map((logged) => logged['metadata-file'])
    .filter((file) => !kept.has(file) && !file.endsWith('/v1.metadata.json'));
}

/** 100 unless the table says otherwise (Iceberg, "Write properties"). */
function versionsMaxOf({ properties }: TableMetadata): number {
  const said = Number(properties?.['write.metadata.previous-versions-max'] ?? 100);
  return Number.isSafeInteger(said) && said >= 1 ? said : 100;
}
