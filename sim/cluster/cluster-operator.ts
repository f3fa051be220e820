import type { SeededRandom } from '../../harness/random.ts';
import type { Env } from '../../src/env/env.ts';
import type { Calendar } from '../calendar.ts';
import type { ClusterWorld } from './cluster-world.ts';
import type { GatewayMachine } from './gateway-machine.ts';

/** The program under simulation: starts on a machine, and can be asked to end in peace. */
export type GatewayProgram = (env: Env, machine: GatewayMachine) => Promise<{ close(): Promise<void> }>;

/** Has a machine run the program, end it in one way or another from time to time, and start it again. */
export async function operateGateway(
  world: ClusterWorld,
  machine: GatewayMachine,
  random: SeededRandom,
  program: GatewayProgram,
  calendar: Calendar,
): Promise<void> {
  while (!calendar.isOver) {
    const close = await startGateway(world, machine, program, random.real(20_000, 40_000));
    if (close === undefined) {
      await world.scheduler.sleep(random.real(100, 500));
      continue;
    }
    await world.scheduler.sleep(Math.min(random.real(200, random.pick(livesMsMax)), calendar.left));
    if (calendar.isOver) return;
    if (random.chance(0.3)) await closeGateway(world, machine, close);
    else if (machine.isAlive) world.strike('gateway killed');
    world.kill(machine);
    await world.scheduler.sleep(random.real(0, random.pick([100, 500, 3_000])));
  }
}

/** Some live through hardly a put, some through several leases. */
const livesMsMax = [1_000, 3_000, 12_000] as const;

/**
 * Answers what ends the server in peace; undefined when it did not come up in time, or was killed meanwhile.
 * Then its process is dead.
 */
export async function startGateway(
  world: ClusterWorld,
  machine: GatewayMachine,
  program: GatewayProgram,
  patienceMs: number,
): Promise<(() => Promise<void>) | undefined> {
  const { process, env } = world.boot(machine);
  const started = program(env, machine).then(
    ({ close }) => close,
    (error: unknown) => {
      world.trace.write(machine.name, `does not start: ${String(error)}`);
      if (!world.isFaulty) world.violate(`${machine.name} does not start: ${String(error)}`);
      return undefined;
    },
  );
  const late = world.scheduler.sleep(patienceMs).then(() => undefined);
  const close = await Promise.race([started, late, process.death.then(() => undefined)]);
  if (close === undefined) world.kill(machine);
  return close;
}

/** As SIGTERM does. What does not end in time is killed. */
export async function closeGateway(
  world: ClusterWorld,
  machine: GatewayMachine,
  close: () => Promise<void>,
): Promise<void> {
  world.trace.write('world', `${machine.name} is asked to end`);
  const closed = close().then(
    () => true,
    (error: unknown) => {
      world.trace.write(machine.name, `does not end properly: ${String(error)}`);
      if (!world.isFaulty) world.violate(`${machine.name} does not end properly: ${String(error)}`);
      return true;
    },
  );
  const late = world.scheduler.sleep(closeMsMax).then(() => false);
  const { death } = machine.process!;
  const hasEnded = await Promise.race([closed, late, death.then(() => true)]);
  if (!hasEnded && !world.isFaulty) world.violate(`${machine.name} does not end`);
}

const closeMsMax = 30_000;
