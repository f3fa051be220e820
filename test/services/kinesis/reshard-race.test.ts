import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestRandom } from '../../log/world.ts';
import { Harness } from './harness.ts';
import { type ReadRecord, readAll } from './read-all.ts';

type PutAnswer = { readonly ShardId: string; readonly SequenceNumber: string };

const producers = 8;
const putsEach = 60;

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`puts that race with splits, merges and scaling all arrive, once and in order (seed ${seed})`, async () => {
    await using server = await Harness.start({ limits: 'none', transitionDelay: 7 });
    await server.createStream('s', 2);
    const acknowledged = new Map<string, PutAnswer>();
    const random = new TestRandom(seed);
    const done = Promise.all(
      Array.from({ length: producers }, (_, producer) => produce(server, producer, random, acknowledged)),
    );
    await reshardUntil(server, random, done);
    await server.clock.advance(1000);

    const { records, shards } = await readAll(server, 's');
    checkOnce(records, acknowledged);
    checkOrder(records);
    assert.ok(shards > 6, `only ${shards} shards: nothing raced`);
  });
}

/** Puts one record after the other with one key, so that their order is known. */
async function produce(
  server: Harness,
  producer: number,
  random: TestRandom,
  acknowledged: Map<string, PutAnswer>,
): Promise<void> {
  for (let nth = 0; nth < putsEach; nth++) {
    const text = `${producer}/${String(nth).padStart(3, '0')}`;
    const record = { Data: Buffer.from(text).toString('base64'), PartitionKey: `key ${producer}` };
    if (random.below(2) === 0) {
      acknowledged.set(text, await server.call<PutAnswer>('PutRecord', { StreamName: 's', ...record }));
    } else {
      const answer = await server.call<{ Records: PutAnswer[] }>('PutRecords', {
        StreamName: 's',
        Records: [record],
      });
      acknowledged.set(text, answer.Records[0]!);
    }
    // At the instants at which streams are resharded, a few promises sooner or later.
    await server.clock.sleep(random.below(4));
    for (let turns = random.below(40); turns > 0; turns--) await undefined;
  }
}

/** Asks for one change after the other; those that come too early or do not fit are refused. */
async function reshardUntil(server: Harness, random: TestRandom, done: Promise<unknown>): Promise<void> {
  let going = true;
  void done.then(() => {
    going = false;
  });
  while (going) {
    const open = await openShards(server);
    const nth = random.below(open.length);
    const [shard, next] = [open[nth]!, open[nth + 1]];
    const kind = random.below(3);
    if (kind === 0) {
      const { StartingHashKey, EndingHashKey } = shard.HashKeyRange;
      const middle = (BigInt(StartingHashKey) + BigInt(EndingHashKey)) / 2n;
      await server.answer('SplitShard', {
        StreamName: 's',
        ShardToSplit: shard.ShardId,
        NewStartingHashKey: String(middle),
      });
    } else if (kind === 1 && next !== undefined) {
      await server.answer('MergeShards', {
        StreamName: 's',
        ShardToMerge: shard.ShardId,
        AdjacentShardToMerge: next.ShardId,
      });
    } else if (kind === 2) {
      await server.answer('UpdateShardCount', {
        StreamName: 's',
        TargetShardCount: 1 + random.below(5),
        ScalingType: 'UNIFORM_SCALING',
      });
    }
    await server.clock.advance(random.below(10));
  }
  await done;
}

type OpenShard = {
  readonly ShardId: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
};

async function openShards(server: Harness): Promise<OpenShard[]> {
  const { Shards } = await server.call<{ Shards: OpenShard[] }>('ListShards', {
    StreamName: 's',
    ShardFilter: { Type: 'AT_LATEST' },
  });
  const first = (shard: OpenShard) => BigInt(shard.HashKeyRange.StartingHashKey);
  return Shards.sort((a, b) => (first(a) < first(b) ? -1 : 1));
}

function checkOnce(records: readonly ReadRecord[], acknowledged: ReadonlyMap<string, PutAnswer>): void {
  assert.equal(acknowledged.size, producers * putsEach);
  const read = records.map(({ text, shard, sequenceNumber }) => `${text} ${shard} ${sequenceNumber}`);
  const put = [...acknowledged].map(
    ([text, { ShardId, SequenceNumber }]) => `${text} ${ShardId} ${SequenceNumber}`,
  );
  assert.deepEqual(read.sort(), put.sort());
}

/** Reading parents before children, what was put in order is read in order. */
function checkOrder(records: readonly ReadRecord[]): void {
  for (let producer = 0; producer < producers; producer++) {
    const own = records.filter(({ text }) => text.startsWith(`${producer}/`)).map(({ text }) => text);
    assert.deepEqual(own, own.toSorted());
  }
}
