import type { SeededRandom } from '../harness/random.ts';
import type { Env } from '../src/env/env.ts';
import type { Calendar } from './calendar.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** The program under simulation: starts in a world, and can be asked to end in peace. */
export type Program = (env: Env) => Promise<{ close(): Promise<void> }>;

/** A process that came up. */
export type Running = { readonly process: Process; readonly close: () => Promise<void> };

/** Starts the program, lets it live for a while, ends it in one way or another, and starts it again. */
export async function operate(
  world: World,
  random: SeededRandom,
  program: Program,
  calendar: Calendar,
): Promise<void> {
  let running: Running | undefined;
  while (!calendar.isOver) {
    const ending = lifeOf(world, random, calendar);
    running = await start(world, program, ending);
    if (running === undefined) continue;
    if (random.chance(0.1)) await intrude(world, program, running.process);
    await Promise.race([ending, running.process.death]);
    await end(
      world,
      random,
      running,
      random.pick(['kill', 'cut power', 'cut power', 'cut power', 'close', 'nothing']),
    );
    await world.scheduler.sleep(random.real(0, 200));
    // Some machines stay down for hours.
    if (random.chance(0.2)) await world.scheduler.sleep(random.real(0, calendar.quiet));
  }
}

/** While a server lives, a second one on its disk must not come up. */
async function intrude(world: World, program: Program, first: Process): Promise<void> {
  const { process, env } = world.boot();
  const started = program(env).then(
    () => true,
    () => false,
  );
  const ended = Promise.race([first.death, process.death]).then(() => false);
  if ((await Promise.race([started, ended])) && first.isAlive)
    world.violate('two servers use one data directory');
  world.kill(process);
}

/**
 * A life ends at any moment, or while something is on its way to the disk. One that begins in quiet hours may
 * last them.
 */
async function lifeOf(world: World, random: SeededRandom, calendar: Calendar): Promise<undefined> {
  const life = random.chance(0.3) ? random.real(0, 40) : random.real(50, 1_000);
  await world.scheduler.sleep(Math.min(life + random.real(0, 1.5) * calendar.quiet, calendar.left + 1_000));
  if (random.chance(0.4)) return;
  await Promise.race([world.nextSync(), world.scheduler.sleep(300)]);
  await world.scheduler.sleep(random.real(0, 1));
}

/**
 * Brings a healthy world's program up for the last time. Undefined, and a violation, when it does not come.
 */
export function restart(world: World, program: Program): Promise<Running | undefined> {
  return start(world, program, new Promise(() => {}));
}

/** Undefined when the program did not come up, or when `ending` came first: then it is dead. */
async function start(
  world: World,
  program: Program,
  ending: Promise<undefined>,
): Promise<Running | undefined> {
  const { process, env } = world.boot();
  const started = program(env).then(
    ({ close }): Running => ({ process, close }),
    (error: unknown) => {
      world.trace.write('operator', `the server does not start: ${String(error)}`);
      if (!world.isFaulty) world.violate(`the server does not start: ${String(error)}`);
      return undefined;
    },
  );
  const running = await Promise.race([started, ending, process.death.then(() => undefined)]);
  if (running === undefined) {
    // In the middle of its start, or after a failed one.
    if (world.random.chance(0.5)) world.kill(process);
    else world.cutPower(process);
    await world.scheduler.sleep(50);
  }
  return running;
}

type Fate = 'kill' | 'cut power' | 'close' | 'nothing';

export async function end(
  world: World,
  random: SeededRandom,
  { process, close }: Running,
  fate: Fate,
): Promise<void> {
  if (fate === 'nothing' && process.isAlive) await world.scheduler.sleep(random.real(100, 1_000));
  if (fate === 'close' && process.isAlive) {
    world.isClosing = true;
    // An end that says that the disk failed, when it did, is an end like a kill.
    const closed = close().catch((error: unknown) => {
      if (!world.isFaulty) throw error;
      world.trace.write('operator', `the server does not end properly: ${String(error)}`);
    });
    await Promise.race([closed, process.death]);
  }
  if (fate === 'cut power') world.cutPower(process);
  else world.kill(process);
}
