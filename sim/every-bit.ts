import { startServer } from '../src/server/server.ts';
import { Client } from './client.ts';
import { saysWhatRotted } from './rot.ts';
import type { Storage } from './storage.ts';
import { World } from './world.ts';

/** A bit of a data directory that flipped, and what came of it. */
export type Flip = {
  readonly outcome: 'found' | 'harmless' | 'unnoticed';
  /** Which file, byte and bit. */
  readonly place: string;
};

/**
 * Makes a small data directory and closes it. Then flips each of its bits, one at a time, starts a server and
 * compares all that it shows with what was there before. Takes every `step`th bit only.
 */
export async function* flipEveryBit(step = 1): AsyncGenerator<Flip> {
  const { storage, truth } = await makeDirectory();
  for (const [index, { size }] of storage.filesIn('.').entries()) {
    for (let bit = 0; bit < size * 8; bit += step) {
      const flipped = storage.copy();
      flipped.filesIn('.')[index]!.rot((bytes) => {
        bytes[bit >> 3]! ^= 1 << (bit & 7);
      });
      const shown = await inWorld(flipped, show);
      const outcome = shown === undefined ? 'found' : shown === truth ? 'harmless' : 'unnoticed';
      yield { outcome, place: `file ${index}, byte ${bit >> 3}, bit ${bit & 7}` };
    }
  }
}

async function makeDirectory(): Promise<{ storage: Storage; truth: string }> {
  const world = new World(1);
  await inWorld(world.storage, fill, world);
  const truth = await inWorld(world.storage.copy(), show);
  if (truth === undefined) throw new Error('The directory cannot be read as it is.');
  return { storage: world.storage, truth };
}

/**
 * Runs a server, lets a client do something, and closes it. Undefined when the server says that something is
 * damaged.
 */
async function inWorld(
  storage: Storage,
  act: (client: Client, world: World) => Promise<string | undefined>,
  world = new World(1, undefined, storage),
): Promise<string | undefined> {
  const life = async () => {
    const { process, env } = world.boot();
    const server = await startServer({ limits: 'none', segmentBytes: 4096 }, env);
    const shown = await act(new Client(world, 'client'), world);
    await server.close();
    world.kill(process);
    return shown;
  };
  try {
    return await world.scheduler.run(life());
  } catch (error) {
    if (saysWhatRotted(error)) return undefined;
    throw error;
  }
}

const StreamName = 'orders';
const shards = ['shardId-000000000000', 'shardId-000000000001', 'shardId-000000000002'];

/** A stream with tags, records, and a shard that was split. */
async function fill(client: Client, { scheduler }: World): Promise<undefined> {
  await client.call('CreateStream', { StreamName, ShardCount: 1 });
  await scheduler.sleep(500);
  await client.call('AddTagsToStream', { StreamName, Tags: { team: 'orders' } });
  const put = (text: string) =>
    client.call('PutRecord', { StreamName, PartitionKey: text, Data: Buffer.from(text).toString('base64') });
  for (const text of ['one', 'two', 'three']) await put(text);
  const NewStartingHashKey = String(2n ** 127n);
  await client.call('SplitShard', { StreamName, ShardToSplit: shards[0], NewStartingHashKey });
  await scheduler.sleep(500);
  for (const text of ['four', 'five', 'six']) await put(text);
}

/** All that there is to see, as one text; undefined when something of it is refused. */
async function show(client: Client): Promise<string | undefined> {
  const answers: unknown[] = [];
  const see = async (operation: string, input: object): Promise<unknown> => {
    const answer = await client.call(operation, input);
    if (answer.kind !== 'output') return undefined;
    answers.push(answer.output);
    return answer.output;
  };
  const looks = ['DescribeStreamSummary', 'ListShards', 'ListTagsForStream', 'ListStreamConsumers'] as const;
  const StreamARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`;
  for (const operation of looks) {
    const input = operation === 'ListStreamConsumers' ? { StreamARN } : { StreamName };
    if ((await see(operation, input)) === undefined) return undefined;
  }
  for (const ShardId of shards) {
    const place = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    const answer = await client.call<{ readonly ShardIterator: string }>('GetShardIterator', place);
    if (answer.kind !== 'output') return undefined;
    if ((await see('GetRecords', answer.output)) === undefined) return undefined;
  }
  // An iterator and how far behind it is tell the time.
  return JSON.stringify(answers).replaceAll(/"(NextShardIterator|MillisBehindLatest)":("[^"]*"|\d+),?/g, '');
}
