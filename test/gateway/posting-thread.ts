import { givenToWorker } from '../../src/env/node-workers.ts';
import type { Port } from '../../src/env/workers.ts';

// Posts what it was given.
const { data, ports } = givenToWorker<unknown, { readonly port: Port }>();
ports.port.post(data);
