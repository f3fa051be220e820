import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../harness/connection.ts';
import { dynamodb, Signer } from '../harness/signer.ts';
import { latencyOf } from '../harness/statistics.ts';
import { ownerIndex } from '../harness/tables.ts';
import { leaseKeyOf, leaseTable, renewal, workerOf } from './lease-table.ts';
import type { FleetLoad, FleetOutcome } from './load.ts';
import { Stopwatch } from './stopwatch.ts';

/** A fleet at work for a while, and nothing else. */
export async function fleet(port: number, serverPid: number, load: FleetLoad): Promise<FleetOutcome> {
  const workers = await Fleet.start(port, load);
  const stopwatch = new Stopwatch(serverPid);
  await sleep(load.seconds * 1000);
  const spent = stopwatch.stop();
  return { ...spent, ...(await workers.stop()) };
}

/**
 * Workers as KCL has them with a failover time of 10 s: each renews its leases every third of it and asks the
 * index which are its own; now and then each scans the table.
 */
export class Fleet {
  readonly #workers: readonly FleetWorker[];
  readonly #runs: Promise<unknown>;

  static async start(port: number, load: Pick<FleetLoad, 'workers' | 'leases'>): Promise<Fleet> {
    const signer = new Signer(port, undefined, dynamodb);
    const connections = await Connection.openMany(port, load.workers);
    return new Fleet(connections.map((connection, nth) => new FleetWorker(connection, signer, nth, load)));
  }

  private constructor(workers: readonly FleetWorker[]) {
    this.#workers = workers;
    this.#runs = Promise.all(workers.map((worker) => worker.run()));
  }

  /** Rejects with what the server said when it refused anything. */
  async stop(): Promise<{ renewals: number; p50Ms: number; p99Ms: number; maxMs: number }> {
    for (const worker of this.#workers) worker.isOver = true;
    await this.#runs;
    const latencies = this.#workers.flatMap((worker) => worker.latencies);
    return { renewals: latencies.length, ...latencyOf(latencies) };
  }
}

const renewMs = 10_000 / 3;
/** In rounds of renewals: about 30 s, as KCL looks for leases that nobody renews. */
const scanEvery = 9;

class FleetWorker {
  readonly #connection: Connection;
  readonly #signer: Signer;
  readonly #nth: number;
  readonly #workers: number;
  readonly #own: readonly number[];
  /** By lease. */
  readonly #counters = new Map<number, number>();
  readonly latencies: number[] = [];
  isOver = false;

  constructor(
    connection: Connection,
    signer: Signer,
    nth: number,
    { workers, leases }: Pick<FleetLoad, 'workers' | 'leases'>,
  ) {
    this.#connection = connection;
    this.#signer = signer;
    this.#nth = nth;
    this.#workers = workers;
    this.#own = Array.from({ length: leases }, (_, lease) => lease).filter(
      (lease) => lease % workers === nth,
    );
  }

  async run(): Promise<void> {
    try {
      await this.#learnCounters();
      await sleep((renewMs * this.#nth) / this.#workers);
      for (let round = this.#nth; !this.isOver; round++) await this.#round(round);
    } finally {
      this.#connection.close();
    }
  }

  async #round(round: number): Promise<void> {
    const startMs = performance.now();
    for (const [index, lease] of this.#own.entries()) {
      if (this.isOver) return;
      await this.#renew(lease);
      // Spread over the time that there is, as threads of a pool that wait for each other do.
      const dueMs = startMs + (0.8 * renewMs * (index + 1)) / this.#own.length;
      if (dueMs - performance.now() > 1) await sleep(dueMs - performance.now());
    }
    await this.#askIndex();
    if (round % scanEvery === 0) await this.#scan();
    const leftMs = startMs + renewMs - performance.now();
    if (leftMs > 0 && !this.isOver) await sleep(leftMs);
  }

  async #renew(lease: number): Promise<void> {
    const counter = this.#counters.get(lease) ?? 0;
    const sentMs = performance.now();
    await this.#call('UpdateItem', renewal(lease, this.#workers, counter, counter + 1, this.#nth % 2 === 0));
    this.latencies.push(performance.now() - sentMs);
    this.#counters.set(lease, counter + 1);
  }

  /** A fleet may have worked on the table before. */
  async #learnCounters(): Promise<void> {
    for (const item of await this.#scan()) {
      const lease = Number(item.leaseKey.S.slice(leaseKeyOf(0).indexOf('0')));
      this.#counters.set(lease, Number(item.leaseCounter.N));
    }
  }

  async #scan(): Promise<readonly LeaseItem[]> {
    const items: LeaseItem[] = [];
    let start = {};
    for (;;) {
      const input = { TableName: leaseTable, ConsistentRead: true, ...start };
      const page = (await this.#call('Scan', input)) as Page;
      items.push(...page.Items);
      if (page.LastEvaluatedKey === undefined) return items;
      start = { ExclusiveStartKey: page.LastEvaluatedKey };
    }
  }

  async #askIndex(): Promise<void> {
    const answer = (await this.#call('Query', {
      TableName: leaseTable,
      IndexName: ownerIndex,
      KeyConditionExpression: 'leaseOwner = :owner',
      ExpressionAttributeValues: { ':owner': { S: workerOf(this.#nth, this.#workers) } },
    })) as Page;
    if (answer.Items.length !== this.#own.length)
      throw new Error(`the index names ${answer.Items.length} leases of ${this.#own.length}`);
  }

  async #call(operation: string, input: object): Promise<unknown> {
    const request = this.#signer.request(operation, Buffer.from(JSON.stringify(input)));
    const { status, body } = await this.#connection.exchange(request);
    if (status !== 200) throw new Error(`${operation}: ${status} ${body.toString('latin1', 0, 300)}`);
    return JSON.parse(body.toString());
  }
}

type LeaseItem = { readonly leaseKey: { readonly S: string }; readonly leaseCounter: { readonly N: string } };
type Page = { readonly Items: readonly LeaseItem[]; readonly LastEvaluatedKey?: object };
