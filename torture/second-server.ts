import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { millrace, ServerProcess } from './server-process.ts';
import { Trial } from './trial.ts';

/** A second server on the directory is refused; when the first is killed, the next is taken at once. */
export const secondServer: Fault = {
  name: 'second-server',
  title: 'two servers on one directory, then kill -9',
  roundsUsual: 3,
  obstacle: () => undefined,
  async *rounds({ workshop, random }) {
    using directory = workshop.directory();
    await using trial = new Trial(workshop, random.fork());
    const command = millrace(directory.path);
    if (!(await trial.start(command))) return yield trial.verdict();
    while (!trial.server.hasEnded) {
      trial.work();
      await sleep(random.real(10, 200));
      const second = new ServerProcess(workshop, command);
      if (await second.isReady()) trial.violate('two owners: a second server serves the same directory');
      await second.kill();
      const { code } = await second.ended;
      if (code !== refusedExitCode) trial.violate(`two owners: the second server ended with ${code}`);
      await trial.kill();
      yield (await trial.start(command)) ? await trial.audit() : trial.verdict();
    }
  },
};

/** It was asked for something that cannot be: see docs/operating.md. */
const refusedExitCode = 2;
