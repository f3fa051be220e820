import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import { type FileSystem, LoopDisk, loopDiskObstacle } from './loop-disk.ts';
import { millrace, sometimesEncrypted } from './server-process.ts';
import { Trial } from './trial.ts';

/** Cuts the power of a real file system at any moment, and starts the server on what is left. */
function powerCut(kind: FileSystem): Fault {
  return {
    name: `power-${kind}`,
    title: `power cut under ${kind}, by the shutdown ioctl`,
    roundsUsual: 12,
    obstacle: () => loopDiskObstacle(kind),
    async *rounds({ workshop, random }) {
      for (;;) {
        using directory = workshop.directory();
        using disk = new LoopDisk(workshop, kind, directory.path);
        await using trial = new Trial(workshop, random.fork());
        const flags = sometimesEncrypted(random);
        const command = millrace(`${disk.path}/data`, { workers: random.pick([0, 0, 1, 2]), flags });
        const lives = random.between(3, 8);
        if (!(await trial.start(command))) yield trial.verdict();
        for (let life = 0; life < lives && !trial.server.hasEnded; life++) {
          trial.work();
          await Promise.race([sleep(random.real(10, 800)), trial.server.ended]);
          // A cut takes the process with the disk. One that lives on may be told lies: a sync of ext4 that
          // meets the shutdown can answer that all is well when the journal was given up.
          await trial.server.freeze();
          disk.cutPower();
          await trial.kill();
          disk.restart();
          yield (await trial.start(command)) ? await trial.audit() : trial.verdict();
        }
      }
    },
  };
}

export const powerCuts: readonly Fault[] = [powerCut('ext4'), powerCut('xfs')];
