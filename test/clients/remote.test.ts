import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DeleteResourcePolicyCommand,
  DeleteStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  EnableEnhancedMonitoringCommand,
  GetRecordsCommand,
  GetResourcePolicyCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamConsumersCommand,
  ListTagsForResourceCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  type ShardIteratorType,
  SplitShardCommand,
  SubscribeToShardCommand,
  waitUntilStreamExists,
  waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis';
import { startGuardedServer } from './guarded-server.ts';

// The same scenario here and, with REMOTE=1, in the account and region that the environment names: what
// passes in both is no invention of ours. There it makes one stream of up to three shards, for some minutes,
// and deletes it.
const remote = process.env['REMOTE'] === '1';
const skip =
  !remote && 'REMOTE=1 runs it against AWS itself, with the credentials of the environment, and costs money';

test('the official client finds here what it finds at AWS', async () => {
  await using server = await startGuardedServer();
  const { url: endpoint, region, credentials } = server;
  await work(new KinesisClient({ endpoint, region, credentials }), {
    maxWaitTime: 20,
    minDelay: 0.05,
    maxDelay: 0.1,
  });
});

test('the official client finds it at AWS', { skip }, () =>
  work(new KinesisClient({}), { maxWaitTime: 300, minDelay: 2, maxDelay: 5 }),
);

type Patience = { readonly maxWaitTime: number; readonly minDelay: number; readonly maxDelay: number };

async function work(client: KinesisClient, patience: Patience): Promise<void> {
  const scenario = new Scenario(client, patience);
  try {
    await scenario.create();
    await scenario.putAndRead();
    await scenario.subscribe();
    await scenario.split();
    await scenario.set();
    await scenario.err();
  } finally {
    await scenario.remove();
    client.destroy();
  }
}

/** Steps of one stream's life. AWS is not consistent at once, so what is waited for is asked for again. */
class Scenario {
  readonly #client: KinesisClient;
  readonly #patience: Patience;
  /** A name of its own, because nothing else may be in the way, nor be deleted. */
  readonly #name = `millrace-scenario-${Date.now()}`;
  #arn = '';

  constructor(client: KinesisClient, patience: Patience) {
    this.#client = client;
    this.#patience = patience;
  }

