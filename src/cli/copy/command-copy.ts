import type { Disk } from '../../env/disk.ts';
import { nodeDisk } from '../../env/node-disk.ts';
import { placeAt } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { StatusLine } from '../status-line.ts';
import { copyStream } from './copy.ts';
import type { CopyRequest } from './copy-request.ts';
import { CopyState } from './copy-state.ts';
import { type EndWorld, KinesisEnd } from './kinesis-end.ts';
import { ProgressLine } from './progress-line.ts';
import { Source } from './source.ts';
import { Target } from './target.ts';

export type RunWorld = EndWorld &
  Pick<CommandWorld, 'surroundings' | 'signal'> & {
    readonly diskAt: (path: string) => Disk;
    /** Is shown the state of things, over and over. */
    readonly show: (line: string) => void;
  };

/** Copies a stream; answers the exit code. A signal ends it after what is under way. Rejects as `runCopy`. */
export async function commandCopy(request: CopyRequest, world: CommandWorld): Promise<number> {
  await world.out.write(await copied(request, world));
  return 0;
}

async function copied(request: CopyRequest, world: CommandWorld): Promise<string> {
  using status = new StatusLine(world.progress);
  const { surroundings, signal, client, clock, random } = world;
  const around = { surroundings, signal, client, clock, random, patienceMs, diskAt: nodeDisk };
  return await runCopy(request, { ...around, show: (line) => status.show(line) });
}

const patienceMs = 60_000;

/** Carries out a copy; answers what is to be said at its end. Rejects as `copyStream` does. */
export async function runCopy(request: CopyRequest, world: RunWorld): Promise<string> {
  const source = new Source(new KinesisEnd(await placeAt(request.from, world), world), request.stream);
  const target = new Target(new KinesisEnd(await placeAt(request.to, world), world), request.as);
  const state = await CopyState.load(request, world.diskAt, world.clock.now());
  const progress = new ProgressLine(world.show);
  const { clock, signal } = world;
  await copyStream({ source, target, state, clock, signal, follows: request.follows, progress });
  return `${progress.summary}\n`;
}
