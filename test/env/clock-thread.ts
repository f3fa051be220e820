import { nodeClock } from '../../src/env/node-clock.ts';
import { givenToWorker } from '../../src/env/node-workers.ts';
import type { Port } from '../../src/env/workers.ts';

// Posts what its clock shows.
const { ports } = givenToWorker<undefined, { readonly other: Port<number, never> }>();
ports.other.post(nodeClock.monotonic());
ports.other.close();
