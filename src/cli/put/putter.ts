import type { Clock } from '../../env/clock.ts';
import { type KinesisEnd, KinesisRefusal } from '../copy/kinesis-end.ts';
import type { PutRequest } from './put-command.ts';
import type { PutProgress } from './put-progress.ts';

export type PutRecord = {
  readonly data: Uint8Array;
  readonly partitionKey: string;
  readonly explicitHashKey?: string;
};

type PutterWorld = { readonly clock: Clock; readonly signal: AbortSignal; readonly shown: PutProgress };

/** Puts records in requests as large as they may be, one after the other, and again what a limit refuses. */
export class Putter {
  readonly #end: KinesisEnd;
  readonly #request: Pick<PutRequest, 'stream' | 'inOrder' | 'rate'>;
  readonly #world: PutterWorld;
  readonly #shards = new Map<string, number>();
  #waiting: PutRecord[] = [];
  #bytes = 0;
  #keys = new Set<string>();
  #put = 0;
  #began: number | undefined;

  constructor(end: KinesisEnd, request: Pick<PutRequest, 'stream' | 'inOrder' | 'rate'>, world: PutterWorld) {
    this.#end = end;
    this.#request = request;
    this.#world = world;
  }

  /** How many records each shard got. */
  get shards(): Record<string, number> {
    return Object.fromEntries([...this.#shards].sort());
  }

  async put(record: PutRecord): Promise<void> {
    const { inOrder } = this.#request;
    const bytes = record.data.length + Buffer.byteLength(record.partitionKey);
    const isFull = this.#waiting.length >= this.#countMax() || this.#bytes + bytes > bytesMax;
    if (isFull || (inOrder && this.#keys.has(record.partitionKey))) await this.flush();
    this.#waiting.push(record);
    this.#bytes += bytes;
    if (inOrder) this.#keys.add(record.partitionKey);
  }

  /** Puts what waits. */
  async flush(): Promise<void> {
    let rest = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    this.#keys = new Set();
    for (let refusals = 0; rest.length > 0; ) {
      await this.#wait(rest.length);
      const answers = await this.#ask(rest);
      const refused = rest.filter((_, index) => answers[index]?.SequenceNumber === undefined);
      this.#count(rest, answers);
      rest = refused;
      if (refused.length === 0) return;
      this.#world.shown.refused(refused.length, answers.find(({ ErrorCode }) => ErrorCode)?.ErrorCode ?? '');
      await this.#end.pause(refusals++);
      this.#world.signal.throwIfAborted();
    }
  }

  /** A tenth of a second at a time, where there is a rate: it should not come in heaps. */
  #countMax(): number {
    const { rate } = this.#request;
    return rate === undefined ? recordsMax : Math.max(1, Math.min(recordsMax, Math.floor(rate / 10)));
  }

  async #wait(count: number): Promise<void> {
    const { clock, signal } = this.#world;
    const { rate } = this.#request;
    this.#began ??= clock.monotonic();
    if (rate !== undefined) {
      const due = this.#began + (this.#put / rate) * 1000;
      await clock.sleep(Math.max(0, due - clock.monotonic()), signal);
    }
    this.#put += count;
  }

  async #ask(records: readonly PutRecord[]): Promise<readonly Answer[]> {
    const entries = records.map(({ data, partitionKey, explicitHashKey }) => ({
      ...{ Data: Buffer.from(data).toString('base64'), PartitionKey: partitionKey },
      ...(explicitHashKey === undefined ? {} : { ExplicitHashKey: explicitHashKey }),
    }));
    const input = { StreamName: this.#request.stream, Records: entries };
    const { Records } = await this.#end.call<{ readonly Records: readonly Answer[] }>('PutRecords', input);
    const fatal = Records.find(({ ErrorCode: code }) => code !== undefined && !passing.has(code));
    if (fatal?.ErrorCode !== undefined)
      throw new KinesisRefusal(fatal.ErrorCode, `PutRecords: ${fatal.ErrorCode}: ${fatal.ErrorMessage}`);
    return Records;
  }

  #count(records: readonly PutRecord[], answers: readonly Answer[]): void {
    for (const [index, { data, partitionKey }] of records.entries()) {
      const { ShardId: shard, SequenceNumber: number } = answers[index] ?? {};
      if (shard === undefined || number === undefined) continue;
      this.#shards.set(shard, (this.#shards.get(shard) ?? 0) + 1);
      this.#world.shown.took(data.length + Buffer.byteLength(partitionKey));
    }
  }
}

type Answer = {
  readonly ShardId?: string;
  readonly SequenceNumber?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
};

/** Kinesis API reference, PutRecords: what a record may fail with for a while. */
const passing: ReadonlySet<string> = new Set(['ProvisionedThroughputExceededException', 'InternalFailure']);

/**
 * Kinesis API reference, PutRecords: 500 records, and 10 MiB with keys; a record takes a third more in
 * base64.
 */
const recordsMax = 500;
const bytesMax = 5 * 1024 * 1024;
