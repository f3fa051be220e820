import { audit } from '../harness/audit.ts';
import { checkTables } from '../harness/check-tables.ts';
import { check } from '../harness/checker.ts';
import { runCounterClient } from '../harness/counter-client.ts';
import { enableInTheEnd, runCustodian } from '../harness/custodian.ts';
import { kinesisAlias, newEncryption } from '../harness/keys.ts';
import { runLeaseWorker } from '../harness/lease-worker.ts';
import { Model } from '../harness/model.ts';
import { runOwner } from '../harness/owner.ts';
import { SeededRandom } from '../harness/random.ts';
import { runReader } from '../harness/reader.ts';
import { runSubscriber } from '../harness/subscriber.ts';
import { auditTables } from '../harness/tables-audit.ts';
import { TablesModel } from '../harness/tables-model.ts';
import type { Surroundings, Work } from '../harness/workload.ts';
import { runWriter } from '../harness/writer.ts';
import { startServer } from '../src/server/server.ts';
import { brief, busy, type Calendar, sparse } from './calendar.ts';
import { Client } from './client.ts';
import type { Faults } from './cluster/faults.ts';
import { DeliveryPlay } from './deliveries/delivery-play.ts';
import { MappingPlay } from './functions/mapping-play.ts';
import { loadLateModules } from './late-modules.ts';
import { drawTroubles, soothe, stir } from './mischief.ts';
import { ArchivePlay } from './objects/archive-play.ts';
import { OnlookerPlay } from './onlooker-play.ts';
import { end, operate, type Program, restart } from './operator.ts';
import { decay } from './rot.ts';
import { Seal } from './seal.ts';
import { type Strike, World } from './world.ts';

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
  /** Writes to tables that were acknowledged. */
  readonly tableWrites: number;
  readonly simulatedMs: number;
  /** Calls of the disk until the trouble was over. */
  readonly diskCalls: number;
  /** What befell brokers and gateways while clients were at work, where there are such. */
  readonly faults?: Faults;
};

/** How a world may differ from the one that its seed draws. */
export type Variation = {
  /** It ends after a second. */
  readonly isBrief?: boolean;
  readonly strike?: Strike;
  /**
   * Every stream is encrypted, the root key is not in the data directory, and neither a record nor a key may
   * be.
   */
  readonly isSealed?: boolean;
};

/** All is done so long after the last work, or something hangs. */
const patienceMs = 600_000;

function drawCalendar({ scheduler, random }: World): Calendar {
  return random.chance(sparseChance) ? sparse(scheduler, random.fork()) : busy(scheduler);
}

/** A server has one thread, or so many workers and their owner. Another start, another number. */
const workerCounts = [0, 1, 2, 'auto', 'auto'] as const;

/** The same in a world of days, most of whose events are the looks that `auto` takes every second. */
const workerCountsOfDays = [0, 1, 2, 2, 'auto'] as const;

/** So many of the worlds last for days, with quiet hours in them. */
const sparseChance = 0.25;

/** Clients that share leases. */
const leaseWorkers = ['worker 1', 'worker 2'];

/**
 * Whether a seed's world has tables beside its streams. Drawn apart, so that worlds without tables are what
 * they would be if there were none.
 */
function tableWorkOf(seed: number): boolean {
  return new SeededRandom(seed ^ 0x7ab1e5).chance(0.25);
}

/** What the world is told of its play, and what the play is told of its world. */
type Staging = {
  readonly calmed: () => void;
  readonly isSealed: boolean;
  readonly tableWork: boolean;
  readonly mappings: MappingPlay | undefined;
  readonly archive: ArchivePlay | undefined;
  readonly deliveries: DeliveryPlay | undefined;
  readonly onlookers: OnlookerPlay | undefined;
};

/** Plays out one seed. `print` receives the trace. */
export async function simulate(
  seed: number,
  print?: (line: string) => void,
  { isBrief = false, strike, isSealed = false }: Variation = {},
): Promise<Verdict> {
  await loadLateModules();
  const world = new World(seed, print);
  if (strike !== undefined) world.strikeAt(strike);
  const model = new Model(() => world.wall.now());
  const tables = new TablesModel(() => model.moment());
  const mappings = MappingPlay.of(seed, world, model);
  const deliveries = await DeliveryPlay.of(seed, 'machine', world, model);
  const onlookers = OnlookerPlay.of(seed, 'machine', world, { model, tables });
  // One store is enough of a world.
  using archive = deliveries === undefined ? ArchivePlay.of(seed, world) : undefined;
  const calendar = isBrief ? brief(world.scheduler) : drawCalendar(world);
  const rejected = (reason: unknown) => world.violate(`a rejection is not handled: ${explain(reason)}`);
  const thrown = (error: unknown) => world.violate(`an exception is not caught: ${explain(error)}`);
  process.on('unhandledRejection', rejected).on('uncaughtException', thrown);
  let diskCalls = 0;
  try {
    const calmed = () => {
      diskCalls = world.diskCalls;
    };
    const plays = { mappings, archive, deliveries, onlookers };
    const staging = { calmed, isSealed, tableWork: tableWorkOf(seed), ...plays };
    await world.scheduler.run(play(world, { model, tables }, calendar, staging), calendar.end + patienceMs);
  } catch (error) {
    world.violate(explain(error));
  } finally {
    process.off('unhandledRejection', rejected).off('uncaughtException', thrown);
    deliveries?.end();
  }
  for (const sentence of check(model)) world.violate(sentence);
  for (const sentence of checkTables(tables)) world.violate(sentence);
  for (const sentence of mappings?.check() ?? []) world.violate(sentence);
  for (const sentence of deliveries?.check() ?? []) world.violate(sentence);
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
    tableWrites: tables.acknowledged,
    simulatedMs: scheduler.time,
    diskCalls,
  };
}

