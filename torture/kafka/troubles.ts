import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../harness/random.ts';
import { fakeTimeObstacle } from '../fake-time.ts';
import type { Workshop } from '../workshop.ts';
import { smallDiskObstacle } from './brokers.ts';
import type { Gateway } from './gateway.ts';
import type { GatewayTrial } from './gateway-trial.ts';

/** Something that happens to brokers or gateways while clients work, and is over when it resolves. */
export type Trouble = {
  readonly name: string;
  /** What is done, in the words of the table. */
  readonly title: string;
  readonly roundsUsual: number;
  obstacle?(): string | undefined;
  /** Whether gateways have clocks that can be set. */
  readonly hasClocks?: true;
  happen(scene: Scene): Promise<void>;
};

export type Scene = {
  readonly workshop: Workshop;
  readonly trial: GatewayTrial;
  readonly random: SeededRandom;
  /** Resolves when puts into every shard went on that were sent since then, and notes how long it took. */
  resume(since: number): Promise<void>;
};

/** Longer than a gateway's lease of 10 s (cluster/lease.ts), so that others count it out. */
const overLease = { from: 10_500, end: 13_000 };
/** Longer than a broker's session of 2 s (brokers.ts), so that others lead. */
const overSession = { from: 3_000, end: 6_000 };

const killBroker: Trouble = {
  name: 'kill-broker',
  title: 'a broker is killed, and started again',
  roundsUsual: 4,
  async happen({ trial: { brokers }, random, resume }) {
    const id = random.pick(brokers.ids);
    const began = performance.now();
    await brokers.kill(id);
    await resume(began);
    await brokers.restart(id);
  },
};

const pauseBroker: Trouble = {
  name: 'pause-broker',
  title: 'a broker stands still until others lead, and goes on',
  roundsUsual: 4,
  async happen({ trial: { brokers }, random, resume }) {
    const id = random.pick(brokers.ids);
    const began = performance.now();
    brokers.pause(id);
    await resume(began);
    await sleep(random.real(0, 2_000));
    brokers.resume(id);
  },
};

const cutBroker: Trouble = {
  name: 'cut-broker',
  title: 'a broker is cut off from the others, clients still reach it',
  roundsUsual: 4,
  async happen({ trial: { brokers }, random, resume }) {
    const id = random.pick(brokers.ids);
    const began = performance.now();
    brokers.cut(id);
    await resume(began);
    await sleep(random.real(0, 2_000));
    brokers.mend(id);
  },
};

const twoBrokersGone: Trouble = {
  name: 'two-brokers-gone',
  title: 'two of three brokers are killed or stand still: nothing is acknowledged',
  roundsUsual: 3,
  async happen({ trial: { brokers, crew }, random }) {
    const first = random.pick(brokers.ids);
    const second = random.pick(brokers.ids.filter((id) => id !== first));
    const areKilled = random.chance(0.5);
    for (const id of [first, second]) {
      if (areKilled) await brokers.kill(id);
      else brokers.pause(id);
    }
    const from = crew.model.moment();
    await sleep(random.real(overSession.from, overSession.end));
    const to = crew.model.moment();
    for (const { id, sent, outcome } of crew.model.attempts.values()) {
      if (outcome.kind === 'acknowledged' && sent > from && outcome.at < to)
        crew.violate(`alone: ${id} was acknowledged while one broker was left`);
    }
    for (const id of [first, second]) {
      if (areKilled) await brokers.restart(id);
      else brokers.resume(id);
    }
  },
};

/** For a write to come on a busy machine; one that has none to do goes on. */
const fullMsMax = 30_000;

const fullDisk: Trouble = {
  name: 'full-disk',
  title: "a broker's disk is full to its last byte, then there is room again",
  roundsUsual: 2,
  obstacle: smallDiskObstacle,
  async happen({ trial: { brokers }, random, resume }) {
    const { id, empty } = brokers.fillDisk();
    // Its next write fails, and that ends it.
    for (let waitedMs = 0; waitedMs < fullMsMax && brokers.isRunning(id); waitedMs += 50) await sleep(50);
    await resume(performance.now());
    await sleep(random.real(0, overSession.from));
    empty();
    if (!brokers.isRunning(id)) await brokers.restart(id);
  },
};

const rollBrokers: Trouble = {
  name: 'roll-brokers',
  title: 'brokers are restarted in good order, one after the other',
  roundsUsual: 1,
  async happen({ trial: { brokers }, resume }) {
    for (const id of brokers.ids) {
      await brokers.restart(id);
      await brokers.heal();
      await resume(performance.now());
    }
  },
};

const killGateway: Trouble = {
  name: 'kill-gateway',
  title: 'a gateway is killed, and started again',
  roundsUsual: 6,
  async happen({ trial, random, resume }) {
    const gateway = random.pick(trial.gateways);
    const began = performance.now();
    await gateway.kill();
    await resume(began);
    await sleep(random.real(0, 1_500));
    await trial.startOne(gateway);
  },
};

