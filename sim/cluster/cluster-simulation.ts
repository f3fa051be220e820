import { audit } from '../../harness/audit.ts';
import { checkTables } from '../../harness/check-tables.ts';
import { check } from '../../harness/checker.ts';
import { runCounterClient } from '../../harness/counter-client.ts';
import { enableInTheEnd, runCustodian } from '../../harness/custodian.ts';
import { kinesisAlias, newEncryption } from '../../harness/keys.ts';
import { runLeaseWorker } from '../../harness/lease-worker.ts';
import { Model } from '../../harness/model.ts';
import { runOwner } from '../../harness/owner.ts';
import { SeededRandom } from '../../harness/random.ts';
import { runReader } from '../../harness/reader.ts';
import { runSubscriber } from '../../harness/subscriber.ts';
import { auditTables } from '../../harness/tables-audit.ts';
import { TablesModel } from '../../harness/tables-model.ts';
import type { Surroundings, Work } from '../../harness/workload.ts';
import { runWriter } from '../../harness/writer.ts';
import type { Millis } from '../../src/env/clock.ts';
import { startServer } from '../../src/server/server.ts';
import { type Calendar, spread } from '../calendar.ts';
import { Client } from '../client.ts';
import { DeliveryPlay } from '../deliveries/delivery-play.ts';
import { MappingPlay } from '../functions/mapping-play.ts';
import { loadClusterModules } from '../late-modules.ts';
import { OnlookerPlay } from '../onlooker-play.ts';
import type { Verdict } from '../simulation.ts';
import { leapOnce, stirCluster } from './cluster-mischief.ts';
import { closeGateway, type GatewayProgram, operateGateway, startGateway } from './cluster-operator.ts';
import { ClusterWorld, driftMax } from './cluster-world.ts';
import type { GatewayMachine } from './gateway-machine.ts';

/** How a world of gateways may differ from the one that its seed draws. */
export type ClusterVariation = {
  readonly gateways?: number;
  /** So long clients are at work. */
  readonly workMs?: Millis;
  /** Nothing goes wrong. */
  readonly isPeaceful?: boolean;
};

/** The variable that has the root key of all gateways. */
const rootKeyVariable = 'MILLRACE_SIMULATED_CLUSTER_KEY';

/** What was set or taken away elsewhere is known after 10 s, by a clock that may be slow. */
const lagMs = 10_100;

/** While gateways come and go, a tip may lack for a second what one of them has acknowledged. */
const tipLagMs = 1_010;

/** All is done so long after the last work, or something hangs. */
const patienceMs = 900_000;

/** Plays out one seed with brokers and gateways. `print` receives the trace. */
export async function simulateCluster(
  seed: number,
  print?: (line: string) => void,
  variation: ClusterVariation = {},
): Promise<Verdict> {
  const drawn = new SeededRandom(seed ^ 0x6b61_666b);
  const gateways = variation.gateways ?? drawn.pick([1, 2, 2, 3, 3]);
  const world = new ClusterWorld(seed, gateways, print);
  const model = new Model(
    () => world.wall.now(),
    () => world.monotonic(),
  );
  model.hasManyClocks = true;
  model.lagMs = lagMs;
  model.tipLagMs = tipLagMs;
  const tables = new TablesModel(() => model.moment());
  const mappings = MappingPlay.of(seed, world, model);
  await loadClusterModules();
  const onlookers = OnlookerPlay.of(seed, 'cluster', world, { model, tables });
  const deliveries = await DeliveryPlay.of(seed, 'cluster', world, model);
  const calendar = spread(world.scheduler, world.random.fork(), variation.workMs);
  world.isAtWork = () => !calendar.isOver && calendar.quiet === 0;
  const rejected = (reason: unknown) => world.violate(`a rejection is not handled: ${explain(reason)}`);
  const thrown = (error: unknown) => world.violate(`an exception is not caught: ${explain(error)}`);
  process.on('unhandledRejection', rejected).on('uncaughtException', thrown);
  process.env[rootKeyVariable] = Buffer.alloc(32, 'of all gateways').toString('hex');
  try {
    const play = playCluster(world, { model, tables, mappings, deliveries, onlookers }, calendar, {
      ...variation,
      ...drawWork(seed),
    });
    await world.scheduler.run(play, calendar.end + patienceMs);
  } catch (error) {
    world.violate(explain(error));
  } finally {
    process.off('unhandledRejection', rejected).off('uncaughtException', thrown);
    world.brokers.close();
    deliveries?.end();
  }
  for (const sentence of check(model)) world.violate(sentence);
  for (const sentence of checkTables(tables)) world.violate(sentence);
  for (const sentence of mappings?.check() ?? []) world.violate(sentence);
  for (const sentence of deliveries?.check() ?? []) world.violate(sentence);
  const attempts = [...model.attempts.values()];
  const { violations, trace, scheduler } = world;
  return {
    ...{ seed, violations, digest: trace.digest(), events: trace.events },
    acknowledged: attempts.filter(({ outcome }) => outcome.kind === 'acknowledged').length,
    tableWrites: tables.acknowledged,
    simulatedMs: scheduler.time,
    faults: world.faults.byKind,
    diskCalls: 0,
  };
}

/** What clients do besides, drawn apart from all else. */
type DrawnWork = {
  /** What streams begin with. */
  readonly encrypt: string | undefined;
  /** A client disables, enables and rotates a key. */
  readonly hasCustodian: boolean;
  /** Clients share leases and add to counters in tables. */
  readonly hasTables: boolean;
  /** The clocks of all leap beyond the retention period once. */
  readonly leaps: boolean;
};

