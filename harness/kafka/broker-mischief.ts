import type { Millis } from '../../src/env/clock.ts';
import type { SeededRandom } from '../random.ts';
import type { Cut, FakeCluster } from './cluster.ts';

/** Which troubles brokers meet. */
export type BrokerTroubles = {
  /** Brokers are killed, and start again. */
  readonly kills: boolean;
  /** The power of one fails, only while all are in sync: of two at once, anything may be lost. */
  readonly powerCuts: boolean;
  readonly pauses: boolean;
  /** Brokers are cut off from each other, from the controllers, or from clients. */
  readonly cuts: boolean;
  readonly disks: boolean;
  readonly clocks: boolean;
  /** Delays, connections that drop, sessions that are forgotten. */
  readonly weather: boolean;
  /** Bytes that are cut off, or changed, on their way to the reader. */
  readonly damage: boolean;
  /** Answers as of a leader that was deposed and does not know it. */
  readonly staleEnds: boolean;
};

/** One thing that befalls a cluster now: `random` says which of the troubles. */
export function befall(cluster: FakeCluster, random: SeededRandom, troubles: BrokerTroubles): void {
  const kinds = Object.entries(troubles).flatMap(([kind, isMet]) => (isMet && isTrouble(kind) ? [kind] : []));
  if (kinds.length === 0) return;
  const { id } = random.pick(cluster.brokers);
  mischief[random.pick(kinds)](cluster, id, random);
}

type Mischief = (cluster: FakeCluster, id: number, random: SeededRandom) => void;

const mischief: Readonly<Record<keyof BrokerTroubles, Mischief>> = {
  kills(cluster, id, random) {
    const { life } = cluster.broker(id);
    if (life.isOver) cluster.start(id);
    else if (random.chance(0.8)) cluster.kill(id);
    else cluster.stop(id);
  },
  powerCuts(cluster, id) {
    if (cluster.isWhole) cluster.cutPower(id);
    else for (const { id: other, life } of cluster.brokers) if (life.isOver) cluster.start(other);
  },
  pauses(cluster, id) {
    const { life } = cluster.broker(id);
    if (life.isPaused) cluster.resume(id);
    else if (!life.isOver) cluster.pause(id);
  },
  cuts(cluster, id, random) {
    const from = random.pick<Cut>(['peers', 'controller', 'clients']);
    if (random.chance(0.5)) cluster.cutOff(id, from);
    else for (const cut of ['peers', 'controller', 'clients'] as const) cluster.reconnect(id, cut);
  },
  disks(cluster, id, random) {
    const { life } = cluster.broker(id);
    if (!life.isOver && random.chance(0.5)) return cluster.fillDisk(id, random.below(2_000));
    for (const broker of cluster.brokers) {
      cluster.fillDisk(broker.id, Number.POSITIVE_INFINITY);
      if (broker.life.isOver) cluster.start(broker.id);
    }
  },
  clocks(cluster, id, random) {
    const size: Millis = random.pick([10, 1_000, 60_000, 3_600_000]);
    cluster.jumpClock(id, Math.floor(random.real(-size, size)));
  },
  weather({ weather }, _id, random) {
    weather.clientDelayMax = random.pick([0, 1, 5, 100]);
    weather.peerDelayMax = random.pick([0, 1, 5, 100]);
    weather.controllerDelayMax = random.pick([0, 5, 100, 2_000]);
    weather.dropBefore = random.pick([0, 0, 0.01, 0.1]);
    weather.dropAfter = random.pick([0, 0, 0.01, 0.1]);
    weather.evictSession = random.pick([0, 0, 0.05]);
  },
  damage({ weather }, _id, random) {
    weather.truncate = random.pick([0, 0.02, 0.2]);
    weather.flip = random.pick([0, 0, 0.02, 0.2]);
  },
  staleEnds({ weather }, _id, random) {
    weather.staleEnd = random.pick([0, 0.05, 0.5]);
  },
};

function isTrouble(kind: string): kind is keyof BrokerTroubles {
  return kind in mischief;
}
