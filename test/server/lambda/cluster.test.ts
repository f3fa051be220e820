import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientSend } from '../../../src/env/http-client.ts';
import { silentLogger } from '../../../src/env/logger.ts';
import { nodeWorkers } from '../../../src/env/node-workers.ts';
import { type Server, startServer } from '../../../src/server/server.ts';
import { TestRandom } from '../../log/world.ts';
import { gatewaysOnFake, inItsTime } from '../../services/kinesis/engine-under-test.ts';
import { Harness } from '../../services/kinesis/harness.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';
import { noNetwork } from '../../services/kinesis/no-network.ts';

const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const functions = '/2015-03-31/functions';
const mappings = '/2015-03-31/event-source-mappings';

/** Gateways of one cluster, whose functions are one webhook. */
class Gateways {
  readonly clock = new ManualClock();
  /** What the webhook was given, by whom. */
  readonly heard: { readonly gateway: number; readonly text: string }[] = [];
  /** Of the webhook. */
  calls = 0;
  readonly #shared = gatewaysOnFake(this.clock);
  #count = 0;

  async start(): Promise<Server> {
    const gateway = this.#count++;
    const { options, env } = this.#shared(`gateway-${gateway}`);
    const starting = startServer(
      { ...options, limits: 'none', port: 0 },
      {
        ...{ clock: this.clock, random: new TestRandom(gateway + 1), logger: silentLogger },
        ...{ network: noNetwork, workers: nodeWorkers },
        client: { send: async (request) => this.#hear(gateway, request) },
        pressure: { busy: () => 0, idleCores: () => 0, heapBytesMax: () => 4 * 1024 ** 3 },
        panic(reason, cause) {
          throw new Error(reason, { cause });
        },
        ...env,
      },
    );
    return await inItsTime(starting, this.clock, true);
  }

  /** The answer of a call of Lambda, which must succeed. */
  async call<Answer>(server: Server, method: string, target: string, input?: object): Promise<Answer> {
    const answering = server.handle({
      ...{ method, target, body: Buffer.from(input === undefined ? '' : JSON.stringify(input)) },
      rawHeaders: ['host', 'localhost', 'x-amz-date', '20231114T221320Z', 'authorization', authorization],
    });
    const { status, body } = await inItsTime(answering, this.clock, true);
    assert.ok(status < 300, `${method} ${target} answered ${status} ${body}`);
    return JSON.parse(String(body)) as Answer;
  }

  async put(server: Server, ...texts: readonly string[]): Promise<void> {
    const harness = Harness.of(server, this.clock);
    for (const text of texts) {
      const Data = Buffer.from(text).toString('base64');
      const put = { StreamName: 'orders', PartitionKey: 'key', Data };
      await inItsTime(harness.call('PutRecord', put), this.clock, true);
    }
  }

  async until(reached: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await reached())) await this.clock.advance(50);
  }

  #hear(gateway: number, { body }: ClientSend) {
    this.calls += 1;
    const { Records } = JSON.parse(String(body)) as { readonly Records: readonly Heard[] };
    for (const { kinesis } of Records) {
      this.heard.push({ gateway, text: String(Buffer.from(kinesis.data, 'base64')) });
    }
    return { status: 200, headers: {}, body: Buffer.from('{}') };
  }
}

type Heard = { readonly kinesis: { readonly data: string } };

