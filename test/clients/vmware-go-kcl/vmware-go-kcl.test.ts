import { test } from 'node:test';
import { OfficialClients } from '../../server/official-clients.ts';
import { ConsumerProcess, untilProcessed } from '../consumer-process.ts';
import { counted } from '../counted.ts';
import { onlyInFull } from '../extent.ts';
import { whyMissing } from '../foreign-program.ts';
import { type GuardedServer, startGuardedServer } from '../guarded-server.ts';
import { createStream, parentsIn, produce, splitFirst } from '../known-records.ts';
import { processed, processedText } from '../processed.ts';

const folder = new URL('./', import.meta.url);
const skip = onlyInFull || (await whyMissing(['go', 'build', '-o', 'build/consumer', '.'], folder));
const streamName = 'orders';

for (const kind of ['polling', 'fanout'] as const) {
  const what = `vmware-go-kcl-v2, ${kind}: a worker is killed after a split, and another comes`;
  test(what, { skip }, async (t) => {
    await using server = await startGuardedServer();
    using clients = new OfficialClients(server.url, server.credentials, server.region);
    // A worker takes four at most: no one has all of them.
    await createStream(clients.kinesis, streamName, 5);
    // Two that begin at once both make the table, and one of them fails for it.
    await using one = worker(server, kind, 'one');
    await one.until(() => one.heard.length > 0, 'the first has a shard');
    await using two = worker(server, kind, 'two');
    await two.until(() => two.heard.length > 0, 'the second has a shard');
    let split = Promise.resolve();
    const progress = (put: number) => {
      if (put === 990) split = splitFirst(clients.kinesis, streamName);
      if (put === 1500) void two.kill();
    };
    const plan = { streamName, records: 3000, perSecond: 200, reshard: false, progress };
    const produced = await produce(clients.kinesis, plan);
    await split;
    await using three = worker(server, kind, 'three');
    await untilProcessed([one, two, three], produced);
    await Promise.all([one.stop(), three.stop()]);
    const parents = await parentsIn(clients.kinesis, streamName);
    const found = processed([one.heard, two.heard, three.heard], { produced, parents, mayComeAgain: true });
    counted(t, processedText(found, produced));
  });
}

function worker({ environment }: GuardedServer, kind: 'polling' | 'fanout', name: string): ConsumerProcess {
  return new ConsumerProcess({ command: ['./build/consumer', kind, streamName, name], folder, environment });
}
