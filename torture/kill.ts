import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { millrace, sometimesEncrypted } from './server-process.ts';
import { Trial } from './trial.ts';

/**
 * Ends the server with kill -9 at any moment, also while it starts, and starts it again on the same
 * directory.
 */
export const kill: Fault = {
  name: 'kill',
  title: 'kill -9 at any moment, also while starting',
  roundsUsual: 25,
  obstacle: () => undefined,
  async *rounds({ workshop, random }) {
    for (;;) {
      using directory = workshop.directory();
      await using trial = new Trial(workshop, random.fork());
      const flags = sometimesEncrypted(random);
      const command = millrace(directory.path, { workers: random.pick([0, 0, 1, 2]), flags });
      const lives = random.between(3, 8);
      if (!(await trial.start(command))) yield trial.verdict();
      for (let life = 0; life < lives && !trial.server.hasEnded; life++) {
        trial.work();
        await Promise.race([sleep(random.real(10, 800)), trial.server.ended]);
        await trial.kill();
        for (let stillborn = random.pick([0, 0, 1, 2]); stillborn > 0; stillborn--) {
          trial.begin(command);
          await sleep(random.real(0, 600));
          await trial.server.kill();
        }
        yield (await trial.start(command)) ? await trial.audit() : trial.verdict();
      }
    }
  },
};
