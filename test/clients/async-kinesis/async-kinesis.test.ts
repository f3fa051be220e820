import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OfficialClients } from '../../server/official-clients.ts';
import { ConsumerProcess, untilProcessed } from '../consumer-process.ts';
import { counted } from '../counted.ts';
import { encrypted } from '../encrypted.ts';
import { onlyInFull } from '../extent.ts';
import { runProgram } from '../foreign-program.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';
import { createStream, produce, splitFirst } from '../known-records.ts';
import { processed } from '../processed.ts';
import { pythonPackages } from '../python-packages.ts';
import { textsIn } from '../texts-in.ts';

const folder = new URL('./', import.meta.url);
const skip = onlyInFull || (await pythonPackages(folder));
const streamName = 'orders';
/** Two, of which one becomes two. */
const shards = 4;

test('async-kinesis reads over a split, and goes on where its checkpoint is', { skip }, async (t) => {
  await using server = await startGuardedServer();
  using clients = new OfficialClients(server.url, server.credentials, server.region);
  await createStream(clients.kinesis, streamName, 2);
  let split = Promise.resolve();
  const progress = (put: number) => {
    if (put === 990) split = splitFirst(clients.kinesis, streamName);
  };
  const plan = { streamName, records: 2100, perSecond: 100_000, reshard: false, progress };
  const produced = await produce(clients.kinesis, plan);
  await split;
  await using first = consumer(server, 'one');
  await first.until(() => first.records >= 1000, 'a part is read');
  await first.stop();
  await using second = consumer(server, 'two');
  await untilProcessed([first, second], produced);
  await second.stop();
  const found = processed([first.heard, second.heard], { produced, mayComeAgain: true });
  // A position is kept at the end of a page, of 100 records.
  assert.ok(found.again <= 100 * shards, `${found.again} records again`);
  counted(t, `${found.records} of ${produced.records.length} records, ${found.again} again`);
});

test('async-kinesis puts over TLS', { skip }, async (t) => {
  await using server = await startGuardedServer();
  using clients = new OfficialClients(server.url, server.credentials, server.region);
  await createStream(clients.kinesis, streamName, 2);
  const command = ['build/bin/python', 'producer.py', streamName, '1000'] as const;
  using trust = await encrypted(server);
  const overTls = { AWS_ENDPOINT_URL: trust.url, AWS_CA_BUNDLE: trust.authority };
  await runProgram({ command, folder, environment: { ...server.environment, ...overTls }, seconds: 600 });
  const found = (await textsIn(clients.kinesis, streamName)).map(Number).sort((one, two) => one - two);
  assert.deepEqual(
    found,
    Array.from({ length: 1000 }, (_, number) => number),
  );
  counted(t, '1,000 of 1,000 records written, none twice');
});

function consumer({ environment }: GuardedServer, name: string): ConsumerProcess {
  const command = ['build/bin/python', 'consumer.py', streamName, name] as const;
  return new ConsumerProcess({ command, folder, environment });
}