/**
 * Trouble and work at first; then peace, one more restart, and a look at everything. Some disks rot in the
 * end.
 */
async function play(
  world: World,
  { model, tables }: { readonly model: Model; readonly tables: TablesModel },
  calendar: Calendar,
  { calmed, isSealed, tableWork, mappings, archive, deliveries, onlookers }: Staging,
): Promise<void> {
  const random = world.random.fork();
  const limits = random.chance(0.1) ? ('aws' as const) : ('none' as const);
  // Small segments, so that a short run meets full ones, too.
  const segmentBytes = random.pick([4 * 1024, 16 * 1024, 64 * 1024 * 1024]);
  const lastsDays = calendar.end > 3_600_000;
  const pace = paceOf(lastsDays);
  const threads = new SeededRandom(random.next());
  // What streams begin with: which start of the server made them must not matter.
  const encrypt = threads.chance(0.3) || isSealed ? kinesisAlias : undefined;
  const keys = newEncryption(model, encrypt, isSealed);
  const seal = isSealed ? new Seal(world) : undefined;
  const program: Program = (env) => {
    const workers = threads.pick(lastsDays ? workerCountsOfDays : workerCounts);
    seal?.search();
    const options = { limits, segmentBytes, workers, encrypt, rootKey: seal?.rootKey, ...pace };
    return startServer({ ...options, ...archive?.options(lastsDays), ...deliveries?.settings }, env);
  };
  const work = (name: string, surroundings: Surroundings, client = new Client(world, name)): Work => {
    const isOver = () => calendar.isOver;
    return { world: surroundings, model, tables, random: random.fork(), client, isOver };
  };
  const ofTables = (name: string, surroundings: Surroundings) =>
    work(name, surroundings, new Client(world, name, 'dynamodb'));
  const atWork: Surroundings = {
    scheduler: calendar,
    patience: (ms) => calendar.sleep(ms),
    wall: world.wall,
    monotonic: () => world.monotonic(),
    get isFaulty() {
      return world.isFaulty;
    },
    get isClosing() {
      return world.isClosing;
    },
    violate: (sentence) => world.violate(sentence),
  };

  const reading = archive?.around(atWork) ?? atWork;
  const custodian = new Client(world, 'custodian', 'kms');
  const clients = [
    runOwner(work('owner 1', atWork), 'orders'),
    runOwner(work('owner 2', atWork), 'clicks'),
    ...['writer 1', 'writer 2'].map((name) => runWriter(work(name, atWork))),
    ...['reader 1', 'reader 2'].map((name) => runReader(work(name, reading))),
    runSubscriber(work('subscriber', reading)),
    ...(tableWork ? leaseWorkers.map((name) => runLeaseWorker(ofTables(name, atWork))) : []),
    ...(tableWork ? [runCounterClient(ofTables('counter', atWork))] : []),
    ...(threads.chance(0.5) ? [runCustodian(work('custodian', atWork, custodian), keys)] : []),
    ...(mappings === undefined ? [] : [mappings.run(work('owner of mappings', atWork))]),
    ...(deliveries === undefined ? [] : [deliveries.run(work('owner of deliveries', atWork), calendar)]),
    ...(onlookers === undefined ? [] : [onlookers.run(reading, () => calendar.isOver)]),
  ];
  await Promise.all([
    ...clients,
    stir(world, random.fork(), model, drawTroubles(random), calendar),
    archive?.stir(calendar),
    operate(world, new SeededRandom(random.next()), program, calendar),
  ]);
  soothe(world);
  calmed();
  const running = await restart(world, program);
  if (running === undefined) return;
  if (!(await enableInTheEnd(work('custodian', world, custodian), keys)))
    world.violate('a key that was disabled cannot be enabled');
  const auditor = work('auditor', world);
  await onlookers?.lookBeforeAudit();
  await audit(auditor);
  await onlookers?.audit();
  if (tableWork) await auditTables(ofTables('auditor of tables', world));
  await mappings?.audit(auditor);
  await archive?.audit();
  await deliveries?.audit(auditor);
  if (random.chance(0.5) || isSealed) await end(world, random, running, 'close');
  else await decay(world, auditor, program, running);
  await seal?.searchForKeys();
}

/** In seconds. Streams shall shrink within the time that there is. */
function paceOf(lastsDays: boolean) {
  return lastsDays ? { scalingWindow: 900, scalingMemory: 3_600 } : { scalingWindow: 0.5, scalingMemory: 1 };
}

function explain(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
