import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { audit } from '../harness/audit.ts';
import { checkTables } from '../harness/check-tables.ts';
import { check } from '../harness/checker.ts';
import { findTool } from '../harness/namespace.ts';
import type { SeededRandom } from '../harness/random.ts';
import { dynamodb } from '../harness/signer.ts';
import { auditTables } from '../harness/tables-audit.ts';
import type { Surroundings } from '../harness/workload.ts';
import { startServer } from '../src/server/server.ts';
import { CrashImages } from './block-trace.ts';
import { Client } from './client.ts';
import type { Fault, Stage } from './fault.ts';
import { loopDiskObstacle } from './loop-disk.ts';
import { mounted } from './mount.ts';
import { modelBefore } from './past.ts';
import { type RecordedRun, recordRun } from './recorded-run.ts';

/**
 * Records what a server's file system tells its device, and looks at what a power cut at any point may leave
 * of it.
 */
export const crashImages: Fault = {
  name: 'crash-images',
  title: 'ext4 from a block trace, unflushed sectors torn',
  roundsUsual: 40,
  obstacle: () => {
    if (findTool('nbdfuse') === undefined) return 'needs nbdfuse (apt-get install libnbd-bin fuse3)';
    if (!existsSync('/dev/fuse')) return 'needs /dev/fuse';
    return loopDiskObstacle('ext4');
  },
  async *rounds(stage) {
    const { workshop, random } = stage;
    for (;;) {
      using directory = workshop.directory();
      const run = await recordRun(stage, directory.path);
      const images = new CrashImages(run.initial, run.events);
      const positions = Array.from({ length: imagesPerRun }, () => random.below(run.events.length + 1));
      let told = 0;
      for (const position of positions.sort((one, other) => one - other)) {
        const image = images.at(position, random);
        const { acknowledged, violations } = await examine(stage, run, position, image);
        const all = told === 0 ? [...run.violations, ...violations] : violations;
        yield {
          acknowledged: acknowledged - told,
          violations: all.map((sentence) => `${sentence} (cut after block event ${position})`),
        };
        told = acknowledged;
      }
    }
  },
};

const imagesPerRun = 50;

/**
 * Mounts an image, starts a server on it, and compares what it holds with what was acknowledged when it was
 * cut.
 */
async function examine({ workshop, random }: Stage, run: RecordedRun, position: number, image: Buffer) {
  const cut = run.answers.find((answer) => answer.position > position)?.moment ?? Number.POSITIVE_INFINITY;
  const until = Math.min(cut, run.model.moment());
  const model = modelBefore(run.model, until);
  const tables = run.tables.before(until);
  const acknowledged = [...model.attempts.values()].filter(
    ({ outcome }) => outcome.kind === 'acknowledged',
  ).length;
  using directory = workshop.directory();
  const disk = `${directory.path}/disk`;
  writeFileSync(`${directory.path}/image`, image);
  using _ = mounted(workshop, ['-o', 'loop', `${directory.path}/image`], disk);
  const violations: string[] = [];
  try {
    await auditServer(`${disk}/data`, { model, tables }, random, (sentence) => violations.push(sentence));
  } catch (error) {
    violations.push(`no start: ${String(error)}`);
  }
  return { acknowledged, violations: [...violations, ...check(model), ...checkTables(tables)] };
}

/**
 * A server of this process: it looks at hundreds of images, and a process each would take most of the time.
 */
async function auditServer(
  data: string,
  { model, tables }: Pick<RecordedRun, 'model' | 'tables'>,
  random: SeededRandom,
  violate: (sentence: string) => void,
): Promise<void> {
  await using server = await startServer({
    data,
    port: 0,
    limits: 'none',
    transitionDelay: 20,
    logLevel: 'silent',
  });
  const client = new Client('auditor', () => server.endpoint.port);
  const world: Surroundings = {
    scheduler: { sleep },
    patience: (ms) => sleep(ms),
    wall: { now: () => Date.now() },
    monotonic: () => performance.now(),
    isFaulty: false,
    isClosing: false,
    violate,
  };
  const work = { world, model, tables, random: random.fork(), isOver: () => false };
  await audit({ ...work, client });
  client.close();
  const ofTables = new Client('auditor of tables', () => server.endpoint.port, dynamodb);
  await auditTables({ ...work, client: ofTables });
  ofTables.close();
}
