import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Model } from '../../../harness/model.ts';
import { OneShard } from '../../../harness/one-shard.ts';
import { runOwner } from '../../../harness/owner.ts';
import { textsOf } from '../../../harness/shard-text.ts';
import { TablesModel } from '../../../harness/tables-model.ts';
import type { Work } from '../../../harness/workload.ts';
import { runWriter } from '../../../harness/writer.ts';
import { busy } from '../../../sim/calendar.ts';
import { Client } from '../../../sim/client.ts';
import { drawTroubles, soothe, stir } from '../../../sim/mischief.ts';
import { operate, type Program } from '../../../sim/operator.ts';
import { World } from '../../../sim/world.ts';
import { openCatalog } from '../../../src/catalog/catalog.ts';
import { checkData, type DataCheck, isDataDamaged } from '../../../src/cli/offline/data-check.ts';
import { repairData } from '../../../src/cli/offline/data-repair.ts';
import { type Disk, namesIn } from '../../../src/env/disk.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { openEmbeddedLog } from '../../../src/log/embedded/embedded-log.ts';
import { endsName } from '../../../src/log/embedded/recover/ends.ts';
import { copyDirectory } from '../../../src/log/embedded/verify/copy.ts';
import { startServer } from '../../../src/server/server.ts';
import { FakeDisk } from '../../log/fake-disk.ts';
import { TestClock, TestRandom } from '../../log/world.ts';

/** Some of these lives end in the middle of a round. */
const seeds = Array.from({ length: Number(process.env['SEEDS'] ?? 12) }, (_, index) => index + 13);
/** By seed: both tests look at the same lives. */
const lives = new Map<number, Promise<Life>>();

function lifeOf(seed: number): Promise<Life> {
  const life = lives.get(seed) ?? live(seed);
  lives.set(seed, life);
  return life;
}

test('whatever ends a server that works, its data directory is not called damaged', async () => {
  let checks = 0;
  let torn = 0;
  for (const seed of seeds) {
    const { checks: found } = await lifeOf(seed);
    for (const check of found) {
      checks += 1;
      torn += logsOf(check).some(({ findings }) => findings.length > 0) ? 1 : 0;
      const damages = [...check.findings, ...logsOf(check).flatMap(({ findings }) => findings)].filter(
        ({ kind }) => kind === 'damage',
      );
      assert.deepEqual(damages, [], `seed ${seed}`);
      assert.equal(isDataDamaged(check), false);
      assert.equal(check.catalog.commitsMissing, 0);
    }
  }
  assert.ok(checks > 3 * seeds.length && torn > 0, `${checks} checks, ${torn} torn`);
});

test('wherever disks rot, a repaired copy is sound, and shows what was there and nothing else', async () => {
  let repairs = 0;
  for (const seed of seeds) {
    const { disk } = await lifeOf(seed);
    const before = await everythingOn(disk.copy());
    const random = new TestRandom(seed);
    for (let turn = 0; turn < 4; turn++) {
      const rotten = disk.copy();
      rotten.isHasty = true;
      await rot(rotten, random, 1 + turn);
      const check = await checkData(rotten);
      const copy = new FakeDisk();
      copy.isHasty = true;
      await repairData(rotten, envOf(copy), check);
      const again = await checkData(copy);
      assert.equal(isDataDamaged(again), false, `seed ${seed}, turn ${turn}`);
      const after = await everythingOn(copy);
      for (const [record, text] of after) assert.equal(text, before.get(record), `seed ${seed}: ${record}`);
      if (isDataDamaged(check)) repairs += 1;
      else assert.ok(after.size >= before.size - lastRoundMax, `seed ${seed}`);
    }
  }
  assert.ok(repairs > 2 * seeds.length, `${repairs}`);
});

/** Rot of what a crash left last looks like the crash. */
const lastRoundMax = 100;

type Life = { readonly checks: readonly DataCheck[]; readonly disk: FakeDisk };

/**
 * Lets a simulated server be killed and its power be cut while clients work, and checks the directory before
 * each start. `disk` is what is left in the end.
 */
