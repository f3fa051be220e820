import { appendFileSync, rmSync, statfsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { findTool, isInNamespace, isRoot } from '../harness/namespace.ts';
import { isSystemError } from '../src/env/disk.ts';
import { Client } from './client.ts';
import type { Fault } from './fault.ts';
import { mounted } from './mount.ts';
import { millrace } from './server-process.ts';
import { Trial } from './trial.ts';

/**
 * The disk fills up, first to the server's reserve and then to the last byte; the server refuses, keeps what
 * is left for other things than records, starts nevertheless, and goes on when there is room.
 */
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
      trial.isFaulty = true;
      await fillToReserve(trial, disk, ballast);
      const refusals = trial.refusals;
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

/**
 * Leaves less than the reserve, an eighth of the disk: puts are refused, what is left is not touched, and
 * streams come and go.
 */
async function fillToReserve(trial: Trial, disk: string, ballast: string): Promise<void> {
  const refusals = trial.refusals;
  appendFileSync(ballast, Buffer.alloc(Math.max(0, freeBytes(disk) - leftBytes)));
  for (let waitedMs = 0; waitedMs < 10_000 && trial.refusals === refusals; waitedMs += 20) await sleep(20);
  if (trial.refusals === refusals) trial.violate('not refused: records take the last of the disk');
  if (freeBytes(disk) < leftBytes / 2) trial.violate('taken: what is left of the disk was taken');
  const client = new Client('owner', () => trial.server.port);
  for (const operation of ['CreateStream', 'DeleteStream']) {
    const shards = operation === 'CreateStream' ? { ShardCount: 1 } : {};
    const answer = await client.call(operation, { StreamName: 'passing', ...shards });
    if (answer.kind !== 'output') trial.violate(`refused: ${operation} while there is room for it`);
    await sleep(transitionMs);
  }
  client.close();
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

const leftBytes = 2 * 1024 * 1024;
/** Longer than a stream takes to become what it shall be. */
const transitionMs = 500;

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
