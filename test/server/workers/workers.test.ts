import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../../../sim/client.ts';
import { World } from '../../../sim/world.ts';
import type { Workers as Threads, Worker } from '../../../src/env/workers.ts';
import { ServerMeter } from '../../../src/gateway/server-meter.ts';
import { placesOf } from '../../../src/http/places.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { defaultOptions, type ServerOptions } from '../../../src/server/options.ts';
import { startWorkers, type Workers } from '../../../src/server/workers/workers.ts';
import { Load } from '../../../src/stream/load.ts';
import { sampleStream } from '../../kinesis/sample.ts';
import { noKeys } from '../../services/kinesis/no-keys.ts';
import { controlPlane } from '../control-plane.ts';

const options: ServerOptions = { ...defaultOptions, memory: true, limits: 'none' };

/** Workers on a stream of one shard, in a world in which time passes while something is waited for. */
async function begin(count: number, credentials?: string) {
  const world = new World(1);
  const { env: machine } = world.boot();
  const threads: Worker[] = [];
  const start: Threads['start'] = (...program) => {
    const thread = machine.workers.start(...program);
    threads.push(thread);
    return thread;
  };
  const env = {
    ...machine,
    workers: { coresMax: 4, start, channel: <Out, In>() => machine.workers.channel<Out, In>() },
  };
  const wait = <T>(work: Promise<T>) => world.scheduler.run(work);
  const log = openMemoryLog(env.clock);
  const { control, gateStart } = await controlPlane(env);
  await control.catalog.commit(() => [{ kind: 'stream-created', stream: sampleStream(1) }]);
  const { catalog } = control;
  const { clock } = env;
  const serverMeter = new ServerMeter({ clock, catalog });
  const workers = (await startWorkers({ options: { ...options, workers: count } }, env))!;
  await wait(
    workers.begin(
      placesOf(options).ports,
      {
        ...{ control, log, load: new Load(), serverMeter },
        gate: { ...gateStart, isSigned: credentials !== undefined, credentials },
        ...{ call: () => assert.fail('forwarded'), page: () => assert.fail('a page') },
        keyService: noKeys.keyService,
        subscriptions: { begin: () => assert.fail('subscribed'), beginTail: () => assert.fail('tailed') },
        audited: () => {},
        health: () => 'ok',
        certificate: async () => ({ key: '', certificate: '' }),
      },
      async (endpoints) => ({ endpoints, shed() {}, close: async () => {} }),
    ),
  );
  const client = new Client(world, 'client');
  const put = () => client.call('PutRecord', { StreamName: 'orders', PartitionKey: 'k', Data: 'eA==' });
  const puts = (times: number) => Promise.all(Array.from({ length: times }, put));
  return { world, wait, workers, threads, log, puts };
}

/** What became of calls, as their kinds. */
function kindsOf(answers: readonly { readonly kind: string }[]): ReadonlySet<string> {
  return new Set(answers.map(({ kind }) => kind));
}

async function closeAll(workers: Workers, wait: (work: Promise<void>) => Promise<void>): Promise<void> {
  await wait(workers.close());
  assert.equal(workers.count, 0);
}

test('workers join and leave while requests come, and none of them goes unanswered', async () => {
  const { world, wait, workers, puts } = await begin(1);
  const answers = [];
  for (const change of [() => workers.join(), () => workers.join(), () => workers.leave()]) {
    const [, answered] = await wait(Promise.all([change(), puts(30)]));
    answers.push(...answered);
  }
  assert.equal(workers.count, 2);
  assert.deepEqual(kindsOf(answers), new Set(['output']));
  await closeAll(workers, wait);
  assert.deepEqual(world.violations, []);
});

test('what was put at a worker that left is read at those that stay', async () => {
  const { wait, workers, log, puts } = await begin(2);
  await wait(puts(20));
  await wait(workers.leave());
  await wait(puts(1));
  assert.equal((await log.position({ stream: '1', shard: 0 })).end, 21);
  await closeAll(workers, wait);
});

test('a worker that joins later knows what was changed before', async () => {
  const { wait, workers, puts } = await begin(1, users('AKIDBEFORE'));
  await wait(workers.change({ credentials: users('AKIDSIMULATION'), logLevel: 'warn' }));
  await wait(workers.join());
  await wait(workers.leave());
  const [answer] = await wait(puts(1));
  // The simulated client's signature is none, but its key is known: only known users get this answer.
  assert.equal(answer!.kind === 'error' && answer!.type, 'InvalidSignatureException');
  await closeAll(workers, wait);
});

function users(accessKeyId: string): string {
  return `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = secret\n`;
}

test('a worker that ends by itself ends the process', async () => {
  const { world, wait, threads } = await begin(2);
  await wait(threads[0]!.terminate());
  assert.match(world.violations[0]!, /^panic: a worker ended/);
});