async function live(seed: number): Promise<Life> {
  const world = new World(seed);
  const model = new Model();
  const random = world.random.fork();
  const segmentBytes = random.pick([4 * 1024, 16 * 1024]);
  const checks: DataCheck[] = [];
  const program: Program = async (env) => {
    await env.disk.createDirectory('.');
    // A disk that fails just now cannot be checked.
    const check = await checkData(env.disk).catch(() => undefined);
    if (check !== undefined) checks.push(check);
    return startServer({ limits: 'none', segmentBytes }, env);
  };
  const calendar = busy(world.scheduler);
  const work = (name: string): Work => {
    return {
      world,
      model,
      tables: new TablesModel(),
      random: random.fork(),
      client: new Client(world, name),
      isOver: () => calendar.isOver,
    };
  };
  const play = Promise.all([
    runOwner(work('owner 1'), 'orders'),
    ...['writer 1', 'writer 2'].map((name) => runWriter(work(name))),
    stir(world, random.fork(), model, { ...drawTroubles(random), leap: false }, calendar),
    operate(world, random.fork(), program, calendar),
  ]);
  const disk = new FakeDisk();
  disk.isHasty = true;
  const copied = play.then(() => {
    soothe(world);
    return copyTree(world.boot().env.disk, disk);
  });
  await world.scheduler.run(copied, deadlineMs);
  return { checks, disk };
}

/** Flips some bits, anywhere. */
async function rot(disk: FakeDisk, random: TestRandom, flips: number): Promise<void> {
  const paths: string[] = [];
  for (const parent of ['catalog', 'streams']) {
    for (const directory of await logsIn(disk, parent)) {
      for (const name of await namesIn(disk, `${parent}/${directory}`))
        paths.push(`${parent}/${directory}/${name}`);
    }
  }
  for (let flip = 0; flip < flips; flip++) {
    const { bytes } = disk.file(paths[random.below(paths.length)]!);
    if (bytes.length > 0) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  }
}

/** What the engine shows of every shard that the catalog names, by stream, shard and offset. */
async function everythingOn(disk: FakeDisk): Promise<Map<string, string>> {
  disk.isHasty = true;
  const control = await openEmbeddedLog(envOf(disk), 'catalog');
  const { state } = await openCatalog(control);
  const records = await openEmbeddedLog(envOf(disk), 'streams');
  const all = new Map<string, string>();
  for (const stream of state.streams.values()) {
    for (const shard of stream.shards) {
      const log = new OneShard(records, { stream: stream.id, shard: shard.index });
      // The records of a deleted stream go before its name does.
      const { start, end } = await log.position();
      if (stream.status !== 'DELETING') assert.equal(end, shard.closed?.end ?? end);
      const texts = await textsOf(log);
      for (const [index, text] of texts.entries())
        all.set(`${stream.id}/${shard.index}/${start + index}`, text);
    }
  }
  await records.close();
  await control.close();
  return all;
}

function envOf(disk: Disk) {
  const panic = (reason: string, cause: unknown) => assert.fail(`${reason}: ${String(cause)}`);
  return { disk, clock: new TestClock(), random: new TestRandom(7), logger: silentLogger, panic };
}

async function copyTree(from: Disk, to: Disk): Promise<void> {
  for (const parent of ['catalog', 'streams']) {
    await copyDirectory(from, to, parent, await namesIn(from, parent));
    for (const directory of await logsIn(from, parent)) {
      const path = `${parent}/${directory}`;
      await copyDirectory(from, to, path, await namesIn(from, path));
    }
  }
}

/** Without the note of where they ended. */
async function logsIn(disk: Disk, parent: string): Promise<string[]> {
  return (await namesIn(disk, parent)).filter((name) => !name.startsWith(endsName));
}

const deadlineMs = 600_000;

function logsOf({ catalog, identity, keys, streams }: DataCheck) {
  return [catalog, identity, keys, ...streams].map(({ log }) => log);
}
