import { setTimeout as sleep } from 'node:timers/promises';
import { FakeTime, fakeTimeObstacle } from './fake-time.ts';
import type { Fault } from './fault.ts';
import { millrace } from './server-process.ts';
import { Trial } from './trial.ts';

/** The wall clock jumps back and forth by hours under a running server, and over restarts. */
export const clockJump: Fault = {
  name: 'clock-jump',
  title: 'the wall clock jumps by up to 11 hours, kill -9',
  roundsUsual: 3,
  obstacle: fakeTimeObstacle,
  async *rounds({ workshop, random }) {
    using tools = workshop.directory();
    using directory = workshop.directory();
    await using trial = new Trial(workshop, random.fork());
    const time = new FakeTime(tools.path);
    const jump = () => time.set(random.pick([1, -1]) * random.below(reachSeconds));
    const env = time.variables('at once');
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
