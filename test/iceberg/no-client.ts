import type { RestWorld } from '../../src/iceberg/rest/rest-requests.ts';

/** For a catalog that asks nobody. */
export const noClient: Omit<RestWorld, 'clock'> = {
  client: {
    send: () => {
      throw new Error('nobody is to be asked');
    },
  },
  signing: undefined,
  bearer: undefined,
};
