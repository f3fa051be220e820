import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { millrace } from './server-process.ts';
import { Trial } from './trial.ts';

/** The server stands still for a while, as under a debugger or in a frozen container, and goes on. */
export const pause: Fault = {
  name: 'pause',
  title: 'SIGSTOP, SIGCONT',
  roundsUsual: 3,
  obstacle: () => undefined,
  async *rounds({ workshop, random }) {
    using directory = workshop.directory();
    await using trial = new Trial(workshop, random.fork());
    const command = millrace(directory.path);
    if (!(await trial.start(command))) return yield trial.verdict();
    while (!trial.server.hasEnded) {
      trial.work();
      for (let times = 0; times < 3; times++) {
        await sleep(random.real(10, 200));
        trial.server.signal('SIGSTOP');
        await sleep(random.real(50, 500));
        trial.server.signal('SIGCONT');
      }
      yield await trial.audit();
    }
  },
};
