import type { Env } from '../../../src/env/env.ts';
import type { HttpClient } from '../../../src/env/http-client.ts';
import type { Network } from '../../../src/env/network.ts';

/** Ports that nothing comes from. */
export const noNetwork: Network = {
  listen: async (endpoint) => ({ endpoint, shed() {}, close: async () => {} }),
  share: async () => undefined,
  reserve: (endpoint, listen) => listen(endpoint),
};

export const noClient: HttpClient = { send: () => Promise.reject(new Error('no network')) };

export const noProcesses: Pick<Env, 'processes'> = {
  processes: () => Promise.reject(new Error('no other programs')),
};

/** No brokers, no other servers, and no other programs. */
export const noCluster: Pick<Env, 'kafka' | 'peers' | 'processes'> = {
  ...noProcesses,
  kafka: () => Promise.reject(new Error('no network')),
  peers: () => Promise.reject(new Error('no network')),
};
