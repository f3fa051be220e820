import { BrokerCluster } from '../../harness/brokers/broker-cluster.ts';
import { freePorts } from '../../harness/brokers/broker-ports.ts';
import { findJava } from '../../harness/brokers/jars.ts';
import { whenReady } from '../../harness/brokers/ready.ts';

/** For jars that are not here yet; and for brokers to begin on a machine that others keep busy. */
const resolveSecondsMax = 120;
const readySecondsMax = 300;

let started: Promise<string> | undefined;

/**
 * Three Kafka brokers for all servers of a test file, each of which is in a cluster of its own on them:
 * where clients begin. They end with the process. Rejects with `NoBrokersError` where none can run.
 */
export function sharedBrokers(): Promise<string> {
  started ??= start();
  return started;
}

async function start(): Promise<string> {
  const tell = () => {};
  const java = await findJava({ secondsMax: resolveSecondsMax, tell });
  const ports = await freePorts(6);
  const plan = {
    ports: [0, 2, 4].map((first) => ({ clients: ports[first]!, quorum: ports[first + 1]! })),
    extra: {},
  };
  const cluster = await BrokerCluster.start({ java, plan, outlives: false, scramUsers: [], tell });
  process.once('exit', () => cluster.destroy());
  await whenReady(cluster, readySecondsMax);
  return cluster.bootstrap;
}
