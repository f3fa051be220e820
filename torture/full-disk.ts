import { appendFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSystemError } from '../src/env/disk.ts';
import type { Fault } from './fault.ts';
import { mounted } from './mount.ts';
import { findTool, isInNamespace, isRoot } from './namespace.ts';
import { millrace } from './server-process.ts';
import { Trial } from './trial.ts';

/** The disk fills up to the last byte; the server refuses, starts nevertheless, and goes on when there is room. */
export const fullDisk: Fault = {
  name: 'full-disk',
  title: 'ENOSPC, also over a kill -9, then room again',
  roundsUsual: 4,
  obstacle: () =>
    isRoot() && isInNamespace() && findTool('mount') !== undefined
      ? undefined
      : 'needs root and a mount namespace (unshare)',
  async *rounds({ workshop, random }) {
    using directory = workshop.directory();
    const disk = `${directory.path}/disk`;
    const ballast = `${disk}/ballast`;
    using _ = mounted(workshop, ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs'], disk);
    await using trial = new Trial(workshop, random.fork());
    const command = millrace(`${disk}/data`);
    if (!(await trial.start(command))) return yield trial.verdict();
    while (!trial.server.hasEnded) {
      trial.work();
      await sleep(random.real(100, 400));
      const refusals = trial.refusals;
      trial.isFaulty = true;
      fill(ballast);
      for (let waitedMs = 0; waitedMs < 10_000 && trial.refusals === refusals; waitedMs += 20)
        await sleep(20);
      if (trial.refusals === refusals) trial.violate('not refused: the disk is full and no put is refused');
      if (random.chance(0.5)) {
        await trial.kill();
        if (!(await trial.start(command))) return yield trial.verdict();
        trial.work();
        await sleep(random.real(50, 200));
      }
      await trial.rest();
      rmSync(ballast);
      trial.isFaulty = false;
      trial.work();
      await sleep(random.real(50, 200));
      yield await trial.audit();
    }
  },
};

/** Takes every byte that is left. */
function fill(path: string): void {
  for (let size = 4 * 1024 * 1024; size > 0; ) {
    try {
      appendFileSync(path, Buffer.alloc(size));
    } catch (error) {
      if (!isSystemError(error, 'ENOSPC')) throw error;
      size >>= 1;
    }
  }
}
