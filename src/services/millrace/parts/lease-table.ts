/** What a table of leases of the KCL has, as plain data: it goes from one gateway to another. */
export type LeaseTable = {
  /** The application's name, which is the table's unless it was given another. */
  readonly application: string;
  /** Unique over all tables that ever had the name. */
  readonly tableId: string;
  readonly leases: readonly Lease[];
  /** Streams that the table itself names, as KCL's `StreamIdentifier` is written. */
  readonly streams: readonly string[];
  /** Whether the table has more than was read. */
  readonly isCut: boolean;
};

export type Lease = {
  readonly shard: number;
  /** `account:name:creation second`, in an application that reads several streams. */
  readonly stream?: string | undefined;
  /** The worker that has it. */
  readonly owner?: string | undefined;
  /** A sequence number, LATEST, TRIM_HORIZON, AT_TIMESTAMP or SHARD_END. */
  readonly checkpoint: string;
  /** Rises whenever its owner says that it is there. */
  readonly counter: number;
  /** The shard's range in decimal, where the lease says it (KCL 2 and 3). */
  readonly range?: { readonly first: string; readonly last: string } | undefined;
};
