import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BrokerCluster, type ClusterDescription } from '../../harness/brokers/broker-cluster.ts';

/** Where the commands find the cluster that one of them started. */
const path = join(import.meta.dirname, '../../node_modules/.cache/brokers/cluster.json');

export function readCluster(): BrokerCluster | undefined {
  if (!existsSync(path)) return undefined;
  return new BrokerCluster(JSON.parse(readFileSync(path, 'utf8')) as ClusterDescription);
}

export function writeCluster(cluster: BrokerCluster): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(cluster.description, null, 2)}\n`);
}

export function removeClusterFile(): void {
  rmSync(path, { force: true });
}
