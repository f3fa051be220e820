import { setTimeout as sleep } from 'node:timers/promises';
import { listShards } from '../../harness/listing.ts';
import type { StreamModel } from '../../harness/model.ts';
import { describe } from '../../harness/owner.ts';
import { complain, repeat, type Work } from '../../harness/workload.ts';
import { putRecord } from '../../harness/writer.ts';
import { hashKeyMax } from '../../src/kinesis/hash-key.ts';
import type { Crew } from '../crew.ts';

/** As many as make it likely that each broker leads one. */
const shards = 4;

/**
 * Longer than clients of AWS wait at first, short enough that what hangs is soon asked of another gateway.
 */
const patienceMs = 2_000;

/**
 * Clients that put a record into each shard of a stream, over and over, each again at another gateway when it
 * fails: how long puts stood still is what they show.
 */
export class Pulse {
  readonly #beats = Array.from({ length: shards }, () => ({ sent: 0, answered: 0 }));
  #stream: StreamModel | undefined;

  get crew(): Crew {
    return this.#beats.map((_, shard) => ({
      name: `pulse ${shard + 1}`,
      patienceMs,
      run: (work: Work) => this.#run(work, shard),
    }));
  }

  /**
   * Resolves when every shard took a record that was sent since then. Answers how long that was after, in
   * milliseconds; undefined when it was not to be.
   */
  async resumed(since: number): Promise<number | undefined> {
    for (const end = performance.now() + resumedMsMax; performance.now() < end; await sleep(5)) {
      if (this.#beats.every(({ sent }) => sent >= since))
        return Math.max(...this.#beats.map(({ answered }) => answered)) - since;
    }
    return undefined;
  }

  async #run(work: Work, shard: number): Promise<void> {
    const hashKey = ((hashKeyMax + 1n) / BigInt(shards)) * BigInt(shard) + 1n;
    if (shard === 0) await this.#create(work);
    await repeat(work, pauseMsMax, async () => {
      if (this.#stream === undefined) return;
      const sent = performance.now();
      if (await putRecord(work, this.#stream, hashKey))
        this.#beats[shard] = { sent, answered: performance.now() };
    });
  }

  async #create(work: Work): Promise<void> {
    while (!work.isOver()) {
      const answer = await work.client.call('CreateStream', { StreamName: 'pulse', ShardCount: shards });
      complain(work, answer);
      const exists =
        answer.kind !== 'silence' && (answer.kind === 'output' || answer.type === 'ResourceInUseException');
      if (exists) break;
      await work.world.scheduler.sleep(100);
    }
    const stream = work.model.stream('pulse');
    stream.created = work.model.moment();
    while (!work.isOver() && (await describe(work, stream)) !== 'ACTIVE')
      await work.world.scheduler.sleep(100);
    await listShards(work, stream, { inOnePage: true });
    this.#stream = stream;
  }
}

const pauseMsMax = 500;
/** Long: a slow machine is no broken promise. */
const resumedMsMax = 180_000;
