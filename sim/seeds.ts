/**
 * Seeds that once failed. They are always run: each showed a bug that must not come back, and a change of the
 * workload may make it show something else.
 */
export const failedOnce: readonly number[] = [
  15, // Records that followed a trim of all that a segment held could not be read before a restart.
  24, // The same, as an answer that was an InternalFailure.
  97, // The same.
  52, // A segment that a killed process had just made was noted as the log's end before its name was durable.
  1138, // After a failed sync, a restart took what only the page cache held for durable.
  1200, // The same.
];

/** The same among those of brokers and gateways. */
export const failedOnceInClusters: readonly number[] = [
  3, // A gateway's memory of brokers' clocks made other sequence numbers of the same records after a restart.
  16, // A sequence number was refused by a gateway that knew an older stream of the name.
  34, // A record that was appended while a gateway asked for those past retention was trimmed with them.
];
