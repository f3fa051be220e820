import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../../harness/random.ts';
import { Client } from '../client.ts';

/** A record that the server acknowledged. */
export type Put = {
  readonly id: string;
  readonly key: string;
  readonly data: string;
  readonly shard: string;
  readonly number: bigint;
};

type Answered = {
  readonly Records: readonly {
    readonly ShardId?: string;
    readonly SequenceNumber?: string;
  }[];
};

/** Puts records that say who they are, as long as it is let, and keeps those that were acknowledged. */
export class Producer {
  readonly #client: Client;
  readonly #stream: string;
  readonly #random: SeededRandom;
  readonly #puts = new Map<string, Put>();
  #sent = 0;
  #isOver = false;
  #isHeld = false;
  readonly #ended: Promise<void>;

  constructor(port: () => number | undefined, stream: string, random: SeededRandom) {
    this.#client = new Client('producer', port);
    this.#stream = stream;
    this.#random = random;
    this.#ended = this.#produce();
  }

  get acknowledged(): ReadonlyMap<string, Put> {
    return this.#puts;
  }

  /** Puts nothing more until it is let go on. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#client.close();
    await this.#ended;
  }

  async #produce(): Promise<void> {
    while (!this.#isOver) {
      if (!this.#isHeld) await this.#put(this.#random.between(1, 20));
      await sleep(this.#random.real(0, 40));
    }
  }

  async #put(count: number): Promise<void> {
    const records = Array.from({ length: count }, () => this.#next());
    const entries = records.map(({ data, key }) => {
      return { Data: Buffer.from(data).toString('base64'), PartitionKey: key };
    });
    const input = { StreamName: this.#stream, Records: entries };
    const answer = await this.#client.call<Answered>('PutRecords', input);
    if (answer.kind !== 'output') return;
    for (const [index, { ShardId, SequenceNumber }] of answer.output.Records.entries()) {
      if (ShardId === undefined || SequenceNumber === undefined) continue;
      const record = records[index]!;
      this.#puts.set(record.id, { ...record, shard: ShardId, number: BigInt(SequenceNumber) });
    }
  }

  #next() {
    const nth = this.#sent++;
    const id = `t${nth}`;
    const data = `${id} ${nth % poisonEvery === 0 ? 'poison' : 'fine'}`;
    return { id, data, key: `key-${nth % keys}` };
  }
}

const poisonEvery = 97;
const keys = 40;
