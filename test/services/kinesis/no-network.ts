import type { Network } from '../../../src/env/network.ts';

/** Ports that nothing comes from. */
export const noNetwork: Network = {
  listen: async (endpoint) => ({ endpoint, shed() {}, close: async () => {} }),
  share: async () => undefined,
  reserve: (endpoint, listen) => listen(endpoint),
};
