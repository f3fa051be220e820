import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterWorld } from '../../sim/cluster/cluster-world.ts';
import { type Server, startServer } from '../../src/server/server.ts';
import { authorization, jsonType } from '../services/kinesis/harness.ts';

const rootKey = 'TEST_CLUSTER_ROOT_KEY';

/** What a gateway answers to a call of Kinesis in JSON: its body, or the name of the error. */
async function ask(
  gateway: Server,
  operation: string,
  input: object,
  expected = 200,
): Promise<Record<string, unknown>> {
  const { status, body } = await gateway.handle({
    method: 'POST',
    target: '/',
    rawHeaders: [
      ...['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z', 'Authorization', authorization],
      ...['X-Amz-Target', `Kinesis_20131202.${operation}`, 'Content-Type', jsonType],
    ],
    body: Buffer.from(JSON.stringify(input)),
  });
  const answer = JSON.parse(String(body) || '{}') as Record<string, unknown>;
  assert.equal(status, expected, `${operation}: ${String(body)}`);
  return answer;
}

/** Plays with gateways of one cluster, which nothing harms, on fake brokers. `workers` of the second one. */
async function withGateways(
  seed: number,
  workers: 0 | 1,
  play: (gateways: readonly Server[], world: ClusterWorld) => Promise<void>,
): Promise<void> {
  const world = new ClusterWorld(seed, 3);
  process.env[rootKey] = 'cd'.repeat(32);
  const brokers = world.brokers.addresses.map(({ host, port }) => `${host}:${port}`).join(',');
  const run = async () => {
    const servers = await Promise.all(
      world.machines.map((machine, index) => {
        const { env } = world.boot(machine);
        const on = { engine: 'kafka', brokers, rack: machine.rack, host: machine.host } as const;
        const more = { cluster: 'test', rootKey: `env:${rootKey}`, limits: 'none', audit: 'off' } as const;
        return startServer({ ...on, ...more, workers: index === 1 ? workers : 0 }, env);
      }),
    );
    await play(servers, world);
    await Promise.all(servers.map((server) => server.close()));
  };
  await world.scheduler.run(run(), 600_000);
  world.brokers.close();
  assert.deepEqual(world.violations, []);
}

const named = (name: string) => ({ StreamName: name });

for (const workers of [0, 1] as const) {
  test(`what one gateway has answered is true at every other one, at once: ${workers} workers`, async () => {
    await withGateways(7 + workers, workers, async (gateways, world) => {
      for (let round = 0; round < 3; round++) {
        const [one, other, third] = [0, 1, 2].map((turn) => gateways[(round + turn) % 3]!);
        const name = `stream-${round}`;
        await ask(one!, 'CreateStream', { ...named(name), ShardCount: 1 });
        const again = await ask(other!, 'CreateStream', { ...named(name), ShardCount: 1 }, 400);
        assert.equal(again['__type'], 'ResourceInUseException');
        const listed = (await ask(third!, 'ListStreams', {}))['StreamNames'] as string[];
        assert.ok(listed.includes(name), 'a stream is listed everywhere once its creation is answered');
        const isActive = async () => {
          const described = await ask(one!, 'DescribeStreamSummary', named(name));
          return JSON.stringify(described).includes('"ACTIVE"');
        };
        while (!(await isActive())) await world.scheduler.sleep(10);
        const put = await ask(third!, 'PutRecord', { ...named(name), PartitionKey: 'k', Data: 'YQ==' });
        assert.match(
          String(put['SequenceNumber']),
          /^\d+$/,
          'a stream that is ACTIVE takes records everywhere',
        );
        await ask(other!, 'AddTagsToStream', { ...named(name), Tags: { round: String(round) } });
        const tags = await ask(one!, 'ListTagsForStream', named(name));
        assert.deepEqual(tags['Tags'], [{ Key: 'round', Value: String(round) }]);
        await ask(third!, 'IncreaseStreamRetentionPeriod', { ...named(name), RetentionPeriodHours: 48 });
        const described = await ask(other!, 'DescribeStreamSummary', named(name));
        assert.match(JSON.stringify(described), /"RetentionPeriodHours":48/);
      }
    });
  });
}
