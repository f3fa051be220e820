import type { Clock, Millis } from '../../env/clock.ts';
import type { Offset } from '../../kinesis/record.ts';
import { DroppedStreams } from '../dropped-streams.ts';
import { KeyIds } from '../key-ids.ts';
import {
  type Appended,
  DroppedError,
  type Engine,
  type NewBatch,
  type Position,
  type ReadRequest,
  type ShardKey,
  type Slice,
} from '../log.ts';
import { MemoryShardLog } from './memory-shard-log.ts';

/**
 * An engine that forgets everything when the process ends: for tests, and for a server that need not
 * remember.
 */
export function openMemoryLog(clock: Clock): Engine {
  return new MemoryLog(clock);
}

class MemoryLog implements Engine {
  readonly #clock: Clock;
  readonly #streams = new Map<string, MemoryStream>();
  readonly #dropped = new DroppedStreams();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async prepare(stream: string): Promise<void> {
    this.#requireAlive(stream);
  }

  async append(key: ShardKey, batch: NewBatch): Promise<Appended> {
    return this.#shard(key).append(batch);
  }

  async read(key: ShardKey, request: ReadRequest): Promise<Slice> {
    return this.#shard(key).read(request);
  }

  async seek(key: ShardKey, time: Millis): Promise<Offset> {
    return this.#shard(key).seek(time);
  }

  async position(key: ShardKey): Promise<Position> {
    return this.#shard(key).position;
  }

  async grown(key: ShardKey, past: Offset, signal: AbortSignal): Promise<void> {
    if (this.#isClosed || this.#dropped.has(key.stream)) return;
    await this.#shard(key).grown(past, signal);
  }

  async seal(key: ShardKey): Promise<Offset> {
    return this.#shard(key).seal();
  }

  async trim(key: ShardKey, before: Offset): Promise<void> {
    this.#shard(key).trim(before);
  }

  async drop(stream: string): Promise<void> {
    this.#dropped.add(stream);
    for (const shard of this.#streams.get(stream)?.shards.values() ?? []) shard.end();
    this.#streams.delete(stream);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { shards } of this.#streams.values()) for (const shard of shards.values()) shard.end();
    this.#streams.clear();
  }

  #shard({ stream, shard }: ShardKey): MemoryShardLog {
    this.#requireAlive(stream);
    let of = this.#streams.get(stream);
    if (of === undefined) {
      of = { shards: new Map(), keyIds: new KeyIds(0) };
      this.#streams.set(stream, of);
    }
    const found = of.shards.get(shard) ?? new MemoryShardLog(this.#clock, of.keyIds);
    of.shards.set(shard, found);
    return found;
  }

  #requireAlive(stream: string): void {
    if (this.#isClosed) throw new Error('The log is closed.');
    if (this.#dropped.has(stream)) throw new DroppedError('The stream was deleted.');
  }
}

type MemoryStream = { readonly shards: Map<number, MemoryShardLog>; readonly keyIds: KeyIds };
