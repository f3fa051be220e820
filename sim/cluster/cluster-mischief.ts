import { calm as calmBrokers, type Weather } from '../../harness/kafka/weather.ts';
import type { Model } from '../../harness/model.ts';
import type { SeededRandom } from '../../harness/random.ts';
import type { Millis } from '../../src/env/clock.ts';
import type { Calendar } from '../calendar.ts';
import { calm as calmNetwork } from '../network.ts';
import type { ClusterWorld } from './cluster-world.ts';
import type { FaultKind } from './faults.ts';
import { sides } from './gateway-machine.ts';

/** Which troubles a world meets, and how often. The seed decides. */
type Troubles = {
  /** How many brokers may be down, cut off, paused or full at the same time. */
  readonly brokersMax: number;
  readonly gateways: boolean;
  readonly network: boolean;
  readonly clocks: boolean;
};

function drawTroubles(random: SeededRandom): Troubles {
  return {
    brokersMax: random.pick([0, 1, 1, 1, 2]),
    gateways: random.chance(0.6),
    network: random.chance(0.5),
    clocks: random.chance(0.5),
  };
}

/** Changes the conditions of the world from time to time, until its work is over; then ends all troubles. */
export async function stirCluster(
  world: ClusterWorld,
  random: SeededRandom,
  calendar: Calendar,
): Promise<void> {
  const troubles = drawTroubles(random);
  const harm = new Harm(world, random.fork(), troubles.brokersMax);
  while (!calendar.isOver) {
    await world.scheduler.sleep(Math.min(pauseOf(random, calendar), calendar.left));
    if (calendar.isOver) break;
    if (troubles.network && random.chance(0.3)) stirNetworks(world, random);
    if (troubles.clocks && random.chance(0.2)) stirClocks(world, random);
    if (random.chance(0.6)) harm.stir();
    if (troubles.gateways && random.chance(0.5)) stirGateways(world, random);
  }
  sootheCluster(world);
}

/**
 * Trouble comes thick while clients are at work. What it has done to leases and leaders shows in the quiet.
 */
function pauseOf(random: SeededRandom, { quiet }: Calendar): Millis {
  return quiet > 0 ? random.real(100, 1_500) : random.real(10, 250);
}

/** Ends all troubles. */
export function sootheCluster(world: ClusterWorld): void {
  world.trace.write('world', 'all is well');
  world.brokers.heal();
  Object.assign(world.brokers.weather, calmBrokers, usual);
  world.network.weather = calmNetwork;
  world.peerDelayMax = 2;
  for (const machine of world.machines) {
    machine.heal();
    machine.process?.resume();
  }
}

/** What networks do on a good day. */
export const usual: Partial<Weather> = { clientDelayMax: 1, peerDelayMax: 1, controllerDelayMax: 5 };

function stirNetworks(world: ClusterWorld, random: SeededRandom): void {
  const chance = () => random.pick([0, 0, 0, 0.005, 0.05]);
  Object.assign(world.brokers.weather, {
    clientDelayMax: random.pick([1, 1, 5, 50, 400]),
    peerDelayMax: random.pick([1, 1, 5, 50]),
    controllerDelayMax: random.pick([5, 5, 50, 500]),
    ...{ dropBefore: chance(), dropAfter: chance(), truncate: chance(), flip: chance() },
    ...{ staleEnd: 0, evictSession: chance() },
  } satisfies Weather);
  world.peerDelayMax = random.pick([1, 2, 20, 200]);
  world.network.weather = {
    delayMax: random.pick([1, 5, 50, 400]),
    dropRequest: random.pick([0, 0, 0.01, 0.1]),
    loseAnswer: random.pick([0, 0, 0.01, 0.1]),
    duplicate: 0,
  };
  const { dropBefore, dropAfter, truncate, flip, clientDelayMax, peerDelayMax } = world.brokers.weather;
  const { dropRequest, loseAnswer, delayMax } = world.network.weather;
  const loses = [dropBefore, dropAfter, truncate, flip, dropRequest, loseAnswer].some((chance) => chance > 0);
  if (loses) world.strike('network that loses');
  else if (Math.max(clientDelayMax, peerDelayMax, delayMax, world.peerDelayMax) >= slowMs)
    world.strike('network that is slow');
}

/** So long a delay is a fault. */
const slowMs: Millis = 50;

