import { test } from 'node:test';
import { OfficialClients } from '../../server/official-clients.ts';
import { ConsumerProcess, untilProcessed } from '../consumer-process.ts';
import { counted } from '../counted.ts';
import { onlyInFull } from '../extent.ts';
import { whyMissing } from '../foreign-program.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';
import { createStream, produce, splitFirst } from '../known-records.ts';
import { processed, processedText } from '../processed.ts';

const folder = new URL('./', import.meta.url);
// Not `npm ci`, which would install what is there once more.
const install = ['npm', 'install', '--no-save', '--prefer-offline', '--ignore-scripts'] as const;
const skip = onlyInFull || (await whyMissing(install, folder));
const streamName = 'orders';

test('lifion-kinesis polls over a split, and goes on where its checkpoint is', { skip }, async (t) => {
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
  await using first = consumer(server);
  await first.until(() => first.records >= 500, 'a part is read');
  await first.stop();
  await using second = consumer(server);
  await untilProcessed([first, second], produced);
  await second.stop();
  const found = processed([first.heard, second.heard], { produced, mayComeAgain: true });
  counted(t, processedText(found, produced));
});

function consumer({ environment }: GuardedServer): ConsumerProcess {
  // Without it, its SDK takes no notice of AWS_SHARED_CREDENTIALS_FILE's neighbour.
  const all = { ...environment, AWS_SDK_LOAD_CONFIG: '1', AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1' };
  return new ConsumerProcess({
    command: [process.execPath, 'consumer.mjs', streamName],
    folder,
    environment: all,
  });
}
