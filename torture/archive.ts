import { setTimeout as sleep } from 'node:timers/promises';
import { s3Credentials } from '../harness/objects/fake-s3.ts';
import { FakeS3Server } from '../harness/objects/fake-s3-server.ts';
import type { Fault } from './fault.ts';
import { millrace, type ServerProcess, sometimesEncrypted } from './server-process.ts';
import { Trial } from './trial.ts';

/**
 * Ends a server with kill -9 that moves its segments to a bucket as soon as they are finished, while the
 * bucket loses answers; then all that was acknowledged is read, most of it from there.
 */
export const archive: Fault = {
  name: 'archive',
  title: 'kill -9 while segments go to a bucket that loses answers',
  roundsUsual: 12,
  obstacle: () => undefined,
  async *rounds({ workshop, random }) {
    for (;;) {
      using directory = workshop.directory();
      await using bucket = await FakeS3Server.start();
      bucket.s3.buckets.create('backups');
      await using trial = new Trial(workshop, random.fork());
      const env = {
        AWS_ACCESS_KEY_ID: s3Credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: s3Credentials.secretAccessKey,
      };
      const archived = ['--archive', 's3://backups/millrace', '--archive-after', '0', '--s3', bucket.url];
      const flags = [...archived, '--segment-bytes', '8192', ...sometimesEncrypted(random)];
      const command = millrace(directory.path, { workers: random.pick([0, 2]), flags, env });
      if (!(await trial.start(command))) yield trial.verdict();
      for (let life = random.between(2, 4); life > 0 && !trial.server.hasEnded; life--) {
        bucket.s3.fate = () => {
          bucket.s3.calls.length = 0;
          return random.chance(0.1) ? random.pick(['lost', 'cut'] as const) : undefined;
        };
        trial.work();
        await archivesMore(bucket, trial.server);
        await sleep(random.real(0, 300));
        await trial.kill();
        bucket.s3.fate = () => undefined;
        const count = segmentsIn(bucket);
        const round = (await trial.start(command)) ? await trial.audit() : trial.verdict();
        yield { ...round, figures: `${count} segments in the bucket` };
      }
    }
  },
};

/** Waits until another segment is in the bucket: more of them are on their way then. */
async function archivesMore(bucket: FakeS3Server, server: ServerProcess): Promise<void> {
  const before = segmentsIn(bucket);
  for (let waitedMs = 0; waitedMs < patienceMs && !server.hasEnded; waitedMs += lookMs) {
    if (segmentsIn(bucket) !== before) return;
    await sleep(lookMs);
  }
}

function segmentsIn({ s3 }: FakeS3Server): number {
  const keys = [...s3.buckets.buckets.get('backups')!.objects.keys()];
  return keys.filter((key) => key.startsWith('millrace/streams/')).length;
}

const patienceMs = 60_000;
const lookMs = 10;
