import { Agent, request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { Clock } from '../../../src/env/clock.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import type { Listening } from '../../../src/env/network.ts';
import { nodeClock } from '../../../src/env/node-clock.ts';
import { nodeRandom } from '../../../src/env/node-random.ts';
import { type KeyPairStore, memoryStore } from '../../../src/http/tls/key-pair-store.ts';
import { LocalAuthority } from '../../../src/http/tls/local-authority.ts';

/** An authority for this machine's loopback. */
export function localAuthority(
  options: { store?: KeyPairStore; clock?: Pick<Clock, 'now'>; names?: string[]; logged?: string[] } = {},
): LocalAuthority {
  const { store = memoryStore(), names = ['localhost', '127.0.0.1', '::1'], logged = [] } = options;
  const clock = { ...nodeClock, ...options.clock };
  const log = (message: string) => void logged.push(message);
  const logger = { ...silentLogger, info: log, warn: log };
  return new LocalAuthority(names, store, { clock, random: nodeRandom(), logger });
}

/** Gets a path over HTTP/1.1 and TLS on a connection of its own, trusting one authority only. */
export async function get(
  { endpoint }: Partial<Listening> & Pick<Listening, 'endpoint'>,
  ca: string,
  { path = '/', servername = 'localhost' } = {},
): Promise<string> {
  const agent = new Agent({ maxCachedSessions: 0 });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const options = { port: endpoint.port, host: '127.0.0.1', path, ca, servername, agent };
  request(options, (response) => resolve(buffer(response).then(String)))
    .on('error', reject)
    .end();
  return await promise;
}
