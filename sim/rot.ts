import type { Reader, Sighting, StreamModel } from '../harness/model.ts';
import { describe } from '../harness/owner.ts';
import type { SeededRandom } from '../harness/random.ts';
import { follow, fromStart } from '../harness/reader.ts';
import { type Surroundings, usable, type Work } from '../harness/workload.ts';
import { StartError } from '../src/env/start-error.ts';
import { DamagedError } from '../src/log/log.ts';
import { end, type Program, type Running } from './operator.ts';
import type { Storage } from './storage.ts';
import { type StoredFile, sectorBytes } from './stored-file.ts';
import type { World } from './world.ts';

/**
 * Lets the disk rot at one place while the server is down. Afterwards it says so, in whatever concerns the
 * place, or shows what the auditor saw before.
 */
export async function decay(world: World, work: Work, program: Program, running: Running): Promise<void> {
  const { random } = work;
  const ending = random.pick(['kill', 'close'] as const);
  // After a proper end nothing may be lost, to the last byte.
  if (ending === 'kill') await cushion(work);
  await end(world, random, running, ending);
  world.trace.write('world', rot(world.storage, random));
  const { process, env } = world.boot();
  const started = program(env).then(
    () => true,
    (error: unknown) => {
      world.trace.write('operator', `the server does not start: ${String(error)}`);
      if (!saysWhatRotted(error)) world.violate(`rot: the server says only ${String(error)}`);
      return false;
    },
  );
  if (await Promise.race([started, process.death.then(() => false)])) await auditRot(work);
  world.kill(process);
}

/** The root key is a text: one that is another is noticed as its reader notices it. */
export function saysWhatRotted(error: unknown): boolean {
  return error instanceof DamagedError || (error instanceof StartError && /root.key/.test(error.message));
}

/**
 * Writes what may be lost: damage of the very last that was written looks like the torn end that a crash
 * leaves. What the auditor saw lies more than a sector before the end from then on.
 */
async function cushion(work: Work): Promise<void> {
  for (const { name: StreamName } of usable(work)) {
    for (const filling of fillings) {
      const Data = Buffer.from(`cushion:${filling}`).toString('base64');
      await work.client.call('PutRecord', { StreamName, PartitionKey: 'cushion', Data });
      await work.client.call('AddTagsToStream', { StreamName, Tags: { cushion: filling.slice(0, 250) } });
      await work.world.scheduler.sleep(1_000);
    }
  }
}

const fillings = ['a', 'b', 'c'].map((letter) => letter.repeat(2 * sectorBytes));

/** Damages one place of the data directory. */
function rot(storage: Storage, random: SeededRandom): string {
  const file = random.pick(storage.filesIn('.').filter(({ size }) => size > 0));
  return random.pick([flipBit, flipBit, clearSector, misplaceSector])(file, random);
}

function flipBit(file: StoredFile, random: SeededRandom): string {
  const at = random.below(file.size);
  const bit = random.below(8);
  file.rot((bytes) => {
    bytes[at]! ^= 1 << bit;
  });
  return `bit ${bit} of byte ${at} flips`;
}

function clearSector(file: StoredFile, random: SeededRandom): string {
  const at = sectorIn(file, random);
  file.rot((bytes) => bytes.subarray(at, at + sectorBytes).fill(0));
  return `the sector at byte ${at} is empty`;
}

function misplaceSector(file: StoredFile, random: SeededRandom): string {
  const from = sectorIn(file, random);
  const to = sectorIn(file, random);
  file.rot((bytes) => void bytes.copyWithin(to, from, from + sectorBytes));
  return `the sector at byte ${to} is the one of byte ${from}`;
}

function sectorIn({ size }: StoredFile, random: SeededRandom): number {
  return sectorBytes * random.below(Math.ceil(size / sectorBytes));
}

/** Each stream shows what the auditor saw, or says that it cannot. What it shows is true up to there. */
async function auditRot(work: Work): Promise<void> {
  const { world } = work;
  const ignore: Surroundings = {
    scheduler: world.scheduler,
    patience: (ms) => world.scheduler.sleep(ms),
    wall: world.wall,
    monotonic: () => world.monotonic(),
    isFaulty: true,
    isClosing: false,
    violate() {},
  };
  for (const stream of usable(work)) {
    if (stream.last === undefined) continue;
    await describe({ ...work, world: ignore }, stream);
    for (const { shard, pages } of stream.last.readers) {
      const truth = pages.flatMap(({ records }) => records);
      const { found, isAll } = await readAgain({ ...work, world: ignore }, stream, shard);
      const compared = isAll ? truth : truth.slice(0, found.length);
      const wrong = compared.find((record, index) => !isSame(record, found[index]));
      if (wrong !== undefined)
        world.violate(`rot: ${shard} of ${stream.name} shows other records, and says nothing`);
    }
  }
}

async function readAgain(
  work: Work,
  stream: StreamModel,
  shard: string,
): Promise<{ found: readonly Sighting[]; isAll: boolean }> {
  const reader: Reader = { stream, shard, after: 0n, pages: [] };
  const isAll = await follow(work, reader, fromStart, 10_000);
  return { found: reader.pages.flatMap(({ records }) => records), isAll };
}

function isSame(one: Sighting, other: Sighting | undefined): boolean {
  return (
    one.number === other?.number &&
    one.arrival === other.arrival &&
    one.partitionKey === other.partitionKey &&
    one.data === other.data
  );
}
