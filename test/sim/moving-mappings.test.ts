import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterWorld } from '../../sim/cluster/cluster-world.ts';
import type { HttpResponse } from '../../src/env/network.ts';
import { parseShardId } from '../../src/kinesis/shard-id.ts';
import { type Server, startServer } from '../../src/server/server.ts';
import { authorization, jsonType } from '../services/kinesis/harness.ts';

const rootKey = 'TEST_CLUSTER_ROOT_KEY';
const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const mappings = '/2015-03-31/event-source-mappings';
const shards = 6;
const keys = Array.from({ length: 24 }, (_, index) => `key-${index}`);

/** A record in a call of the webhook, by its place among those that were put with its key. */
type Heard = { readonly key: string; readonly nth: number; readonly shard: string };

type Call = {
  readonly gateway: number;
  readonly began: number;
  readonly records: readonly Heard[];
};

type Sight = { readonly ShardId: string; readonly DoneRecords: number };

/** Gateways of one cluster in a world of its own time, with a mapping whose function is a webhook. */
class Play {
  readonly world: ClusterWorld;
  readonly calls: Call[] = [];
  readonly servers: (Server | undefined)[] = [];
  /** By key, how many of its records were acknowledged. */
  readonly put = new Map<string, number>();
  /** How long the function takes. */
  answerMs = 200;
  #uuid = '';
  #isOver = false;

  constructor(seed: number) {
    this.world = new ClusterWorld(seed, 3);
    process.env[rootKey] = 'cd'.repeat(32);
  }

  async start(index: number): Promise<Server> {
    const machine = this.world.machines[index]!;
    const brokers = this.world.brokers.addresses.map(({ host, port }) => `${host}:${port}`).join(',');
    const { env } = this.world.boot(machine);
    const on = { engine: 'kafka', brokers, rack: machine.rack, host: machine.host } as const;
    const more = { cluster: 'test', rootKey: `env:${rootKey}`, limits: 'none', audit: 'off' } as const;
    const client = {
      send: async ({ body }: { body: Uint8Array | string }) => this.#hear(index, String(body)),
    };
    const server = await startServer({ ...on, ...more, workers: 0 }, { ...env, client });
    this.servers[index] = server;
    return server;
  }

  /** Has two gateways serve a mapping that is Enabled. */
  async begin(): Promise<void> {
    const [one] = [await this.start(0), await this.start(1)];
    await this.kinesis('CreateStream', { StreamName: 'orders', ShardCount: shards });
    await this.#ask(one!, 'POST', '/2015-03-31/functions', {
      ...{ FunctionName: 'hook', Role: 'arn:aws:iam::000000000000:role/hook', Code: {} },
      Environment: { Variables: { MILLRACE_WEBHOOK_URL: 'http://127.0.0.1:9/' } },
    });
    const settings = { StartingPosition: 'TRIM_HORIZON', BatchSize: 3 };
    const made = { FunctionName: 'hook', EventSourceArn: streamArn, ...settings };
    this.#uuid = (await this.#ask<{ UUID: string }>(one!, 'POST', mappings, made)).UUID;
    await this.until(async () => {
      const { State } = await this.#ask<{ State: string }>(one!, 'GET', `${mappings}/${this.#uuid}`);
      return State === 'Enabled';
    });
  }

  async kinesis(operation: string, input: object): Promise<void> {
    const target = `Kinesis_20131202.${operation}`;
    const headers = ['Authorization', authorization, 'X-Amz-Target', target, 'Content-Type', jsonType];
    const { status, body } = await this.#send(this.servers[0]!, 'POST', '/', input, headers);
    assert.equal(status, 200, String(body));
  }

  /** Puts a record of each key now and then, until it is over. */
  async write(): Promise<void> {
    while (!this.#isOver) {
      for (const key of keys) {
        const nth = this.put.get(key) ?? 0;
        const Data = Buffer.from(JSON.stringify({ key, nth })).toString('base64');
        await this.kinesis('PutRecord', { StreamName: 'orders', PartitionKey: key, Data });
        this.put.set(key, nth + 1);
      }
      await this.world.scheduler.sleep(1_000);
    }
  }

  /** The mapping's shards as one of the gateways shows them. */
  async sights(index: number): Promise<readonly Sight[]> {
    type Shown = { readonly Mappings: readonly [{ readonly Shards: readonly Sight[] }] };
    const shown = await this.#ask<Shown>(this.servers[index]!, 'GET', '/millrace/2026-11-01/mappings');
    return shown.Mappings[0].Shards;
  }

  /** Which gateways have called the function since a time, for each shard. */
  runBy(since: number): ReadonlyMap<string, ReadonlySet<number>> {
    const found = new Map<string, Set<number>>();
    for (const { began, gateway, records } of this.calls) {
      const { shard } = records[0]!;
      if (began >= since) found.set(shard, (found.get(shard) ?? new Set()).add(gateway));
    }
    return found;
  }

  /** All that was acknowledged has come, and of each key in its order when it came first. */
  async allHasCome(): Promise<void> {
    this.#isOver = true;
    this.answerMs = 10;
    await this.until(() => {
      const came = new Set(
        this.calls.flatMap(({ records }) => records.map(({ key, nth }) => `${key} ${nth}`)),
      );
      return [...this.put].every(([key, count]) => {
        for (let nth = 0; nth < count; nth++) if (!came.has(`${key} ${nth}`)) return false;
        return true;
      });
    });
    const reached = new Map<string, number>();
    for (const { key, nth } of this.calls.flatMap(({ records }) => records)) {
      const next = reached.get(key) ?? 0;
      assert.ok(nth <= next, `${key} ${nth} came before ${next}`);
      reached.set(key, Math.max(next, nth + 1));
    }
  }

  async until(isSo: () => boolean | Promise<boolean>, limitMs = 120_000): Promise<void> {
    const { scheduler } = this.world;
    for (const end = scheduler.time + limitMs; !(await isSo()); ) {
      assert.ok(scheduler.time < end, 'what is waited for does not come');
      await scheduler.sleep(100);
    }
  }

  async run(play: () => Promise<void>): Promise<void> {
    const whole = async () => {
      await this.begin();
      const writing = this.write();
      await play();
      await this.allHasCome();
      await writing;
      const running = this.servers.filter((_, index) => this.world.machines[index]!.isAlive);
      await Promise.all(running.map((server) => server?.close()));
    };
    await this.world.scheduler.run(whole(), 900_000);
    this.world.brokers.close();
    assert.deepEqual(this.world.violations, []);
  }

  async #hear(gateway: number, body: string) {
    const { Records } = JSON.parse(body) as { readonly Records: readonly EventRecord[] };
    const records = Records.map(({ eventID, kinesis }) => ({
      ...(JSON.parse(String(Buffer.from(kinesis.data, 'base64'))) as { key: string; nth: number }),
      shard: eventID.slice(0, eventID.indexOf(':')),
    }));
    this.calls.push({ gateway, began: this.world.scheduler.time, records });
    await this.world.scheduler.sleep(this.answerMs);
    return { status: 200, headers: {}, body: Buffer.from('{}') };
  }

  async #ask<Answer>(server: Server, method: string, target: string, input?: object): Promise<Answer> {
    const headers = ['Authorization', authorization.replace('/kinesis/', '/lambda/')];
    const { status, body } = await this.#send(server, method, target, input, headers);
    assert.ok(status < 300, `${method} ${target} answered ${status} ${String(body)}`);
    return JSON.parse(String(body)) as Answer;
  }

  #send(
    server: Server,
    method: string,
    target: string,
    input: object | undefined,
    headers: readonly string[],
  ): Promise<HttpResponse> {
    return server.handle({
      ...{ method, target, body: Buffer.from(input === undefined ? '' : JSON.stringify(input)) },
      rawHeaders: ['Host', 'localhost', 'X-Amz-Date', '20231114T221320Z', ...headers],
    });
  }
}

