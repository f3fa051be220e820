/** The options that say where old records go. */
export type ArchiveOptions = {
  /**
   * `s3://BUCKET/PREFIX`, in the store that `s3` names: where finished segments go. Undefined: nowhere.
   */
  readonly archive: string | undefined;
  /** How many seconds old all records of a segment are when it goes there. */
  readonly archiveAfter: number;
};

export const defaultArchiveOptions: ArchiveOptions = { archive: undefined, archiveAfter: 3600 };
