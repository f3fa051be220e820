import type { Disk } from '../../env/disk.ts';
import { nodeDisk } from '../../env/node-disk.ts';
import { createHttpClient } from '../../http/client.ts';
import { nodeEnv } from '../../server/node-env.ts';
import type { Surroundings } from '../user/user-place.ts';
import { copyStream } from './copy.ts';
import type { CopyRequest } from './copy-request.ts';
import { CopyState } from './copy-state.ts';
import { type EndWorld, KinesisEnd } from './kinesis-end.ts';
import { placeOf } from './kinesis-place.ts';
import { ProgressLine } from './progress-line.ts';
import { Source } from './source.ts';
import { Target } from './target.ts';

export type RunWorld = EndWorld & {
  readonly surroundings: Surroundings;
  readonly diskAt: (path: string) => Disk;
  /** Ends the copy; it can be gone on with. */
  readonly signal: AbortSignal;
  /** Is shown the state of things, over and over. */
  readonly show: (line: string) => void;
};

/**
 * Carries out a copy on this machine. `show` is shown the state of things, over and over. Answers as
 * `runCopy`.
 */
export function commandCopy(
  request: CopyRequest,
  surroundings: Surroundings,
  signal: AbortSignal,
  show: (line: string) => void,
): Promise<string> {
  const { clock, random } = nodeEnv({ data: '.', logLevel: 'error' });
  const client = createHttpClient({ timeoutMs: 60_000, bodyBytesMax, keepAlive: true });
  const world = { client, clock, random, patienceMs: 60_000 };
  return runCopy(request, { ...world, surroundings, diskAt: nodeDisk, signal, show });
}

/** A page of 10 MiB in base64, with room for what is between. */
const bodyBytesMax = 32 * 1024 * 1024;

/** Carries out a copy; answers what is to be said at its end. Rejects as `copyStream` does. */
export async function runCopy(request: CopyRequest, world: RunWorld): Promise<string> {
  const source = new Source(
    new KinesisEnd(await placeOf(request.from, world.surroundings), world),
    request.stream,
  );
  const targetEnd = new KinesisEnd(await placeOf(request.to, world.surroundings), world);
  const state = await CopyState.load(request, world.diskAt, world.clock.now());
  const progress = new ProgressLine(world.show);
  const target = new Target(targetEnd, request.as);
  const { clock, signal } = world;
  await copyStream({ source, target, state, clock, signal, follows: request.follows, progress });
  return `${progress.summary}\n`;
}
