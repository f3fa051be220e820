import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type Shard,
  SplitShardCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import type { GuardedServer } from './guarded-server.ts';

/** A record as a client program tells of it: the number that it bears and, where known, its shard. */
export type Seen = { readonly number: number; readonly shard?: string };

/** Records with a number have one of that many partition keys, each its own by the remainder. */
const keys = 17;

/** A stream of records that are numbered from 0 on, and shards that split and merge between them. */
export class NumberedStream implements Disposable {
  readonly name: string;
  readonly #client: KinesisClient;
  readonly #textOf: (number: number) => string;
  readonly #shards: string[] = [];

  /** Resolves when it is active. `textOf` is what a record holds, which has to tell its number. */
  static async create(
    server: GuardedServer,
    name: string,
    shards: number,
    textOf: (number: number) => string = String,
  ): Promise<NumberedStream> {
    const { url: endpoint, region, credentials } = server;
    const stream = new NumberedStream(name, new KinesisClient({ endpoint, region, credentials }), textOf);
    await stream.#client.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
    await stream.#active();
    return stream;
  }

  private constructor(name: string, client: KinesisClient, textOf: (number: number) => string) {
    this.name = name;
    this.#client = client;
    this.#textOf = textOf;
  }

  /** How many were put. */
  get count(): number {
    return this.#shards.length;
  }

  async put(count: number): Promise<void> {
    const end = this.count + count;
    while (this.count < end) {
      const first = this.count;
      const Records = Array.from({ length: Math.min(100, end - first) }, (_, index) => ({
        Data: Buffer.from(this.#textOf(first + index)),
        PartitionKey: `key-${(first + index) % keys}`,
      }));
      const answer = await this.#client.send(new PutRecordsCommand({ StreamName: this.name, Records }));
      assert.equal(answer.FailedRecordCount, 0);
      this.#shards.push(...answer.Records!.map(({ ShardId }) => ShardId!));
    }
  }

  /** Puts a few records at a time until that resolves, so that whoever takes over finds something. */
  async putUntil(done: Promise<void>): Promise<void> {
    let isDone = false;
    const ended = done.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await this.put(10);
      await Promise.race([sleep(100), ended]);
    }
    await ended;
  }

  /** Splits the first open shard in the middle. */
  async split(): Promise<void> {
    const [shard] = await this.#open();
    const { StartingHashKey, EndingHashKey } = shard!.HashKeyRange!;
    const NewStartingHashKey = String((BigInt(StartingHashKey!) + BigInt(EndingHashKey!)) / 2n + 1n);
    const split = { StreamName: this.name, ShardToSplit: shard!.ShardId, NewStartingHashKey };
    await this.#client.send(new SplitShardCommand(split));
    await this.#active();
  }

  /** Merges the first two open shards. */
  async merge(): Promise<void> {
    const [one, two] = await this.#open();
    const pair = { ShardToMerge: one!.ShardId, AdjacentShardToMerge: two!.ShardId };
    await this.#client.send(new MergeShardsCommand({ StreamName: this.name, ...pair }));
    await this.#active();
  }

  /** What is in it from its beginning, shard by shard, whoever put it. */
  async texts(): Promise<string[]> {
    const found: string[] = [];
    for (const { ShardId } of await this.#list()) {
      const from = { StreamName: this.name, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
      let { ShardIterator } = await this.#client.send(new GetShardIteratorCommand(from));
      while (ShardIterator !== undefined) {
        const page = await this.#client.send(new GetRecordsCommand({ ShardIterator }));
        found.push(...page.Records!.map(({ Data }) => Buffer.from(Data!).toString()));
        const isAtTip = page.MillisBehindLatest === 0 && page.Records!.length === 0;
        ShardIterator = isAtTip ? undefined : page.NextShardIterator;
      }
    }
    return found;
  }

  /**
   * Every record was seen, in its shard, in order for each partition key, and none of a shard before all of
   * its parents. Answers how many were seen again.
   */
  async check(seen: readonly Seen[]): Promise<number> {
    const firsts = new Map<number, number>();
    for (const [place, { number }] of seen.entries()) if (!firsts.has(number)) firsts.set(number, place);
    const missing = this.#shards.keys().filter((number) => !firsts.has(number));
    assert.deepEqual([...missing], [], 'every record is seen');
    for (const number of firsts.keys()) {
      assert.ok(number < this.count, `record ${number} was put`);
      const before = number - keys;
      assert.ok(before < 0 || firsts.get(before)! < firsts.get(number)!, `${number} comes after ${before}`);
    }
    if (seen.some(({ shard }) => shard !== undefined)) await this.#checkShards(seen, firsts);
    return seen.length - this.count;
  }

  async #checkShards(seen: readonly Seen[], firsts: ReadonlyMap<number, number>): Promise<void> {
    for (const { number, shard } of seen) assert.equal(shard, this.#shards[number], `shard of ${number}`);
    const lasts = new Map<string, number>();
    for (const [number, place] of firsts) {
      const shard = this.#shards[number]!;
      lasts.set(shard, Math.max(place, lasts.get(shard) ?? 0));
    }
    const parents = new Map((await this.#list()).map((shard) => [shard.ShardId!, parentsOf(shard)]));
    for (const [number, place] of firsts) {
      for (const parent of parents.get(this.#shards[number]!)!) {
        assert.ok((lasts.get(parent) ?? -1) < place, `${number} comes after all of ${parent}`);
      }
    }
  }

  async #open(): Promise<Shard[]> {
    const shards = await this.#list();
    const start = ({ HashKeyRange }: Shard) => BigInt(HashKeyRange!.StartingHashKey!);
    return shards
      .filter(({ SequenceNumberRange }) => SequenceNumberRange!.EndingSequenceNumber === undefined)
      .sort((one, two) => (start(one) < start(two) ? -1 : 1));
  }

  async #list(): Promise<Shard[]> {
    return (await this.#client.send(new ListShardsCommand({ StreamName: this.name }))).Shards!;
  }

  async #active(): Promise<void> {
    const patience = { client: this.#client, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.1 };
    await waitUntilStreamExists(patience, { StreamName: this.name });
  }

  [Symbol.dispose](): void {
    this.#client.destroy();
  }
}

function parentsOf({ ParentShardId, AdjacentParentShardId }: Shard): string[] {
  return [ParentShardId, AdjacentParentShardId].filter((parent) => parent !== undefined);
}
