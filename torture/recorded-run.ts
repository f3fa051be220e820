import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Model, Moment } from '../harness/model.ts';
import type { TablesModel } from '../harness/tables-model.ts';
import { BlockDevice } from './block-device.ts';
import type { BlockEvent } from './block-trace.ts';
import type { Stage } from './fault.ts';
import { mount } from './mount.ts';
import { millrace } from './server-process.ts';
import { Trial } from './trial.ts';

/** A server's life on a file system on a device that wrote everything down. */
export type RecordedRun = {
  /** The device when the file system was made. */
  readonly initial: Buffer;
  readonly events: readonly BlockEvent[];
  readonly model: Model;
  readonly tables: TablesModel;
  /** For each answer that a client got: when it was, and how many events the device had seen by then. */
  readonly answers: readonly { readonly moment: Moment; readonly position: number }[];
  readonly violations: readonly string[];
};

/**
 * Has a server work on a recording device for a while, then kills it. The directory is for this run alone.
 */
export async function recordRun({ workshop, random }: Stage, directory: string): Promise<RecordedRun> {
  const initial = makeFileSystem(`${directory}/initial`);
  await using device = await BlockDevice.serve(`${directory}/socket`, initial);
  const file = `${directory}/device/nbd`;
  mkdirSync(`${directory}/device`);
  const fuse = workshop.start('nbdfuse', [file, '--unix', `${directory}/socket`], { stdio: 'ignore' });
  using _ = {
    [Symbol.dispose]: workshop.owe(() =>
      execFileSync('umount', ['-l', `${directory}/device`], { stdio: 'ignore' }),
    ),
  };
  await appears(file, fuse);
  const disk = `${directory}/disk`;
  const unmount = mount(workshop, ['-o', 'loop', file], disk);
  const answers: RecordedRun['answers'][number][] = [];
  const trial = new Trial(workshop, random.fork(), (moment) =>
    answers.push({ moment, position: device.position }),
  );
  try {
    if (await trial.start(millrace(`${disk}/data`))) {
      trial.work();
      await sleep(random.real(1_000, 2_500));
      await trial.kill();
    }
    const { violations } = trial.verdict();
    const { model, tables } = trial;
    return { initial, events: await device.events(), model, tables, answers, violations };
  } finally {
    await trial[Symbol.asyncDispose]();
    unmount();
  }
}

function makeFileSystem(path: string): Buffer {
  writeFileSync(path, '');
  truncateSync(path, deviceBytes);
  execFileSync('mkfs.ext4', ['-q', path], { stdio: 'pipe' });
  return readFileSync(path);
}

const deviceBytes = 64 * 1024 * 1024;

async function appears(file: string, server: ChildProcess): Promise<void> {
  for (let waitedMs = 0; waitedMs < 10_000 && server.exitCode === null; waitedMs += 10) {
    if (existsSync(file)) return;
    await sleep(10);
  }
  throw new Error('nbdfuse does not show the device.');
}