  async create(): Promise<void> {
    await this.#client.send(
      new CreateStreamCommand({ StreamName: this.#name, ShardCount: 1, Tags: { from: 'millrace' } }),
    );
    await this.#active();
    const { StreamDescriptionSummary: summary } = await this.#client.send(
      new DescribeStreamSummaryCommand({ StreamName: this.#name }),
    );
    this.#arn = summary!.StreamARN!;
    assert.match(this.#arn, new RegExp(`^arn:aws[a-z-]*:kinesis:[^:]+:\\d{12}:stream/${this.#name}$`));
    assert.equal(summary?.OpenShardCount, 1);
    assert.equal(summary?.RetentionPeriodHours, 24);
    assert.equal(summary?.StreamModeDetails?.StreamMode, 'PROVISIONED');
    assert.equal(summary?.EncryptionType, 'NONE');
  }

  async putAndRead(): Promise<void> {
    const one = await this.#client.send(
      new PutRecordCommand({ StreamName: this.#name, Data: Buffer.from('one'), PartitionKey: 'ä' }),
    );
    assert.equal(one.ShardId, 'shardId-000000000000');
    assert.match(one.SequenceNumber!, /^\d{56}$/);
    const many = await this.#client.send(
      new PutRecordsCommand({
        StreamName: this.#name,
        Records: ['two', 'three'].map((word) => ({ Data: Buffer.from(word), PartitionKey: 'k' })),
      }),
    );
    assert.equal(many.FailedRecordCount, 0);
    assert.deepEqual(await this.#read('TRIM_HORIZON', 3), ['one', 'two', 'three']);
    assert.deepEqual(await this.#read('AFTER_SEQUENCE_NUMBER', 2, one.SequenceNumber), ['two', 'three']);
  }

  async subscribe(): Promise<void> {
    const { Consumer } = await this.#client.send(
      new RegisterStreamConsumerCommand({ StreamARN: this.#arn, ConsumerName: 'billing' }),
    );
    const { ConsumerARN } = Consumer!;
    assert.equal(Consumer?.ConsumerStatus, 'CREATING');
    await this.#until(async () => {
      const { ConsumerDescription } = await this.#client.send(
        new DescribeStreamConsumerCommand({ ConsumerARN }),
      );
      return ConsumerDescription?.ConsumerStatus === 'ACTIVE';
    });
    const { Consumers } = await this.#client.send(new ListStreamConsumersCommand({ StreamARN: this.#arn }));
    assert.deepEqual(
      Consumers?.map(({ ConsumerName }) => ConsumerName),
      ['billing'],
    );
    const leave = new AbortController();
    const StartingPosition = { Type: 'TRIM_HORIZON' } as const;
    const { EventStream } = await this.#client.send(
      new SubscribeToShardCommand({ ConsumerARN, ShardId: 'shardId-000000000000', StartingPosition }),
      { abortSignal: leave.signal },
    );
    const heard: string[] = [];
    for await (const { SubscribeToShardEvent: event } of EventStream!) {
      assert.ok(event?.ContinuationSequenceNumber !== undefined);
      heard.push(...(event.Records ?? []).map(({ Data }) => Buffer.from(Data!).toString()));
      if (heard.length >= 3) break;
    }
    leave.abort();
    assert.deepEqual(heard, ['one', 'two', 'three']);
  }

  async split(): Promise<void> {
    const NewStartingHashKey = String(2n ** 127n);
    await this.#client.send(
      new SplitShardCommand({
        StreamName: this.#name,
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey,
      }),
    );
    await this.#active();
    const { Shards } = await this.#client.send(new ListShardsCommand({ StreamName: this.#name }));
    assert.deepEqual(
      Shards?.map(({ ShardId, ParentShardId, HashKeyRange }) => [
        ShardId?.slice(-1),
        ParentShardId?.slice(-1),
        HashKeyRange?.StartingHashKey,
      ]),
      [
        ['0', undefined, '0'],
        ['1', '0', '0'],
        ['2', '0', NewStartingHashKey],
      ],
    );
    assert.ok(Shards?.[0]?.SequenceNumberRange?.EndingSequenceNumber !== undefined);
  }

  async set(): Promise<void> {
    const StreamName = this.#name;
    await this.#client.send(new AddTagsToStreamCommand({ StreamName, Tags: { stage: 'test' } }));
    const { Tags } = await this.#client.send(new ListTagsForResourceCommand({ ResourceARN: this.#arn }));
    assert.deepEqual(Object.fromEntries(Tags!.map(({ Key, Value }) => [Key, Value])), {
      from: 'millrace',
      stage: 'test',
    });
    // The same number of hours is no error: provisioning tools rely on it.
    await this.#client.send(
      new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 24 }),
    );
    await this.#active();
    const metrics = await this.#client.send(
      new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ['IncomingBytes'] }),
    );
    assert.deepEqual(metrics.DesiredShardLevelMetrics, ['IncomingBytes']);
    const { Policy } = await this.#client.send(new GetResourcePolicyCommand({ ResourceARN: this.#arn }));
    assert.equal(Policy, '{}');
    await this.#refused(
      this.#client.send(new DeleteResourcePolicyCommand({ ResourceARN: this.#arn })),
      'ResourceNotFoundException',
    );
  }

  async err(): Promise<void> {
    const StreamName = this.#name;
    const account = this.#arn.split(':')[4];
    const missing = new PutRecordCommand({
      StreamName: `${StreamName}-0`,
      Data: Buffer.of(1),
      PartitionKey: 'k',
    });
    const text = `Stream ${StreamName}-0 under account ${account} not found.`;
    await this.#refused(this.#client.send(missing), 'ResourceNotFoundException', text);
    await this.#active();
    const again = new CreateStreamCommand({ StreamName, ShardCount: 1 });
    await this.#refused(
      this.#client.send(again),
      'ResourceInUseException',
      `Stream ${StreamName} under account ${account} already exists.`,
    );
    await this.#refused(
      this.#client.send(new GetRecordsCommand({ ShardIterator: 'nonsense' })),
      'InvalidArgumentException',
    );
    // It has a consumer.
    await this.#refused(this.#client.send(new DeleteStreamCommand({ StreamName })), 'ResourceInUseException');
  }

  async remove(): Promise<void> {
    const StreamName = this.#name;
    await this.#client.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: true }));
    await waitUntilStreamNotExists({ client: this.#client, ...this.#patience }, { StreamName });
  }

  async #active(): Promise<void> {
    await waitUntilStreamExists({ client: this.#client, ...this.#patience }, { StreamName: this.#name });
  }

  /** Reads from the one shard until there are so many records. */
  async #read(
    ShardIteratorType: ShardIteratorType,
    count: number,
    StartingSequenceNumber?: string,
  ): Promise<string[]> {
    const StreamName = this.#name;
    const ShardId = 'shardId-000000000000';
    let { ShardIterator } = await this.#client.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType, StartingSequenceNumber }),
    );
    const words: string[] = [];
    await this.#until(async () => {
      const { Records, NextShardIterator } = await this.#client.send(
        new GetRecordsCommand({ ShardIterator }),
      );
      words.push(...Records!.map(({ Data }) => Buffer.from(Data!).toString()));
      ShardIterator = NextShardIterator;
      return words.length >= count;
    });
    return words;
  }

  async #refused(answer: Promise<unknown>, name: string, message?: string): Promise<void> {
    await assert.rejects(answer, { name, ...(message !== undefined && { message }) });
  }

  async #until(holds: () => Promise<boolean>): Promise<void> {
    const { maxWaitTime, minDelay } = this.#patience;
    for (let waited = 0; !(await holds()); waited += minDelay) {
      assert.ok(waited < maxWaitTime, `not within ${maxWaitTime} s`);
      await sleep(minDelay * 1000);
    }
  }
}
