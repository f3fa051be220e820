import type { Env } from '../env/env.ts';
import { nodeClock } from '../env/node-clock.ts';
import { nodeDisk } from '../env/node-disk.ts';
import { nodePanic } from '../env/node-panic.ts';
import { nodeRandom } from '../env/node-random.ts';
import { calmLogger } from './calm-logger.ts';
import { nodeNetwork } from './listener.ts';
import type { ServerOptions } from './options.ts';
import { pinoLogger } from './pino-logger.ts';

/** This machine as the world: its clocks, its ports, the data directory, and stderr for the log. */
export function nodeEnv(options: Pick<ServerOptions, 'data' | 'logLevel'>): Env {
  const { logger, finish } = pinoLogger(options.logLevel);
  const calm = calmLogger(logger, nodeClock);
  return {
    clock: nodeClock,
    disk: nodeDisk(options.data),
    random: nodeRandom(),
    network: nodeNetwork(nodeClock, calm),
    logger: calm,
    panic: nodePanic(logger, finish),
  };
}
