import { FakeCluster } from '../../../harness/kafka/cluster.ts';
import { timelineOf } from '../../../harness/kafka/timeline.ts';
import { MemoryPeers } from '../../../harness/memory-peers.ts';
import { SeededRandom } from '../../../harness/random.ts';
import type { Clock } from '../../../src/env/clock.ts';
import type { Env } from '../../../src/env/env.ts';
import type { ServerOptions } from '../../../src/server/options.ts';
import { FakeDisk } from '../../log/fake-disk.ts';
import { type ManualClock, settled } from './manual-clock.ts';
import { noCluster, noProcesses } from './no-network.ts';

/** What a server under test runs on: `ENGINE=kafka` has the same files test a gateway on a fake cluster. */
export type EngineUnderTest = {
  readonly options: Partial<ServerOptions>;
  readonly env: Pick<Env, 'disk' | 'kafka' | 'peers' | 'processes'>;
  /** How much is written on machines other than the server's; undefined where there is none. */
  readonly written?: () => number;
};

const rootKeyVariable = 'ROOT_KEY_OF_TESTS';

export const isOnKafka = process.env['ENGINE'] === 'kafka';

/** Why a test that counts who waits is left out there. */
export const sleepersOnKafka: string | false =
  isOnKafka && 'brokers and gateways sleep and wake all the time';

/** Why a test with most of the shards that a server may have is left out there. */
export const widthOnKafka: string | false = isOnKafka && 'so many partitions take a fake cluster minutes';

/** The engine for a server that keeps nothing, and whose time is told by this clock. */
export function engineUnderTest(clock: ManualClock): EngineUnderTest {
  if (!isOnKafka) return { options: { memory: true }, env: { ...noCluster, disk: new FakeDisk() } };
  const engine = gatewayOnFake(clock);
  const { written } = engine;
  clock.follow({
    // A commit takes a broker and its followers some turns, and what is due there often follows from one.
    turns: 50,
    playedMsMax: 60_000,
    toTheirEnd: (passing) => toRest(passing, clock, written!),
  });
  return engine;
}

/**
 * Resolves as `work` does. Brokers and gateways ask each other again a few milliseconds later, so where they
 * are under test, time passes by itself for as long as something takes. By the wall clock it takes none.
 */
export async function inItsTime<T>(work: Promise<T>, clock: ManualClock, takesTime = isOnKafka): Promise<T> {
  if (!takesTime) return await work;
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  work.then(end, end);
  for (let turn = 1; !isDone; turn++) {
    await settled();
    if (!isDone && turn % turnsOfMs === 0) await clock.pass(1);
  }
  return await work;
}

/**
 * Resolves as `work` does, and where it has written anything, once what follows from it has ended: time that
 * no wall clock shows passes for as long as somebody is about to try something again, and more is written.
 */
export async function toRest<T>(
  work: () => Promise<T>,
  clock: ManualClock,
  written: () => number,
): Promise<T> {
  let before = written();
  const result = await work();
  if (written() === before) return result;
  for (let still = 0, passed = 0; still < stillMs && passed < restlessMsMax; passed++) {
    await clock.pass(0);
    if (!clock.hasNaps(napMsMax)) break;
    before = written();
    await clock.pass(1);
    still = written() === before ? still + 1 : 0;
  }
  return result;
}

/** Pauses before another attempt are so short at first. */
const napMsMax = 50;
/** Longer than those, as a rule. */
const stillMs = 25;
const restlessMsMax = 2_000;

/** What needs no time is done within so many turns of the event loop, as a rule. */
const turnsOfMs = 20;

/** A gateway that is alone on three fake brokers. */
export function gatewayOnFake(clock: Clock): EngineUnderTest {
  return gatewaysOnFake(clock)('gateway');
}

/** Gateways on three fake brokers, by the names of their hosts. */
export function gatewaysOnFake(clock: Clock): (host: string) => EngineUnderTest {
  return fakeMachines(clock).engineOf;
}

/** The same, with what may befall brokers and the network between gateways. */
export type FakeMachines = {
  readonly engineOf: (host: string) => EngineUnderTest;
  readonly cluster: FakeCluster;
  readonly peers: MemoryPeers;
};

export function fakeMachines(clock: Clock): FakeMachines {
  const wall = { now: () => clock.now() };
  const cluster = new FakeCluster({ timeline: timelineOf(clock), wall, random: new SeededRandom(1) });
  const peers = new MemoryPeers(clock);
  process.env[rootKeyVariable] = Buffer.alloc(32, 'of tests').toString('hex');
  const brokers = cluster.addresses.map(({ host, port }) => `${host}:${port}`).join(',');
  const engineOf = (host: string): EngineUnderTest => ({
    options: { engine: 'kafka', brokers, rootKey: `env:${rootKeyVariable}`, audit: 'off' },
    env: {
      ...noProcesses,
      disk: new FakeDisk(),
      kafka: async () => cluster.client(),
      peers: async () => peers.of(host),
    },
    // Gateways say every few seconds that they are there.
    written: () => cluster.written((topic) => !topic.endsWith('.control.cluster')),
  });
  return { engineOf, cluster, peers };
}
