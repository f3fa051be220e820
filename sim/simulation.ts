import { startServer } from '../src/server/server.ts';
import { audit } from './audit.ts';
import { check } from './checker.ts';
import { Client } from './client.ts';
import { drawTroubles, soothe, stir } from './mischief.ts';
import { Model } from './model.ts';
import { end, operate, type Program, restart } from './operator.ts';
import { runOwner } from './owner.ts';
import { SeededRandom } from './random.ts';
import { runReader } from './reader.ts';
import { decay } from './rot.ts';
import type { Work } from './workload.ts';
import { World } from './world.ts';
import { runWriter } from './writer.ts';

/** What came of a seed. */
export type Verdict = {
  readonly seed: number;
  /** Broken promises, as sentences. */
  readonly violations: readonly string[];
  /** Equal digests: the same things happened in the same order. */
  readonly digest: string;
  readonly events: number;
  /** Records that were acknowledged. */
  readonly acknowledged: number;
  readonly simulatedMs: number;
};

/** How long the trouble lasts. */
const troubleMs = 4_000;
/** All is done by then, or something hangs. */
const deadlineMs = 600_000;

/** Plays out one seed. `print` receives the trace. */
export async function simulate(seed: number, print?: (line: string) => void): Promise<Verdict> {
  const world = new World(seed, print);
  const model = new Model();
  const rejected = (reason: unknown) => world.violate(`nobody handles a rejection: ${explain(reason)}`);
  process.on('unhandledRejection', rejected);
  try {
    await world.scheduler.run(play(world, model), deadlineMs);
  } catch (error) {
    world.violate(explain(error));
  } finally {
    process.off('unhandledRejection', rejected);
  }
  for (const sentence of check(model)) world.violate(sentence);
  const acknowledged = [...model.attempts.values()].filter(
    ({ outcome }) => outcome.kind === 'acknowledged',
  ).length;
  const { violations, trace, scheduler } = world;
  return {
    seed,
    violations,
    digest: trace.digest(),
    events: trace.events,
    acknowledged,
    simulatedMs: scheduler.time,
  };
}

/** Trouble and work at first; then peace, one more restart, and a look at everything. Some disks rot in the end. */
async function play(world: World, model: Model): Promise<void> {
  const { scheduler } = world;
  const random = world.random.fork();
  const limits = random.chance(0.1) ? ('aws' as const) : ('none' as const);
  // Small segments, so that a short run meets full ones, too.
  const segmentBytes = random.pick([4 * 1024, 16 * 1024, 64 * 1024 * 1024]);
  const program: Program = (env) => startServer({ limits, segmentBytes }, env);
  const isOver = () => scheduler.time >= troubleMs;
  const work = (name: string): Work => {
    return { world, model, random: random.fork(), client: new Client(world, name), isOver };
  };
  const clients = [
    runOwner(work('owner 1'), 'orders'),
    runOwner(work('owner 2'), 'clicks'),
    ...['writer 1', 'writer 2'].map((name) => runWriter(work(name))),
    ...['reader 1', 'reader 2'].map((name) => runReader(work(name))),
  ];
  await Promise.all([
    ...clients,
    stir(world, random.fork(), model, drawTroubles(random), troubleMs),
    operate(world, new SeededRandom(random.next()), program, troubleMs),
  ]);
  soothe(world);
  const running = await restart(world, program);
  if (running === undefined) return;
  const auditor = work('auditor');
  await audit(auditor);
  if (random.chance(0.5)) await end(world, random, running, 'close');
  else await decay(world, auditor, program, running);
}

function explain(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
