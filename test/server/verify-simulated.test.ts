import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../../sim/client.ts';
import { drawTroubles, stir } from '../../sim/mischief.ts';
import { Model } from '../../sim/model.ts';
import { operate, type Program } from '../../sim/operator.ts';
import { runOwner } from '../../sim/owner.ts';
import type { Work } from '../../sim/workload.ts';
import { World } from '../../sim/world.ts';
import { runWriter } from '../../sim/writer.ts';
import { checkData, type DataCheck, isDataDamaged } from '../../src/server/offline/data-check.ts';
import { startServer } from '../../src/server/server.ts';

const seeds = Array.from({ length: Number(process.env['SEEDS'] ?? 12) }, (_, index) => index + 1);

test('whatever ends a server that works, its data directory is not called damaged', async () => {
  let checks = 0;
  let torn = 0;
  for (const seed of seeds) {
    for (const check of await checksOf(seed)) {
      checks += 1;
      torn += logsOf(check).some(({ findings }) => findings.length > 0) ? 1 : 0;
      const damages = [...check.findings, ...logsOf(check).flatMap(({ findings }) => findings)].filter(
        ({ kind }) => kind === 'damage',
      );
      assert.deepEqual(damages, [], `seed ${seed}`);
      assert.equal(isDataDamaged(check), false);
      assert.equal(check.editsMissing, 0);
    }
  }
  assert.ok(checks > 3 * seeds.length && torn > seeds.length / 2, `${checks} checks, ${torn} torn`);
});

/** Lets a simulated server be killed and its power be cut while clients work, and checks the directory before each start. */
async function checksOf(seed: number): Promise<DataCheck[]> {
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
  const isOver = () => world.scheduler.time >= troubleMs;
  const work = (name: string): Work => {
    return { world, model, random: random.fork(), client: new Client(world, name), isOver };
  };
  const play = Promise.all([
    runOwner(work('owner 1'), 'orders'),
    ...['writer 1', 'writer 2'].map((name) => runWriter(work(name))),
    stir(world, random.fork(), model, { ...drawTroubles(random), leap: false }, troubleMs),
    operate(world, random.fork(), program, troubleMs),
  ]);
  await world.scheduler.run(
    play.then(() => {}),
    deadlineMs,
  );
  return checks;
}

const troubleMs = 4_000;
const deadlineMs = 600_000;

function logsOf({ catalog, streams }: DataCheck) {
  return [catalog, ...streams.map(({ log }) => log)];
}
