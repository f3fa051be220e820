import type { Port, WorkerProgram } from '../../src/env/workers.ts';

export type ApartPorts = { readonly port: Port<unknown, unknown> };

/** Says in which process it is and with which secrets, then what it is told, until its port is closed. */
export const apartProgram: WorkerProgram<undefined, ApartPorts> = {
  name: 'apart',
  module: new URL('apart-entry.ts', import.meta.url),
  isApart: true,
  heapMiBMax: { old: 64, young: 16 },
  run: async (_, { port }) => {
    port.post({ pid: process.pid, secret: process.env['MILLRACE_TEST_SECRET'] });
    await new Promise<void>((resolve) => {
      port.listen((told) => {
        if (told === 'fill') port.post('é'.repeat(2 ** 28).toUpperCase().length);
        else port.post(told);
      }, resolve);
    });
  },
};