function drawWork(seed: number): DrawnWork {
  const random = new SeededRandom(seed ^ 0x7ab1e5);
  const hasTables = random.chance(0.25);
  const encrypt = random.chance(0.3) ? kinesisAlias : undefined;
  return { encrypt, hasTables, hasCustodian: random.chance(0.5), leaps: random.chance(0.2) };
}

type Models = {
  readonly model: Model;
  readonly tables: TablesModel;
  readonly mappings: MappingPlay | undefined;
  readonly deliveries: DeliveryPlay | undefined;
  readonly onlookers: OnlookerPlay | undefined;
};

/** Trouble and work at first; then peace, every gateway anew, and a look at everything. */
async function playCluster(
  world: ClusterWorld,
  models: Models,
  calendar: Calendar,
  { isPeaceful = false, encrypt, hasCustodian, hasTables, leaps }: ClusterVariation & DrawnWork,
): Promise<void> {
  const random = world.random.fork();
  const program = gatewayProgram(world, random.fork(), encrypt, models.deliveries);
  const keys = newEncryption(models.model, encrypt);
  const work = (name: string, surroundings: Surroundings, service: Service = 'kinesis'): Work => ({
    ...{ world: surroundings, ...models },
    random: random.fork(),
    client: new Client(world, name, service),
    isOver: () => calendar.isOver,
  });
  const atWork = surroundingsOf(world, calendar);
  const ofTables = (name: string) => work(name, atWork, 'dynamodb');
  const clients = [
    runOwner(work('owner 1', atWork), 'orders'),
    runOwner(work('owner 2', atWork), 'clicks'),
    ...['writer 1', 'writer 2', 'writer 3'].map((name) => runWriter(work(name, atWork))),
    ...['reader 1', 'reader 2'].map((name) => runReader(work(name, atWork))),
    runSubscriber(work('subscriber', atWork)),
    ...(hasTables ? leaseWorkers.map((name) => runLeaseWorker(ofTables(name))) : []),
    ...(hasTables ? [runCounterClient(ofTables('counter'))] : []),
    ...(models.mappings === undefined ? [] : [models.mappings.run(work('owner of mappings', atWork))]),
    ...(models.deliveries === undefined
      ? []
      : [models.deliveries.run(work('owner of deliveries', atWork), calendar)]),
    ...(hasCustodian ? [runCustodian(work('custodian', atWork, 'kms'), keys)] : []),
    ...(models.onlookers === undefined ? [] : [models.onlookers.run(atWork, () => calendar.isOver)]),
  ];
  if (isPeaceful) await keepRunning(world, program, clients);
  else {
    world.upset();
    const lives = world.machines.map((machine) =>
      operateGateway(world, machine, random.fork(), program, calendar),
    );
    const leap = leaps ? [leapOnce(world, random.fork(), models.model, calendar)] : [];
    await Promise.all([...clients, ...lives, ...leap, stirCluster(world, random.fork(), calendar)]);
    for (const machine of world.machines) world.kill(machine);
    world.calm();
  }
  await lookAtAll(world, program, async () => {
    models.model.settled = models.model.moment();
    if (!(await enableInTheEnd(work('custodian', world, 'kms'), keys)))
      world.violate('a key that was disabled cannot be enabled');
    await models.onlookers?.lookBeforeAudit();
    await audit(work('auditor', world));
    await models.onlookers?.audit();
    if (hasTables) await auditTables(work('auditor of tables', world, 'dynamodb'));
    await models.mappings?.audit(work('auditor of mappings', world));
    await models.deliveries?.audit(work('auditor of deliveries', world));
  });
}

type Service = ConstructorParameters<typeof Client>[2];

/** Clients that share leases. */
const leaseWorkers = ['worker 1', 'worker 2'];

/** The composition that `npm start` runs. */
function gatewayProgram(
  world: ClusterWorld,
  random: SeededRandom,
  encrypt: string | undefined,
  deliveries: DeliveryPlay | undefined,
): GatewayProgram {
  const brokers = world.brokers.addresses.map(({ host, port }) => `${host}:${port}`).join(',');
  return (env, { host, rack }) =>
    startServer(
      {
        ...{
          engine: 'kafka',
          brokers,
          rack,
          host,
          cluster: 'sim',
          rootKey: `env:${rootKeyVariable}`,
          encrypt,
        },
        ...{ limits: random.chance(0.1) ? 'aws' : 'none', workers: random.pick([0, 0, 1, 2]), audit: 'off' },
        ...{ scalingWindow: 1, scalingMemory: 5, ...deliveries?.settings },
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
  const started = await Promise.all(world.machines.map((machine) => startInTheEnd(world, machine, program)));
  return started.filter((close) => close !== undefined);
}

/** Controllers that have just come back elect one first: who finds none ends, and is started again. */
async function startInTheEnd(
  world: ClusterWorld,
  machine: GatewayMachine,
  program: GatewayProgram,
): Promise<(() => Promise<void>) | undefined> {
  for (let attempt = 1; ; attempt++) {
    const close = await startGateway(world, machine, program, startMsMax);
    if (close !== undefined || !world.isFaulty || attempt === startsMax) return close;
    await world.scheduler.sleep(1_000);
  }
}

const startsMax = 10;

/** A gateway that comes up may have to wait for the lease of one that was killed. */
const startMsMax = 60_000;

async function lookAtAll(
  world: ClusterWorld,
  program: GatewayProgram,
  look: () => Promise<void>,
): Promise<void> {
  const closes = await startAll(world, program);
  if (closes.length < world.machines.length) return world.violate('not every gateway comes up in the end');
  // Until the leases of those that were killed are over, what waits for them may wait.
  while (world.isFaulty) await world.scheduler.sleep(1_000);
  await look();
  await Promise.all(closes.map((close, index) => closeGateway(world, world.machines[index]!, close)));
}

function explain(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
