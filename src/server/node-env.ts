import type { Disk } from '../env/disk.ts';
import type { Env } from '../env/env.ts';
import type { Kafka, KafkaSettings } from '../env/kafka.ts';
import { nodeClock } from '../env/node-clock.ts';
import { nodeDisk } from '../env/node-disk.ts';
import { nodePanic } from '../env/node-panic.ts';
import { NodePressure } from '../env/node-pressure.ts';
import { nodeRandom } from '../env/node-random.ts';
import { nodeWorkers } from '../env/node-workers.ts';
import type { OwnProcess } from '../env/own-process.ts';
import type { PeerNetwork } from '../env/peers.ts';
import type { Processes } from '../env/processes.ts';
import { createHttpClient } from '../http/client.ts';
import { nodeNetwork } from '../http/listener.ts';
import { calmLogger } from './calm-logger.ts';
import { ChangeableLogger } from './changeable-logger.ts';
import type { ServerOptions } from './options.ts';
import { pinoLogger, stderrLines } from './pino-logger.ts';

/** This machine as the world: its clocks, its ports, the data directory, and stderr for the log. */
export function nodeEnv(options: Pick<ServerOptions, 'data' | 'logLevel'>): NodeEnv {
  const lines = stderrLines();
  const changeableLogger = new ChangeableLogger((level) => pinoLogger(level, lines), options.logLevel);
  const logger = calmLogger(changeableLogger, nodeClock);
  return {
    clock: nodeClock,
    disk: nodeDisk(options.data),
    random: nodeRandom(),
    network: nodeNetwork(nodeClock, logger),
    client: createHttpClient(),
    kafka: nodeKafka,
    peers: () => peersBy({ clock: nodeClock, random: nodeRandom(), logger }),
    processes: processesOfMachine,
    logger,
    workers: nodeWorkers,
    pressure: new NodePressure(),
    ownProcess: ownProcessOfMachine,
    changeableLogger,
    diskAt: nodeDisk,
    panic: nodePanic(changeableLogger, () => lines.finish()),
  };
}

async function nodeKafka(settings: KafkaSettings): Promise<Kafka> {
  const { openPlatformaticKafka } = await import('../env/platformatic-kafka.ts');
  return await openPlatformaticKafka(settings);
}

async function peersBy(world: Pick<Env, 'clock' | 'random' | 'logger'>): Promise<PeerNetwork> {
  const { nodePeers } = await import('../http/peers/node-peers.ts');
  return nodePeers(world);
}

async function ownProcessOfMachine(): Promise<OwnProcess> {
  const { NodeOwnProcess } = await import('../env/node-own-process.ts');
  return new NodeOwnProcess();
}

async function processesOfMachine(): Promise<Processes> {
  const { nodeProcesses } = await import('../env/node-processes.ts');
  return await nodeProcesses(process.env);
}

export type NodeEnv = Env & {
  /** What `logger` says goes through it. */
  readonly changeableLogger: ChangeableLogger;
  /** Another directory than the data directory. */
  readonly diskAt: (directory: string) => Disk;
};
