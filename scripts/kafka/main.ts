// Three real Kafka brokers on loopback, to develop against.
//
//   npm run kafka -- up                 starts them (racks az1, az2, az3) and prints where clients begin
//   npm run kafka -- up --any-ports     the same on free ports, instead of 19092, 29092 and 39092
//   npm run kafka -- status             where they are, and which of them run
//   npm run kafka -- kill 2             ends broker 2 with kill -9
//   npm run kafka -- pause 2            stops it in the middle of what it does, connections and all
//   npm run kafka -- resume 2           lets it go on
//   npm run kafka -- restart 2          starts it again on its data, after having it stop if it runs
//   npm run kafka -- down               ends all three and removes their data
//
// It needs Java 17 and Maven. compose.yaml starts the same brokers with Docker.
import { BrokerCluster } from '../../harness/brokers/broker-cluster.ts';
import { fixedPorts, freePorts, takenPorts } from '../../harness/brokers/broker-ports.ts';
import type { BrokerPorts } from '../../harness/brokers/broker-settings.ts';
import { findJava, NoBrokersError } from '../../harness/brokers/jars.ts';
import { whenReady } from '../../harness/brokers/ready.ts';
import { readCluster, removeClusterFile, writeCluster } from './cluster-file.ts';

/** For a first download, and for three brokers on a machine that others keep busy. */
const resolveSecondsMax = 600;
const readySecondsMax = 180;

const usage = 'npm run kafka -- up [--any-ports] | down | status | kill N | pause N | resume N | restart N';

/** What the command was asked for cannot be done; said in one line. */
class CommandError extends Error {}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CommandError || error instanceof NoBrokersError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main([command, word, ...rest]: string[]): Promise<void> {
  if (rest.length > 0) throw new CommandError(usage);
  if (command === 'up' && (word === undefined || word === '--any-ports')) return await up(word !== undefined);
  if (command === 'down' && word === undefined) return down();
  if (command === 'status' && word === undefined) return printStatus(running());
  if (word !== undefined && /^(kill|pause|resume|restart)$/.test(command ?? ''))
    return await act(command!, word);
  throw new CommandError(usage);
}

async function up(anyPorts: boolean): Promise<void> {
  if (readCluster() !== undefined)
    throw new CommandError('there is a cluster already: npm run kafka -- status');
  const java = await findJava({ secondsMax: resolveSecondsMax, tell });
  const ports = anyPorts ? await threeFreePorts() : await threeFixedPorts();
  const plan = { ports, extra: {} };
  const cluster = await BrokerCluster.start({ java, plan, outlives: true, scramUsers: [], tell });
  writeCluster(cluster);
  tell('waiting until all three are one cluster and keep three copies');
  await whenReady(cluster, readySecondsMax).catch((error: unknown) => {
    down();
    throw new CommandError(error instanceof Error ? error.message : String(error));
  });
  tell('ready');
  console.log(cluster.bootstrap);
}

async function threeFreePorts(): Promise<BrokerPorts[]> {
  const ports = await freePorts(6);
  return [0, 2, 4].map((first) => ({ clients: ports[first]!, quorum: ports[first + 1]! }));
}

async function threeFixedPorts(): Promise<readonly BrokerPorts[]> {
  const taken = await takenPorts(fixedPorts.flatMap(({ clients, quorum }) => [clients, quorum]));
  if (taken.length === 0) return fixedPorts;
  throw new CommandError(`somebody listens on ${taken.join(', ')} already: --any-ports takes free ones`);
}

function down(): void {
  readCluster()?.destroy();
  removeClusterFile();
}

async function act(command: string, word: string): Promise<void> {
  const cluster = running();
  const id = Number(word);
  if (!cluster.ids.includes(id))
    throw new CommandError(`there is no broker ${word}, but ${cluster.ids.join(', ')}`);
  const needsIt = command !== 'restart';
  if (needsIt && !cluster.isRunning(id)) throw new CommandError(`broker ${id} does not run`);
  if (command === 'kill') await cluster.kill(id);
  if (command === 'pause') cluster.pause(id);
  if (command === 'resume') cluster.resume(id);
  if (command === 'restart') await cluster.restart(id);
  writeCluster(cluster);
  printStatus(cluster);
}

function running(): BrokerCluster {
  const cluster = readCluster();
  if (cluster === undefined) throw new CommandError('there is no cluster: npm run kafka -- up');
  return cluster;
}

function printStatus(cluster: BrokerCluster): void {
  for (const { id, rack, address, pid, state } of cluster.status) {
    console.log(
      `broker ${id}  ${rack}  ${address}  ${state === 'killed' ? state : `${state}, process ${pid}`}`,
    );
  }
}

function tell(line: string): void {
  console.error(line);
}