type EventRecord = { readonly eventID: string; readonly kinesis: { readonly data: string } };

test('shards of a gateway that is killed run on elsewhere from their checkpoints, in order, within its lease', async () => {
  const play = new Play(3);
  await play.run(async () => {
    const { scheduler, machines } = play.world;
    const killed = machines[1]!;
    await play.until(() => [...play.runBy(0).values()].some((by) => by.has(1)));
    await scheduler.sleep(5_000);
    const checkpoints = await play.sights(0);
    assert.equal(checkpoints.length, shards);
    const at = scheduler.time;
    const its = [...play.runBy(at - 2_000)].flatMap(([shard, by]) => (by.has(1) ? [shard] : []));
    assert.ok(its.length > 0);
    play.world.kill(killed);
    await play.until(() =>
      its.every((shard) =>
        play
          .runBy(at + 1)
          .get(shard)
          ?.has(0),
      ),
    );
    // A lease of 10 s, a hundredth more for slow clocks, and looks of a second each.
    assert.ok(scheduler.time - at < 15_000, `${scheduler.time - at} ms`);
    await scheduler.sleep(5_000);
    for (const { ShardId: shard, DoneRecords: done } of checkpoints) {
      const first = play.calls.filter(({ began, records }) => began > at && records[0]!.shard === shard);
      const before = play.calls.filter(({ began, records }) => began <= at && records[0]!.shard === shard);
      const order = [...new Set(before.flatMap(({ records }) => records.map(nameOf)))];
      const again = first
        .flatMap(({ records }) => records.map(nameOf))
        .filter((name) => order.indexOf(name) < done);
      assert.deepEqual(
        again.filter((name) => order.includes(name)),
        [],
        `${parseShardId(shard)} ran again what was checkpointed`,
      );
    }
  });
});

test('a gateway that joins runs its share of the shards within a minute, and no batch runs twice for it', async () => {
  const play = new Play(5);
  await play.run(async () => {
    const { scheduler } = play.world;
    await scheduler.sleep(3_000);
    // Calls are under way when shards move.
    play.answerMs = 1_500;
    await play.start(2);
    await play.until(() => [...play.runBy(0).values()].some((by) => by.has(2)), 60_000);
    await scheduler.sleep(15_000);
    const by = play.runBy(scheduler.time - 8_000);
    const counts = [0, 1, 2].map((gateway) => [...by.values()].filter((each) => each.has(gateway)).length);
    assert.ok(
      counts.every((count) => count > 0 && count < shards),
      `shards run by each: ${counts}`,
    );
    // One gateway each.
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      by.size,
    );
    for (const index of [0, 1, 2]) {
      const shown = await play.sights(index);
      assert.deepEqual(new Set(shown.map(({ ShardId }) => ShardId)), new Set(by.keys()));
    }
  });
  const all = play.calls.flatMap(({ records }) => records.map(nameOf));
  assert.equal(new Set(all).size, all.length);
});

function nameOf({ key, nth }: Heard): string {
  return `${key} ${nth}`;
}
