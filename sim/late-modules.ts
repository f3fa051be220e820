/**
 * Loads what a server loads with the first call for it. In a simulation that takes no time, and a world must
 * not be another one for having been the first to ask.
 */
export async function loadLateModules(): Promise<void> {
  await Promise.all([
    import('../src/services/dynamodb/operations.ts'),
    import('../src/services/dynamodb/unserved.ts'),
    import('../src/services/dynamodb/tables/open-tables.ts'),
    import('../src/services/kms/operations.ts'),
    import('../src/services/kms/unserved.ts'),
    import('../src/services/lambda/operations.ts'),
    import('../src/services/lambda/parts/facts.ts'),
    import('../src/services/lambda/protocols.ts'),
    import('../src/services/lambda/unserved.ts'),
    import('../src/server/lambda/open-lambda.ts'),
    import('../src/services/firehose/operations.ts'),
    import('../src/server/delivery/open-delivery.ts'),
    import('../src/server/archive/open-archive.ts'),
    import('../src/server/archive/run-archive.ts'),
    import('../src/services/cloudwatch/metrics/metric-store.ts'),
    import('../src/services/millrace/parts/counted.ts'),
    import('../src/stream/metrics/stream-metrics.ts'),
    import('../src/server/measured.ts'),
    import('../src/server/metrics/open-metrics-world.ts'),
    import('../src/server/millrace/lease-tables.ts'),
    import('../src/services/millrace/operations.ts'),
    import('../src/services/millrace/protocols.ts'),
    import('../src/server/millrace/open-sights.ts'),
  ]);
}

/** The same of what only deliveries need. */
export async function loadDeliveryModules(): Promise<void> {
  await loadLateModules();
  await Promise.all([
    import('../src/services/firehose/parts/facts.ts'),
    import('../src/delivery/formatter/serve-formatter.ts'),
  ]);
}

/** The same of what servers on brokers need. */
export async function loadClusterModules(): Promise<void> {
  await loadLateModules();
  await Promise.all([import('../src/server/cluster-part.ts'), import('../src/server/kafka-storage.ts')]);
}
