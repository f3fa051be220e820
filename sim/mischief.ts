import type { Model } from '../harness/model.ts';
import type { SeededRandom } from '../harness/random.ts';
import type { Millis } from '../src/env/clock.ts';
import type { Calendar } from './calendar.ts';
import type { DiskCallKind } from './disk-call.ts';
import { calm } from './network.ts';
import type { World } from './world.ts';

const second: Millis = 1_000;
const hour: Millis = 3_600 * second;

/** Which troubles a simulation meets. The seed decides. */
export type Troubles = {
  readonly disk: boolean;
  readonly network: boolean;
  readonly clock: boolean;
  /** The clock leaps beyond the retention period once. */
  readonly leap: boolean;
};

export function drawTroubles(random: SeededRandom): Troubles {
  const draw = (probability: number) => random.chance(probability);
  return { disk: draw(0.4), network: draw(0.5), clock: draw(0.5), leap: draw(0.1) };
}

/**
 * Changes the conditions of the world from time to time, until it is over; then ends all troubles. In quiet
 * hours only the clock may jump.
 */
export async function stir(
  world: World,
  random: SeededRandom,
  model: Model,
  troubles: Troubles,
  calendar: Calendar,
): Promise<void> {
  const leapAt = troubles.leap ? random.real(0.3, 0.8) * calendar.end : Number.POSITIVE_INFINITY;
  const jump = (by: Millis) => {
    model.moment();
    world.jumpClock(by);
    model.moment();
  };
  let hasLeapt = false;
  while (!calendar.isOver) {
    await world.scheduler.sleep(random.real(100, 1_500));
    if (calendar.quiet > 0) {
      soothe(world);
      await world.scheduler.sleep(random.real(0, calendar.quiet));
      if (troubles.clock && random.chance(0.4)) jump(drawJump(random));
      await calendar.sleep(0);
    }
    if (troubles.disk) stirDisk(world, random);
    if (troubles.network) stirNetwork(world, random);
    if (troubles.clock && random.chance(0.4)) jump(drawJump(random));
    if (!hasLeapt && world.scheduler.time > leapAt) {
      hasLeapt = true;
      jump(random.pick(leaps));
    }
  }
  // A server that closes in peace may have to wait for room on the disk.
  soothe(world);
}

/** Beyond some retention period that clients set, or beyond all. */
const leaps: readonly Millis[] = [36 * hour, 80 * hour];

/** Ends all troubles. */
export function soothe(world: World): void {
  world.heal();
  world.network.weather = calm;
}

function drawJump(random: SeededRandom): Millis {
  const size = random.pick([second, 60 * second, 6 * 60 * second, hour]);
  return Math.floor(random.real(-size, size));
}

function stirDisk(world: World, random: SeededRandom): void {
  world.heal();
  if (random.chance(0.5)) return;
  const trouble = random.pick(['full', 'write', 'sync', 'read', 'all'] as const);
  if (trouble === 'full') {
    world.fillDisk(random.between(0, 200_000));
    return;
  }
  const code = trouble === 'write' ? random.pick(['EIO', 'EDQUOT']) : 'EIO';
  const kinds = kindsOf[trouble];
  const probability = random.pick([0.02, 0.2, 1]);
  world.breakDisk(({ kind }) => (kinds.has(kind) && random.chance(probability) ? code : undefined));
}

const kindsOf: Record<'write' | 'sync' | 'read' | 'all', ReadonlySet<DiskCallKind>> = {
  write: new Set(['write']),
  sync: new Set(['sync', 'syncDirectory']),
  read: new Set(['read', 'size']),
  all: new Set([
    'createDirectory',
    'list',
    'open',
    'rename',
    'remove',
    'removeDirectory',
    'syncDirectory',
    'size',
    'read',
    'write',
    'sync',
    'truncate',
  ]),
};

function stirNetwork(world: World, random: SeededRandom): void {
  world.network.weather = {
    delayMax: random.pick([1, 5, 50, 400]),
    dropRequest: random.pick([0, 0, 0.01, 0.2]),
    loseAnswer: random.pick([0, 0, 0.01, 0.2]),
    duplicate: 0, // A request that is met twice is two records: rightly so, but it would blind the checker.
  };
}