function stirClocks(world: ClusterWorld, random: SeededRandom): void {
  const by = Math.floor(random.real(-jumpMsMax, jumpMsMax));
  if (random.chance(0.5)) {
    world.strike('broker with another time');
    world.brokers.jumpClock(random.pick(world.brokers.brokers).id, by);
  } else {
    world.strike('gateway with another time');
    random.pick(world.machines).wall.jump(by);
  }
}

const jumpMsMax: Millis = 60_000;

/** All clocks of brokers, gateways and clients leap beyond some retention period once, or beyond all. */
export async function leapOnce(
  world: ClusterWorld,
  random: SeededRandom,
  model: Model,
  calendar: Calendar,
): Promise<void> {
  await world.scheduler.sleep(random.real(0.3, 0.8) * calendar.end);
  model.moment();
  world.leap(random.pick(leaps));
  model.moment();
}

/** In the middle between retentions that clients set, which what clocks differ by does not come near to. */
const leaps: readonly Millis[] = [36 * 3_600_000, 80 * 3_600_000];

/** What was done to brokers and not put right yet. */
class Harm {
  readonly #world: ClusterWorld;
  readonly #random: SeededRandom;
  readonly #max: number;
  /** By broker: what puts it right. */
  readonly #mend = new Map<number, () => void>();
  #mayCutPower = true;
  /** One lost what was not on its disk, and has not caught up. */
  #isFrail = false;

  /** At most `max` brokers are harmed at the same time. */
  constructor(world: ClusterWorld, random: SeededRandom, max: number) {
    this.#world = world;
    this.#random = random;
    this.#max = max;
  }

  /** Harms a broker, or puts one right. */
  stir(): void {
    const { brokers } = this.#world.brokers;
    const { id } = this.#random.pick(brokers);
    const mend = this.#mend.get(id);
    if (mend !== undefined) {
      this.#mend.delete(id);
      mend();
    } else if (this.#mend.size < this.#max) this.#mend.set(id, this.#harm(id));
  }

  /** Answers what puts it right. */
  #harm(id: number): () => void {
    const { brokers } = this.#world;
    const strike = (kind: FaultKind) => this.#world.strike(kind);
    const drawn = this.#random.pick([
      ...(['kill', 'kill', 'stop', 'power', 'pause', 'pause', 'cut', 'cut', 'full'] as const),
    ]);
    // Kafka counts what was killed for out of sync, whatever is on its disk: when all three have ended badly,
    // one that lost power may lead (docs/kafka.md).
    this.#isFrail &&= !brokers.isWhole;
    switch (this.#isFrail && drawn !== 'cut' ? 'pause' : drawn) {
      case 'power': {
        // Nor does it promise anything when power fails while others are behind.
        const mayCut = this.#mayCutPower && brokers.isWhole;
        strike(mayCut ? 'broker without power' : 'broker killed');
        if (mayCut) brokers.cutPower(id);
        else brokers.kill(id);
        if (mayCut) [this.#mayCutPower, this.#isFrail] = [false, true];
        return () => brokers.start(id);
      }
      case 'kill':
        strike('broker killed');
        brokers.kill(id);
        return () => brokers.start(id);
      case 'stop':
        strike('broker stopped');
        brokers.stop(id);
        return () => brokers.start(id);
      case 'pause':
        strike('broker paused');
        brokers.pause(id);
        return () => brokers.resume(id);
      case 'full':
        strike('broker with a full disk');
        brokers.fillDisk(id, this.#random.between(0, 20_000));
        return () => {
          brokers.fillDisk(id, Number.POSITIVE_INFINITY);
          brokers.start(id);
        };
      case 'cut': {
        const from = cuts.filter(() => this.#random.chance(0.6));
        if (from.length > 0) strike('broker cut off');
        for (const side of from) brokers.cutOff(id, side);
        return () => {
          for (const side of from) brokers.reconnect(id, side);
        };
      }
    }
  }
}

const cuts = ['peers', 'controller', 'clients'] as const;

function stirGateways(world: ClusterWorld, random: SeededRandom): void {
  const machine = random.pick(world.machines);
  if (machine.isHarmed) {
    world.trace.write('world', `${machine.name} is whole again`);
    machine.heal();
    machine.process?.resume();
  } else if (random.chance(0.5)) {
    world.trace.write('world', `${machine.name} stands still`);
    if (machine.isAlive) world.strike('gateway paused');
    machine.process?.pause();
  } else {
    const from = sides.filter(() => random.chance(0.6));
    for (const side of from) world.cut(machine, side);
    if (machine.isAlive && from.length > 0) world.strike('gateway cut off');
  }
}