const authorization =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231114/us-east-1/lambda/aws4_request, ' +
  `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;

/** Two gateways with a stream, and a mapping of it that is Enabled. */
async function mapped(gateways: Gateways): Promise<readonly [Server, Server, uuid: string]> {
  const [one, two] = [await gateways.start(), await gateways.start()];
  const harness = Harness.of(one, gateways.clock);
  await inItsTime(
    harness.call('CreateStream', { StreamName: 'orders', ShardCount: 1 }),
    gateways.clock,
    true,
  );
  await gateways.call(one, 'POST', functions, {
    ...{ FunctionName: 'hook', Role: 'arn:aws:iam::000000000000:role/hook', Code: {} },
    Environment: { Variables: { MILLRACE_WEBHOOK_URL: 'http://127.0.0.1:9/' } },
  });
  const made = { FunctionName: 'hook', EventSourceArn: streamArn, StartingPosition: 'TRIM_HORIZON' };
  const { UUID } = await gateways.call<{ UUID: string }>(one, 'POST', mappings, made);
  await gateways.until(async () => {
    const { State } = await gateways.call<{ State: string }>(two, 'GET', `${mappings}/${UUID}`);
    return State === 'Enabled';
  });
  return [one, two, UUID];
}

/** How often Lambda has called the function, as CloudWatch has it. */
async function invocations({ clock }: Gateways, server: Server): Promise<number> {
  const asked = {
    ...{ Namespace: 'AWS/Lambda', MetricName: 'Invocations', Period: 3600, Statistics: ['Sum'] },
    ...{ Dimensions: [{ Name: 'FunctionName', Value: 'hook' }] },
    ...{ StartTime: (clock.now() - 3_600_000) / 1000, EndTime: clock.now() / 1000 },
  };
  const answering = server.handle({
    ...{ method: 'POST', target: '/', body: Buffer.from(JSON.stringify(asked)) },
    rawHeaders: [
      ...['host', 'localhost', 'x-amz-date', '20231114T221320Z'],
      ...['authorization', authorization.replace('/lambda/', '/monitoring/')],
      ...['content-type', 'application/x-amz-json-1.0'],
      ...['x-amz-target', 'GraniteServiceVersion20100801.GetMetricStatistics'],
    ],
  });
  const { status, body } = await inItsTime(answering, clock, true);
  assert.equal(status, 200, String(body));
  const { Datapoints: points } = JSON.parse(String(body)) as { Datapoints: readonly { Sum: number }[] };
  return points.reduce((sum, { Sum }) => sum + Sum, 0);
}

test('what one gateway answered of functions and mappings is true at the next one asked', async () => {
  const gateways = new Gateways();
  const [one, two, uuid] = await mapped(gateways);
  type Found = { readonly Configuration: { readonly FunctionName: string } };
  const { Configuration } = await gateways.call<Found>(two, 'GET', `${functions}/hook`);
  assert.equal(Configuration.FunctionName, 'hook');
  for (const [at, other] of [
    [one, two],
    [two, one],
  ] as const) {
    const BatchSize = at === one ? 7 : 8;
    await gateways.call(at, 'PUT', `${mappings}/${uuid}`, { BatchSize });
    const seen = await gateways.call<{ BatchSize: number }>(other, 'GET', `${mappings}/${uuid}`);
    assert.equal(seen.BatchSize, BatchSize);
    await gateways.until(async () => {
      const { State } = await gateways.call<{ State: string }>(other, 'GET', `${mappings}/${uuid}`);
      return State === 'Enabled';
    });
  }
  await gateways.clock.advance(1);
  await inItsTime(Promise.all([one.close(), two.close()]), gateways.clock, true);
});

test('a shard of a mapping is run by one gateway, and by the next when that one ends', async () => {
  const gateways = new Gateways();
  const [one, two] = await mapped(gateways);
  const texts = ['one', 'two', 'three'];
  await gateways.put(one, ...texts);
  await gateways.until(() => gateways.heard.length >= texts.length);
  const { gateway: first } = gateways.heard[0]!;
  const { calls } = gateways;
  assert.deepEqual(
    gateways.heard,
    texts.map((text) => ({ gateway: first, text })),
  );
  await gateways.clock.advance(61_000);
  for (const gateway of [one, two]) assert.equal(await invocations(gateways, gateway), calls);
  const [ending, staying] = first === 0 ? [one, two] : [two, one];
  await inItsTime(ending.close(), gateways.clock, true);
  const began = gateways.clock.monotonic();
  await gateways.put(staying, 'four');
  await gateways.until(() => gateways.heard.length > texts.length);
  assert.deepEqual(gateways.heard.slice(texts.length), [{ gateway: 1 - first, text: 'four' }]);
  assert.ok(gateways.clock.monotonic() - began < 5_000);
  await inItsTime(staying.close(), gateways.clock, true);
});
