import type { Millis } from '../src/env/clock.ts';
import type { Offset, RecordBatch, StoredBatch } from '../src/kinesis/record.ts';
import type { Appended, Engine, Position, ReadLimit, Records, ShardKey } from '../src/log/log.ts';

/** One shard of an engine, so that a test need not name it in every call. */
export class OneShard {
  readonly key: ShardKey;
  readonly #engine: Engine;
  readonly #records: Records;

  /** What the data plane may do is asked of `records`: the engine itself, or what stands for it elsewhere. */
  constructor(engine: Engine, key: ShardKey, records: Records = engine) {
    this.key = key;
    this.#engine = engine;
    this.#records = records;
  }

  append(batch: RecordBatch): Promise<Appended> {
    return this.#records.append(this.key, batch);
  }

  /** The batches of a slice. */
  async read(from: Offset, limit: ReadLimit, since: Millis = 0): Promise<readonly StoredBatch[]> {
    return (await this.#records.read(this.key, { from, since, limit })).batches;
  }

  seek(time: Millis): Promise<Offset> {
    return this.#records.seek(this.key, time);
  }

  position(): Promise<Position> {
    return this.#records.position(this.key);
  }

  async end(): Promise<Offset> {
    return (await this.position()).end;
  }

  async start(): Promise<Offset> {
    return (await this.position()).start;
  }

  grown(past: Offset, signal: AbortSignal): Promise<void> {
    return this.#records.grown(this.key, past, signal);
  }

  seal(): Promise<Offset> {
    return this.#engine.seal(this.key);
  }

  trim(before: Offset): Promise<void> {
    return this.#engine.trim(this.key, before);
  }
}
