import type { HttpClient } from '../../../src/env/http-client.ts';
import type { Network } from '../../../src/env/network.ts';

/** Ports that nothing comes from. */
export const noNetwork: Network = {
  listen: async (endpoint) => ({ endpoint, shed() {}, close: async () => {} }),
  share: async () => undefined,
  reserve: (endpoint, listen) => listen(endpoint),
};

export const noClient: HttpClient = { send: () => Promise.reject(new Error('no network')) };
