import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../../harness/connection.ts';
import { Signer } from '../../harness/signer.ts';
import { latencyOf } from '../../harness/statistics.ts';
import { streamName } from '../load.ts';

/** A put that was acknowledged, by the clock of this process. */
export type SteadyPut = {
  readonly shard: number;
  readonly sentMs: number;
  readonly atMs: number;
  /** Answers that were no 200, and connections that ended, before. */
  readonly failures: number;
};

/**
 * Puts a small record to each of some equal parts of the hash keys every so often, whatever becomes of those
 * before, at several gateways in turn. What fails is put again, at the next gateway, until it is
 * acknowledged.
 */
export class SteadyPuts {
  readonly #ports: readonly number[];
  readonly #signers: readonly Signer[];
  readonly #shardCount: number;
  readonly #idle = new Map<number, Connection[]>();
  readonly #underWay = new Set<Promise<void>>();
  readonly acknowledged: SteadyPut[] = [];
  firstFailure: string | undefined;
  #isOver = false;
  readonly #loop: Promise<void>;

  constructor(ports: readonly number[], shardCount: number) {
    this.#ports = ports;
    this.#signers = ports.map((port) => new Signer(port));
    this.#shardCount = shardCount;
    this.#loop = this.#run();
  }

  /** Sends no more, and resolves when all that was sent is acknowledged. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#loop;
    await Promise.all(this.#underWay);
    for (const idle of this.#idle.values()) for (const connection of idle) connection.close();
  }

  /**
   * The milliseconds from some time to the first acknowledgement of a put that was sent after it: each
   * part's.
   */
  resumedMs(sinceMs: number): number[] {
    return Array.from({ length: this.#shardCount }, (_, shard) => {
      const later = this.acknowledged.filter((put) => put.shard === shard && put.sentMs >= sinceMs);
      return Math.min(...later.map(({ atMs }) => atMs)) - sinceMs;
    });
  }

  /** Of puts that were sent in a stretch of time. */
  between(fromMs: number, untilMs: number) {
    const within = this.acknowledged.filter(({ sentMs }) => sentMs >= fromMs && sentMs < untilMs);
    const failures = within.reduce((sum, put) => sum + put.failures, 0);
    return { ...latencyOf(within.map(({ sentMs, atMs }) => atMs - sentMs)), failures, puts: within.length };
  }

  async #run(): Promise<void> {
    for (let round = 0; !this.#isOver; round++) {
      for (let shard = 0; shard < this.#shardCount; shard++) {
        const put = this.#put(shard, round + shard);
        this.#underWay.add(put);
        const done = () => this.#underWay.delete(put);
        put.then(done, done);
      }
      await sleep(everyMs);
    }
  }

  async #put(shard: number, turn: number): Promise<void> {
    const sentMs = performance.now();
    for (let failures = 0; ; failures++) {
      const nth = (turn + failures) % this.#ports.length;
      if (await this.#attempt(shard, nth)) {
        this.acknowledged.push({ shard, sentMs, atMs: performance.now(), failures });
        return;
      }
      // All of them have failed.
      if (failures % this.#ports.length === this.#ports.length - 1) await sleep(retryMs);
      if (performance.now() - sentMs > patienceMs)
        throw new Error(`a put failed for long: ${this.firstFailure}`);
    }
  }

  async #attempt(shard: number, nth: number): Promise<boolean> {
    const port = this.#ports[nth]!;
    const width = 2n ** 128n / BigInt(this.#shardCount);
    const input = {
      StreamName: streamName,
      PartitionKey: 'steady',
      ExplicitHashKey: String(BigInt(shard) * width + width / 3n),
      Data: 'c3RlYWR5',
    };
    try {
      const connection = this.#idle.get(port)?.pop() ?? (await Connection.open(port));
      const request = this.#signers[nth]!.request('PutRecord', Buffer.from(JSON.stringify(input)));
      const { status, body } = await connection.exchange(request);
      this.#idle.set(port, [...(this.#idle.get(port) ?? []), connection]);
      if (status !== 200) this.firstFailure ??= `${status} ${body.toString('latin1', 0, 300)}`;
      return status === 200;
    } catch (error) {
      this.firstFailure ??= String(error);
      return false;
    }
  }
}

const everyMs = 25;
const retryMs = 25;
const patienceMs = 60_000;
