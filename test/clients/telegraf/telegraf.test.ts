import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { OfficialClients } from '../../server/official-clients.ts';
import { createCheckpointTable } from '../checkpoint-table.ts';
import { ConsumerProcess, untilProcessed } from '../consumer-process.ts';
import { counted } from '../counted.ts';
import { encrypted } from '../encrypted.ts';
import { onlyInFull } from '../extent.ts';
import { runProgram, whyMissing } from '../foreign-program.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';
import { createStream, produce } from '../known-records.ts';
import { processed } from '../processed.ts';
import { textsIn } from '../texts-in.ts';
import { about } from './about.ts';

const folder = new URL('./', import.meta.url);
/** Only these: all of its plugins would take long to build. */
const plugins = [
  ...['inputs.file', 'inputs.kinesis_consumer', 'outputs.file', 'outputs.kinesis'],
  ...['parsers.influx', 'parsers.value', 'serializers.influx', 'serializers.template'],
];
const build = [
  ...['env', `GOBIN=${fileURLToPath(new URL('build', folder))}`, 'go', 'install'],
  ...['-tags', ['custom', ...plugins].join(',')],
  `github.com/influxdata/telegraf/cmd/telegraf@${about.version}`,
] as const;
const skip = onlyInFull || (await whyMissing(['go', 'version'], folder)) || (await whyMissing(build, folder));
const streamName = 'orders';

test('Telegraf reads a stream that is split and merged, and goes on at its checkpoint', {
  skip,
}, async (t) => {
  await using server = await startGuardedServer();
  using clients = new OfficialClients(server.url, server.credentials, server.region);
  await createCheckpointTable(server, 'checkpoints');
  await createStream(clients.kinesis, streamName, 2);
  await using first = consumer(server);
  const progress = (put: number) => {
    if (put === 2010) void first.stop();
  };
  const plan = { streamName, records: 3000, perSecond: 200, reshard: true, progress };
  const produced = await produce(clients.kinesis, plan);
  assert.ok(first.records > 0);
  await first.stop();
  await using second = consumer(server);
  await untilProcessed([first, second], produced);
  await second.stop();
  const found = processed([first.heard, second.heard], { produced, mayComeAgain: true });
  counted(t, `${found.records} of ${produced.records.length} records, ${found.again} again`);
});

test('Telegraf writes to a stream over TLS', { skip }, async (t) => {
  await using server = await startGuardedServer();
  using clients = new OfficialClients(server.url, server.credentials, server.region);
  await createStream(clients.kinesis, streamName, 2);
  const at = '1700000000000000000';
  const line = (number: number) => `orders,shop=shop-${number % 17} number=${number}i ${at}`;
  const lines = Array.from({ length: 300 }, (_, number) => line(number));
  const file = join(server.folder, 'lines');
  writeFileSync(file, lines.join('\n'));
  using trust = await encrypted(server);
  const overTls = { AWS_ENDPOINT_URL: trust.url, AWS_CA_BUNDLE: trust.authority };
  const environment = { ...server.environment, ...overTls, LINES: file };
  const command = ['./build/telegraf', '--config', 'output.conf', '--once'] as const;
  await runProgram({ command, folder, environment, seconds: 600 });
  const found = (await textsIn(clients.kinesis, streamName)).map((text) => text.trimEnd());
  assert.deepEqual(found.sort(), lines.sort());
  counted(t, `${found.length} of ${lines.length} records written, none twice`);
});

function consumer({ environment }: GuardedServer): ConsumerProcess {
  return new ConsumerProcess({
    command: ['./build/telegraf', '--config', 'input.conf'],
    folder,
    environment,
  });
}
