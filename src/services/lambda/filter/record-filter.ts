/** Whether a record's data are let in by any of a mapping's patterns; always, where it has none. */
export type RecordFilter = (data: Uint8Array) => boolean;
