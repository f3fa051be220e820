import type { Port, WorkerProgram } from '../../src/env/workers.ts';

/** What the program below is told: to say it again, to end, to fail, or to throw at once. */
export type Told = { readonly say: unknown } | 'end' | 'fail' | 'throw';

export type EchoPorts = { readonly port: Port<unknown, Told> };

/** Says what it was given, and then whatever it is told to say, until it is to end. */
export const echoProgram: WorkerProgram<unknown, EchoPorts> = {
  name: 'echo',
  module: new URL('echo-thread.ts', import.meta.url),
  run: async (data, { port }) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    port.listen((told) => {
      if (told === 'end') resolve();
      else if (told === 'throw') throw new Error('as it was told');
      else if (told === 'fail') reject(new Error('as it was told'));
      else port.post(told.say);
    });
    port.post(data);
    await promise;
    port.close();
  },
};
