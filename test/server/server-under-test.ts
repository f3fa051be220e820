import { nodeClock } from '../../src/env/node-clock.ts';
import { givenOptions } from '../../src/server/layer.ts';
import { nodeEnv } from '../../src/server/node-env.ts';
import { defaultOptions, type ServerOptions } from '../../src/server/options.ts';
import { startServer } from '../../src/server/server.ts';
import {
  startTestServer as startOnThisMachine,
  type TestServer,
  testServerOf,
} from '../../src/server/testing.ts';
import { gatewayOnFake, isOnKafka } from '../services/kinesis/engine-under-test.ts';

export type { TestServer };

/**
 * A server with sockets, for official clients, as `millrace/testing` starts it: on the engine under test,
 * where options do not name a directory to keep it all in.
 */
export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  if (!isOnKafka || options.data !== undefined) return await startOnThisMachine(options);
  const engine = gatewayOnFake(nodeClock);
  const settings = { ...defaultOptions, ...forTests, ...givenOptions(options), ...engine.options };
  const server = await startServer(settings, { ...nodeEnv(settings), ...engine.env });
  return testServerOf(server, settings.region);
}

const forTests = { port: 0, limits: 'none', logLevel: 'silent', transitionDelay: 0 } as const;