const pauseGateway: Trouble = {
  name: 'pause-gateway',
  title: 'a gateway stands still for longer than its lease, shards are split meanwhile, and goes on',
  roundsUsual: 4,
  async happen({ trial, random, resume }) {
    const gateway = random.pick(trial.gateways);
    const began = performance.now();
    gateway.pause();
    await resume(began);
    const left = random.real(overLease.from, overLease.end) - (performance.now() - began);
    await sleep(Math.max(0, left));
    gateway.resume();
    await resume(performance.now());
  },
};

const blinkGateway: Trouble = {
  name: 'blink-gateway',
  title: 'a gateway stands still for less than its lease, again and again',
  roundsUsual: 4,
  async happen({ trial, random, resume }) {
    const gateway = random.pick(trial.gateways);
    for (let times = 0; times < 3; times++) {
      gateway.pause();
      await sleep(random.real(50, 1_500));
      gateway.resume();
      await sleep(random.real(10, 500));
    }
    await resume(performance.now());
  },
};

const cutGateway: Trouble = {
  name: 'cut-gateway',
  title: 'a gateway is cut off from brokers, from all or from one',
  roundsUsual: 4,
  async happen({ trial: { brokers, gateways }, random, resume }) {
    const gateway = random.pick(gateways);
    const began = performance.now();
    brokers.cutFrom(gateway.number, random.pick([brokers.ids, [random.pick(brokers.ids)]]));
    await resume(began);
    const left = random.pick([random.real(500, 4_000), random.real(overLease.from, overLease.end)]);
    await sleep(Math.max(0, left - (performance.now() - began)));
    brokers.mendFrom(gateway.number);
    await resume(performance.now());
  },
};

const cutPeers: Trouble = {
  name: 'cut-peers',
  title: 'gateways are cut off from each other',
  roundsUsual: 4,
  async happen({ trial: { gateways }, random, resume }) {
    const began = performance.now();
    const cut = random.chance(0.5) ? gateways : [random.pick(gateways)];
    for (const gateway of cut) gateway.cutFromPeers();
    await resume(began);
    await sleep(random.real(500, 6_000));
    for (const gateway of cut) gateway.mendPeers();
    await resume(performance.now());
  },
};

const rollGateways: Trouble = {
  name: 'roll-gateways',
  title: 'gateways are restarted in good order, one after the other',
  roundsUsual: 4,
  async happen({ trial, resume }) {
    for (const gateway of trial.gateways) {
      // The others take records while it ends, and while it starts.
      await Promise.all([roll(trial, gateway), resume(performance.now())]);
    }
  },
};

async function roll(trial: GatewayTrial, gateway: Gateway): Promise<void> {
  const { code, signal } = await gateway.stop();
  if (code !== 0)
    trial.crew.violate(`ended: gateway ${gateway.number} was asked to end and ended with ${signal ?? code}`);
  await trial.startOne(gateway);
}

/** The clocks of the machines: one of a cluster whose NTP is lost. */
const clockGateway: Trouble = {
  name: 'clock-gateway',
  title: 'the wall clock of a gateway jumps by up to a minute',
  roundsUsual: 3,
  obstacle: fakeTimeObstacle,
  hasClocks: true,
  async happen({ trial: { times }, random, resume }) {
    for (let jumps = 0; jumps < 4; jumps++) {
      random.pick(times).set(random.between(-60, 60));
      await sleep(random.real(50, 1_500));
    }
    await resume(performance.now());
    for (const time of times) time.set(0);
  },
};

/** Less than the shortest retention from one end to the other, so that nothing may expire. */
const reachSeconds = 11 * 3600;

const clockBroker: Trouble = {
  name: 'clock-broker',
  title: 'the wall clock of a broker jumps by up to 11 hours',
  roundsUsual: 3,
  obstacle: fakeTimeObstacle,
  async happen({ workshop, trial: { brokers }, random, resume }) {
    const time = await brokers.timeOf(2, workshop);
    for (let jumps = 0; jumps < 3; jumps++) {
      time.set(random.between(-reachSeconds, reachSeconds));
      await sleep(random.real(1_000, 2_500));
    }
    await resume(performance.now());
  },
};

/** What leaves two brokers and one gateway, at least, and what does not. */
const pairs = [
  [killBroker, killGateway],
  [pauseBroker, killGateway],
  [pauseBroker, pauseGateway],
  [cutBroker, pauseGateway],
  [cutBroker, cutPeers],
  [pauseBroker, cutGateway],
  [rollGateways, pauseBroker],
  [pauseBroker, cutBroker],
] as const;

const two: Trouble = {
  name: 'two',
  title: 'two of these at once',
  roundsUsual: 6,
  async happen({ workshop, trial, random }) {
    const pair = random.pick(pairs);
    // What they need of each other to resume comes when both are over.
    const resume = () => sleep(random.real(2_000, 5_000));
    await Promise.all(
      pair.map((trouble) => trouble.happen({ workshop, trial, random: random.fork(), resume })),
    );
  },
};

export const troubles: readonly Trouble[] = [
  killGateway,
  pauseGateway,
  blinkGateway,
  cutGateway,
  cutPeers,
  rollGateways,
  pauseBroker,
  cutBroker,
  killBroker,
  twoBrokersGone,
  fullDisk,
  rollBrokers,
  clockGateway,
  clockBroker,
  two,
];
