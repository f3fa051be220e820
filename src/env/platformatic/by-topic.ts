/** Kafka's requests name each topic once, with its partitions: topics in the order of their first one. */
export function byTopic<Of extends { readonly topic: string }>(all: readonly Of[]): Map<string, Of[]> {
  return Map.groupBy(all, ({ topic }) => topic);
}
