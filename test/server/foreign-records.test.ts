import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecordsBatch } from '@platformatic/kafka';
import { silentLogger } from '../../src/env/logger.ts';
import { nodeWorkers } from '../../src/env/node-workers.ts';
import { startServer } from '../../src/server/server.ts';
import { WatchedKafka } from '../log/kafka/watched-kafka.ts';
import { TestRandom } from '../log/world.ts';
import { gatewaysOnFake, inItsTime } from '../services/kinesis/engine-under-test.ts';
import { Harness } from '../services/kinesis/harness.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';
import { noClient, noNetwork } from '../services/kinesis/no-network.ts';

type Records = {
  readonly Records: readonly {
    readonly Data: string;
    readonly PartitionKey?: string;
    readonly SequenceNumber: string;
  }[];
};

test('GetRecords shows what a program of Kafka wrote to the topic of a stream', async () => {
  const clock = new ManualClock();
  const { options, env } = gatewaysOnFake(clock)('gateway');
  const kafka = new WatchedKafka(await env.kafka({ clientId: 'test', tls: undefined, sasl: undefined }));
  const starting = startServer(options, {
    ...{ clock, random: new TestRandom(1), logger: silentLogger, workers: nodeWorkers },
    ...{ network: noNetwork, client: noClient },
    pressure: { busy: () => 0, idleCores: () => 0, heapBytesMax: () => 4 * 1024 ** 3 },
    panic(reason, cause) {
      throw new Error(reason, { cause });
    },
    ...env,
    kafka: async () => kafka,
  });
  const server = await inItsTime(starting, clock, true);
  const call = <Output>(operation: string, input: object): Promise<Output> =>
    inItsTime(Harness.of(server, clock).call<Output>(operation, input), clock, true);
  await call('CreateStream', { StreamName: 'foreign', ShardCount: 1 });
  const put = async (text: string) => {
    const input = { StreamName: 'foreign', PartitionKey: 'ours', Data: btoa(text) };
    for (;;) {
      const answer = Harness.of(server, clock).answer('PutRecord', input);
      if ((await inItsTime(answer, clock, true)).status === 200) return;
      await clock.advance(100);
    }
  };
  await put('before');
  const batches = kafka.requests.flatMap((request) => request.batches);
  const { topic, partition } = batches.find((batch) => batch.topic.includes('.stream.'))!;
  const value = Buffer.from('foreign');
  const headers = new Map([[Buffer.from('traceparent'), Buffer.from('00-1')]]);
  const bytes = createRecordsBatch([
    { topic, key: Buffer.from('key'), value, headers },
    { topic, value },
    { topic, key: Buffer.from([0xff, 0, 0xfe]), value },
    { topic, key: Buffer.from('tombstone'), value: null! },
    { topic, key: Buffer.alloc(300, 'k'), value },
  ]).buffer;
  const produced = Promise.all(
    [1, 2, 3].map(async (id) => {
      const connection = await kafka.connect({ host: `192.0.2.${id}`, port: 9092 });
      const [answer] = await connection.produce({ timeoutMs: 1_000, batches: [{ topic, partition, bytes }] });
      return answer!.error;
    }),
  );
  assert.deepEqual((await inItsTime(produced, clock, true)).sort(), [0, 6, 6]);
  await put('after');
  const shard = { StreamName: 'foreign', ShardId: 'shardId-000000000000' };
  const { ShardIterator } = await call<{ ShardIterator: string }>('GetShardIterator', {
    ...{ ...shard, ShardIteratorType: 'TRIM_HORIZON' },
  });
  const read = await call<Records>('GetRecords', { ShardIterator });
  assert.deepEqual(
    read.Records.map(({ PartitionKey = 'none', Data }) => [PartitionKey, atob(Data)]),
    [
      ['ours', 'before'],
      ['key', 'foreign'],
      ['none', 'foreign'],
      ['none', 'foreign'],
      ['tombstone', ''],
      ['none', 'foreign'],
      ['ours', 'after'],
    ],
  );
  const numbers = read.Records.map(({ SequenceNumber }) => BigInt(SequenceNumber));
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].sort((one, other) => (one < other ? -1 : 1)),
  );
  await inItsTime(server.close(), clock, true);
});
