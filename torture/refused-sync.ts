import { setTimeout as sleep } from 'node:timers/promises';
import { shimObstacle, troubleSyncs } from '../harness/sync-shim.ts';
import { panicExitCode } from '../src/env/env.ts';
import type { Fault } from './fault.ts';
import { millrace } from './server-process.ts';
import { Trial } from './trial.ts';

/**
 * One fdatasync or fsync answers EIO: the server must end at once, with its own exit code, and find all
 * again.
 */
export const refusedSync: Fault = {
  name: 'refused-sync',
  title: 'the n-th fdatasync answers EIO',
  roundsUsual: 6,
  obstacle: shimObstacle,
  async *rounds({ workshop, random }) {
    for (;;) {
      using tools = workshop.directory();
      using directory = workshop.directory();
      await using trial = new Trial(workshop, random.fork());
      const failAt = random.between(1, random.pick([12, 200]));
      const workers = random.pick([0, 0, 1, 2]);
      trial.begin(millrace(directory.path, { env: troubleSyncs(tools.path, { failAt }), workers }));
      // It may come to its end before it is up, and then it says so as any failed start does.
      const isUp = await trial.server.isReady();
      if (isUp) trial.work();
      const ending = await Promise.race([trial.server.ended, sleep(deadlineMs)]);
      if (ending === undefined) trial.violate(`went on: sync ${failAt} failed, or never came`);
      else if (ending.code !== panicExitCode && (isUp || ending.code !== failedStartCode))
        trial.violateEnding(ending);
      await trial.server.kill();
      await trial.rest();
      yield (await trial.start(millrace(directory.path))) ? await trial.audit() : trial.verdict();
    }
  },
};

/** See docs/operating.md. */
const failedStartCode = 1;
const deadlineMs = 300_000;
