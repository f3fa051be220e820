import { audit } from '../../harness/audit.ts';
import { check } from '../../harness/checker.ts';
import { Model } from '../../harness/model.ts';
import { runOwner } from '../../harness/owner.ts';
import { SeededRandom } from '../../harness/random.ts';
import { runReader } from '../../harness/reader.ts';
import { runSubscriber } from '../../harness/subscriber.ts';
import { TablesModel } from '../../harness/tables-model.ts';
import type { Surroundings, Work } from '../../harness/workload.ts';
import { runWriter } from '../../harness/writer.ts';
import { startServer } from '../../src/server/server.ts';
import { type Calendar, spread } from '../calendar.ts';
import { Client } from '../client.ts';
import type { Verdict } from '../simulation.ts';
import { stirCluster } from './cluster-mischief.ts';
import { closeGateway, type GatewayProgram, operateGateway, startGateway } from './cluster-operator.ts';
import { ClusterWorld, driftMax } from './cluster-world.ts';
import type { Faults } from './faults.ts';

/** What came of a seed with brokers and gateways. */
export type ClusterVerdict = Verdict & {
  /** What befell brokers and gateways while clients were at work. */
  readonly faults: Faults;
};

/** How a world of gateways may differ from the one that its seed draws. */
export type ClusterVariation = {
  readonly gateways?: number;
  /** Nothing goes wrong. */
  readonly isPeaceful?: boolean;
};

/** The variable that has the root key of all gateways. */
const rootKeyVariable = 'MILLRACE_SIMULATED_CLUSTER_KEY';

/** All is done so long after the last work, or something hangs. */
const patienceMs = 900_000;

/** Plays out one seed with brokers and gateways. `print` receives the trace. */
export async function simulateCluster(
  seed: number,
  print?: (line: string) => void,
  variation: ClusterVariation = {},
): Promise<ClusterVerdict> {
  const drawn = new SeededRandom(seed ^ 0x6b61_666b);
  const gateways = variation.gateways ?? drawn.pick([1, 2, 2, 3, 3]);
  const world = new ClusterWorld(seed, gateways, print);
  const model = new Model(() => world.wall.now());
  model.hasManyClocks = true;
  const calendar = spread(world.scheduler, world.random.fork());
  world.isAtWork = () => !calendar.isOver && calendar.quiet === 0;
  const rejected = (reason: unknown) => world.violate(`a rejection is not handled: ${explain(reason)}`);
  const thrown = (error: unknown) => world.violate(`an exception is not caught: ${explain(error)}`);
  process.on('unhandledRejection', rejected).on('uncaughtException', thrown);
  process.env[rootKeyVariable] = Buffer.alloc(32, 'of all gateways').toString('hex');
  try {
    const play = playCluster(world, model, calendar, variation);
    await world.scheduler.run(play, calendar.end + patienceMs);
  } catch (error) {
    world.violate(explain(error));
  } finally {
    process.off('unhandledRejection', rejected).off('uncaughtException', thrown);
    world.brokers.close();
  }
  for (const sentence of check(model)) world.violate(sentence);
  const attempts = [...model.attempts.values()];
  const { violations, trace, scheduler } = world;
  return {
    ...{ seed, violations, digest: trace.digest(), events: trace.events },
    acknowledged: attempts.filter(({ outcome }) => outcome.kind === 'acknowledged').length,
    tableWrites: 0,
    simulatedMs: scheduler.time,
    faults: world.faults.byKind,
    diskCalls: 0,
  };
}

/** Trouble and work at first; then peace, every gateway anew, and a look at everything. */
async function playCluster(
  world: ClusterWorld,
  model: Model,
  calendar: Calendar,
  { isPeaceful = false }: ClusterVariation,
): Promise<void> {
  const random = world.random.fork();
  const program = gatewayProgram(world, random.fork());
  const work = (name: string, surroundings: Surroundings): Work => ({
    ...{ world: surroundings, model, tables: new TablesModel(() => model.moment()) },
    random: random.fork(),
    client: new Client(world, name),
    isOver: () => calendar.isOver,
  });
  const atWork = surroundingsOf(world, calendar);
  const clients = [
    runOwner(work('owner 1', atWork), 'orders'),
    runOwner(work('owner 2', atWork), 'clicks'),
    ...['writer 1', 'writer 2', 'writer 3'].map((name) => runWriter(work(name, atWork))),
    ...['reader 1', 'reader 2'].map((name) => runReader(work(name, atWork))),
    runSubscriber(work('subscriber', atWork)),
  ];
  if (isPeaceful) await keepRunning(world, program, clients);
  else {
    world.upset();
    const lives = world.machines.map((machine) =>
      operateGateway(world, machine, random.fork(), program, calendar),
    );
    await Promise.all([...clients, ...lives, stirCluster(world, random.fork(), calendar)]);
    for (const machine of world.machines) world.kill(machine);
    world.calm();
  }
  await lookAtAll(world, program, work('auditor', world));
}

/** The composition that `npm start` runs. */
function gatewayProgram(world: ClusterWorld, random: SeededRandom): GatewayProgram {
  const brokers = world.brokers.addresses.map(({ host, port }) => `${host}:${port}`).join(',');
  return (env, { host, rack }) =>
    startServer(
      {
        ...{ engine: 'kafka', brokers, rack, host, cluster: 'sim', rootKey: `env:${rootKeyVariable}` },
        ...{ limits: random.chance(0.1) ? 'aws' : 'none', workers: random.pick([0, 0, 1]), audit: 'off' },
        ...{ scalingWindow: 1, scalingMemory: 5 },
      },
      env,
    );
}

function surroundingsOf(world: ClusterWorld, calendar: Calendar): Surroundings {
  return {
    scheduler: calendar,
    patience: (ms) => calendar.sleep(ms),
    wall: world.wall,
    monotonic: () => world.monotonic(),
    leavesOpen: true,
    clockDrift: driftMax,
    get isFaulty() {
      return world.isFaulty;
    },
    get isClosing() {
      return world.isClosing;
    },
    violate: (sentence) => world.violate(sentence),
  };
}

async function keepRunning(
  world: ClusterWorld,
  program: GatewayProgram,
  clients: readonly Promise<void>[],
): Promise<void> {
  const closes = await startAll(world, program);
  await Promise.all(clients);
  for (const [index, close] of closes.entries()) {
    await closeGateway(world, world.machines[index]!, close);
    world.kill(world.machines[index]!);
  }
}

async function startAll(world: ClusterWorld, program: GatewayProgram): Promise<(() => Promise<void>)[]> {
  const started = await Promise.all(
    world.machines.map((machine) => startGateway(world, machine, program, startMsMax)),
  );
  return started.filter((close) => close !== undefined);
}

/** A gateway that comes up may have to wait for the lease of one that was killed. */
const startMsMax = 60_000;

async function lookAtAll(world: ClusterWorld, program: GatewayProgram, auditor: Work): Promise<void> {
  const closes = await startAll(world, program);
  if (closes.length < world.machines.length) return world.violate('not every gateway comes up in the end');
  // Until the leases of those that were killed are over, what waits for them may wait.
  while (world.isFaulty) await world.scheduler.sleep(1_000);
  await audit(auditor);
  await Promise.all(closes.map((close, index) => closeGateway(world, world.machines[index]!, close)));
}

function explain(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
