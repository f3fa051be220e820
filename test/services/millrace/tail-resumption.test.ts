import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import '../../property-seed.ts';
import { Harness } from '../kinesis/harness.ts';
import { type TailEvent, type TailReader, tailOf } from './tail-reader.ts';

type Step =
  | { readonly kind: 'put'; readonly keys: readonly number[] }
  | { readonly kind: 'split' | 'merge'; readonly at: number }
  | { readonly kind: 'wait'; readonly ms: number }
  /** The connection breaks, before or after the last event came, and the next one has a limit or none. */
  | { readonly kind: 'cut'; readonly isPartial: boolean; readonly limit: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    keys: fc.array(fc.nat(9), { minLength: 1, maxLength: 20 }),
  }),
  fc.record({ kind: fc.constantFrom('split' as const, 'merge' as const), at: fc.nat(9) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 10, 60, 300, 2_000) }),
  fc.record({
    kind: fc.constant('cut' as const),
    isPartial: fc.boolean(),
    limit: fc.constantFrom(0, 0, 1, 7),
  }),
);

/** A client that takes what came as its own when an id came behind it, and asks again from the last id. */
class Follower {
  readonly #server: Harness;
  readonly taken: string[] = [];
  #id: string | undefined;
  #reader: TailReader | undefined;
  #read = 0;
  #since: TailEvent[] = [];

  constructor(server: Harness) {
    this.#server = server;
  }

  async connect(limit = 0): Promise<void> {
    const behind = this.#id === undefined ? '' : `&lastEventId=${encodeURIComponent(this.#id)}`;
    const target = `/streams/s/tail?from=TRIM_HORIZON${behind}${limit > 0 ? `&limit=${limit}` : ''}`;
    this.#reader = (await tailOf(this.#server, target)).follow();
    this.#read = 0;
    this.#since = [];
  }

  /** Takes what came, but for the last `left` events. */
  take(left = 0): void {
    const { events } = this.#reader!;
    for (; this.#read < events.length - left; this.#read++) {
      const event = events[this.#read]!;
      this.#since.push(event);
      if (event.id === undefined) continue;
      this.#id = event.id;
      for (const { event: name, data } of this.#since) {
        if (name === 'record') this.taken.push(Buffer.from(String(data['data']), 'base64').toString());
      }
      this.#since = [];
    }
  }

  async cut(isPartial: boolean, limit: number): Promise<void> {
    this.take(isPartial ? 1 : 0);
    await this.#reader!.leave();
    await this.connect(limit);
  }

  async leave(): Promise<void> {
    await this.#reader!.leave();
  }
}

type ListedShard = {
  readonly ShardId: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string };
};

/** Splits a shard, or merges it with its neighbour, if that can be. */
async function reshard(server: Harness, kind: 'split' | 'merge', at: number): Promise<void> {
  const { Shards } = await server.call<{ Shards: ListedShard[] }>('ListShards', { StreamName: 's' });
  const open = Shards.filter(
    ({ SequenceNumberRange }) => SequenceNumberRange.EndingSequenceNumber === undefined,
  );
  open.sort((a, b) =>
    BigInt(a.HashKeyRange.StartingHashKey) < BigInt(b.HashKeyRange.StartingHashKey) ? -1 : 1,
  );
  const shard = open[at % open.length]!;
  const next = open[(at % open.length) + 1];
  const { StartingHashKey, EndingHashKey } = shard.HashKeyRange;
  if (kind === 'split') {
    const NewStartingHashKey = String((BigInt(StartingHashKey) + BigInt(EndingHashKey) + 1n) / 2n);
    await server.answer('SplitShard', { StreamName: 's', ShardToSplit: shard.ShardId, NewStartingHashKey });
  } else if (next !== undefined) {
    const adjacent = { AdjacentShardToMerge: next.ShardId };
    await server.answer('MergeShards', { StreamName: 's', ShardToMerge: shard.ShardId, ...adjacent });
  }
}

async function run(steps: readonly Step[]): Promise<void> {
  await using server = await Harness.start({ limits: 'none', transitionDelay: 20 });
  await server.createStream('s', 2);
  const follower = new Follower(server);
  await follower.connect();
  const put: string[] = [];
  const counts = new Map<number, number>();
  for (const each of steps) {
    if (each.kind === 'put') {
      const Records = each.keys.map((key) => {
        const count = (counts.get(key) ?? 0) + 1;
        counts.set(key, count);
        put.push(`${key}-${count}`);
        const ExplicitHashKey = String((2n ** 128n / 10n) * BigInt(key));
        return { PartitionKey: `${key}`, ExplicitHashKey, Data: Buffer.from(put.at(-1)!).toString('base64') };
      });
      await server.call('PutRecords', { StreamName: 's', Records });
    } else if (each.kind === 'cut') await follower.cut(each.isPartial, each.limit);
    else if (each.kind === 'wait') await server.clock.advance(each.ms);
    else await reshard(server, each.kind, each.at);
  }
  await follower.cut(false, 0);
  await server.clock.advance(5_000);
  follower.take();
  await follower.leave();
  assert.deepEqual([...follower.taken].sort(), [...put].sort());
  for (const key of counts.keys()) {
    const numbers = follower.taken.filter((text) => text.startsWith(`${key}-`));
    assert.deepEqual(
      numbers,
      put.filter((text) => text.startsWith(`${key}-`)),
      `the order of key ${key}`,
    );
  }
}

test('a tail that is cut off anywhere, in the middle of splits and merges, misses nothing and repeats nothing', async () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 40 });
  await fc.assert(fc.asyncProperty(steps, run), { numRuns: 60 });
});
