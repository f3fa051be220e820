import { test } from 'node:test';
import { OfficialClients } from '../../server/official-clients.ts';
import { createCheckpointTable } from '../checkpoint-table.ts';
import { ConsumerProcess, untilProcessed } from '../consumer-process.ts';
import { counted } from '../counted.ts';
import { onlyInFull } from '../extent.ts';
import { whyMissing } from '../foreign-program.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';
import { createStream, parentsIn, produce } from '../known-records.ts';
import { processed, processedText } from '../processed.ts';

const folder = new URL('./', import.meta.url);
const skip = onlyInFull || (await whyMissing(['go', 'build', '-o', 'build/consumer', '.'], folder));
const streamName = 'orders';

test('kinesis-consumer reads all shards, and goes on where its checkpoint is', { skip }, async (t) => {
  await using server = await startGuardedServer();
  using clients = new OfficialClients(server.url, server.credentials, server.region);
  await createCheckpointTable(server, 'checkpoints');
  await createStream(clients.kinesis, streamName, 2);
  const plan = { streamName, records: 3000, perSecond: 100_000, reshard: true };
  const produced = await produce(clients.kinesis, plan);
  await using first = consumer(server, 'all', 'first');
  await first.until(() => first.records >= 500, 'a part is read');
  await first.stop();
  await using second = consumer(server, 'all', 'second');
  await untilProcessed([first, second], produced);
  await second.stop();
  const parents = await parentsIn(clients.kinesis, streamName);
  const found = processed([first.heard, second.heard], { produced, parents, mayComeAgain: false });
  counted(t, processedText(found, produced));
});

test('kinesis-consumer shares shards in a group, one of which is killed', { skip }, async (t) => {
  await using server = await startGuardedServer();
  using clients = new OfficialClients(server.url, server.credentials, server.region);
  await createCheckpointTable(server, 'checkpoints');
  await createCheckpointTable(server, 'leases');
  await createStream(clients.kinesis, streamName, 2);
  await using one = consumer(server, 'group', 'one');
  await using two = consumer(server, 'group', 'two');
  const progress = (put: number) => {
    // Once it has taken over a shard, which takes it seconds.
    if (put >= 2010 && two.records > 0) void two.kill();
  };
  const plan = { streamName, records: 3000, perSecond: 150, reshard: true, progress };
  const produced = await produce(clients.kinesis, plan);
  await untilProcessed([one, two], produced);
  await one.stop();
  const parents = await parentsIn(clients.kinesis, streamName);
  const found = processed([one.heard, two.heard], { produced, parents, mayComeAgain: true });
  counted(t, `${processedText(found, produced)}; ${two.records} by the one that was killed`);
});

function consumer({ environment }: GuardedServer, kind: 'all' | 'group', member: string): ConsumerProcess {
  return new ConsumerProcess({
    command: ['./build/consumer', kind, streamName, member],
    folder,
    environment,
  });
}
