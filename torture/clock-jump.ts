import { existsSync, globSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { millrace } from './server-process.ts';
import { Trial } from './trial.ts';

/** The wall clock jumps back and forth by hours under a running server, and over restarts. */
export const clockJump: Fault = {
  name: 'clock-jump',
  title: 'the wall clock jumps by up to 11 hours, kill -9',
  roundsUsual: 3,
  obstacle: () =>
    findLibrary() === undefined ? 'needs libfaketime (apt-get install libfaketime)' : undefined,
  async *rounds({ workshop, random }) {
    using tools = workshop.directory();
    using directory = workshop.directory();
    await using trial = new Trial(workshop, random.fork());
    const offset = `${tools.path}/offset`;
    const jump = () => writeFileSync(offset, `${random.pick(['+', '-'])}${random.below(reachSeconds)}`);
    const env = {
      LD_PRELOAD: findLibrary()!,
      FAKETIME_TIMESTAMP_FILE: offset,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    jump();
    if (!(await trial.start(millrace(directory.path, { env })))) return yield trial.verdict();
    while (!trial.server.hasEnded) {
      trial.work();
      for (let times = 0; times < 4; times++) {
        await sleep(random.real(50, 300));
        jump();
      }
      await trial.kill();
      yield (await trial.start(millrace(directory.path, { env }))) ? await trial.audit() : trial.verdict();
    }
  },
};

/** From one end to the other it is less than the shortest retention, so that nothing may expire. */
const reachSeconds = 11 * 3600;

function findLibrary(): string | undefined {
  return globSync('/usr/lib{,64,/*}/faketime/libfaketimeMT.so.1').find((path) => existsSync(path));
}
