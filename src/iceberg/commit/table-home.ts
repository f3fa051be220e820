import type { SnapshotJson, TableMetadata } from '../format/table-metadata.ts';

/** Where one table's metadata is kept, and compared and set. */
export interface TableHome {
  /** What is true now; undefined where the table is gone. `known` saves a look at what is older. */
  load(known: HeldMetadata | undefined, signal?: AbortSignal): Promise<HeldMetadata | undefined>;
  /**
   * Has a snapshot be the current one, with properties, if the table is still what it was: in one step or not
   * at all. Rejects with `IcebergError` for what does not pass by itself.
   */
  commit(base: HeldMetadata, change: TableChange, signal?: AbortSignal): Promise<CommitOutcome>;
}

export type HeldMetadata = {
  readonly metadata: TableMetadata;
  /** The file that has it; undefined where a catalog does not say. */
  readonly file: string | undefined;
};

export type TableChange = {
  readonly snapshot: SnapshotJson;
  readonly properties: Readonly<Record<string, string>>;
};

/**
 * `unknown`: nobody answered, or answered what may be said after it was done. Looked up before it is tried
 * again.
 */
export type CommitOutcome =
  | { readonly kind: 'committed'; readonly table: HeldMetadata }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unknown'; readonly reason: string };
