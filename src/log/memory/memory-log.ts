import type { Clock } from '../../env/clock.ts';
import type { Log, ShardKey } from '../log.ts';
import { MemoryShardLog } from './memory-shard-log.ts';

/**
 * An engine that forgets everything when the process ends: for tests, and for a server that need not
 * remember.
 */
export function openMemoryLog(clock: Clock): Log {
  return new MemoryLog(clock);
}

class MemoryLog implements Log {
  readonly #clock: Clock;
  readonly #streams = new Map<string, Map<number, MemoryShardLog>>();
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async open(key: ShardKey): Promise<MemoryShardLog> {
    if (this.#closed) throw new Error('The log is closed.');
    const shards = this.#streams.get(key.stream) ?? new Map<number, MemoryShardLog>();
    this.#streams.set(key.stream, shards);
    const shard = shards.get(key.shard) ?? new MemoryShardLog(this.#clock);
    shards.set(key.shard, shard);
    return shard;
  }

  async drop(stream: string): Promise<void> {
    for (const shard of this.#streams.get(stream)?.values() ?? []) shard.refuse('dropped');
    this.#streams.delete(stream);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const shards of this.#streams.values()) for (const shard of shards.values()) shard.refuse('closed');
    this.#streams.clear();
  }
}
