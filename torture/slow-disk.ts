import { setTimeout as sleep } from 'node:timers/promises';
import { shimObstacle, troubleSyncs } from '../harness/sync-shim.ts';
import type { Fault } from './fault.ts';
import { millrace } from './server-process.ts';
import { Trial } from './trial.ts';

/** Every sync takes its time, and the server is killed while many wait for one. */
export const slowDisk: Fault = {
  name: 'slow-disk',
  title: 'every fdatasync takes 20-150 ms, then kill -9',
  roundsUsual: 3,
  obstacle: shimObstacle,
  async *rounds({ workshop, random }) {
    for (;;) {
      using tools = workshop.directory();
      using directory = workshop.directory();
      await using trial = new Trial(workshop, random.fork());
      const env = troubleSyncs(tools.path, { delayMs: random.between(20, 150) });
      if (await trial.start(millrace(directory.path, { env }))) {
        trial.work();
        await sleep(random.real(1_000, 2_500));
        await trial.kill();
      }
      yield (await trial.start(millrace(directory.path))) ? await trial.audit() : trial.verdict();
    }
  },
};
