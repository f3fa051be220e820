import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../harness/connection.ts';
import { findTool } from '../harness/namespace.ts';
import { panicExitCode } from '../src/env/env.ts';
import type { Fault, Stage } from './fault.ts';
import { millrace } from './server-process.ts';
import { Trial } from './trial.ts';

const obstacle = () => (findTool('prlimit') === undefined ? 'needs prlimit (util-linux)' : undefined);

/** Files may not grow past a size: a write is cut short in the middle. */
const largestFile: Fault = {
  name: 'limit-file-size',
  title: 'EFBIG: a write is cut short by ulimit -f',
  roundsUsual: 3,
  obstacle,
  rounds: (stage) =>
    underLimit(
      stage,
      (random) => `--fsize=${random.between(6_000, 60_000)}`,
      async (trial) => {
        for (let waitedMs = 0; waitedMs < 10_000 && trial.refusals === 0; waitedMs += 20) await sleep(20);
        if (trial.refusals === 0) trial.violate('not refused: no file may grow and no put is refused');
      },
    ),
};

/** Clients take every descriptor that there is. */
const openFiles: Fault = {
  name: 'limit-open-files',
  title: 'EMFILE: connections take all of ulimit -n',
  roundsUsual: 3,
  obstacle,
  rounds: (stage) =>
    underLimit(
      stage,
      (random) => `--nofile=${random.between(45, 80)}`,
      async (trial) => {
        const idle = Array.from({ length: 100 }, () => Connection.open(trial.server.port!));
        await sleep(500);
        for (const outcome of await Promise.allSettled(idle)) {
          if (outcome.status === 'fulfilled') outcome.value.close();
        }
        if (trial.server.hasEnded) trial.violate('ended: connections took the descriptors of the log');
      },
    ),
};

/** The trouble ends with the process: without the limit all must be there. */
async function* underLimit(
  { workshop, random }: Stage,
  draw: (random: Stage['random']) => string,
  trouble: (trial: Trial) => Promise<void>,
) {
  for (;;) {
    using directory = workshop.directory();
    await using trial = new Trial(workshop, random.fork());
    if (await trial.start(millrace(directory.path, { prefix: ['prlimit', draw(random)] }))) {
      trial.isFaulty = true;
      trial.work();
      await sleep(random.real(100, 400));
      await trouble(trial);
      await end(trial);
    }
    yield (await trial.start(millrace(directory.path))) ? await trial.audit() : trial.verdict();
  }
}

/**
 * Where a limit keeps it from making something durable it may end by itself, with the exit code that says so.
 */
async function end(trial: Trial): Promise<void> {
  if (trial.server.hasEnded && (await trial.server.ended).code === panicExitCode) await trial.rest();
  else await trial.kill();
}

export const processLimits: readonly Fault[] = [largestFile, openFiles];
