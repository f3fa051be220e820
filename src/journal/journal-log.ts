import type { Millis } from '../env/clock.ts';
import type { Offset, RecordBatch, StoredBatch } from '../kinesis/record.ts';
import type { Engine, ReadLimit, ShardKey } from '../log/log.ts';

/** What a journal needs of a log: one shard of it. */
export interface JournalLog {
  /** As `Engine.writer`: the journals of a log have a name each, or there is only one. */
  readonly writer?: string | undefined;
  /**
   * Resolves once the batch is durable. What was rejected is never read, unless with `UnavailableError`: that
   * may turn up, once, at any time.
   */
  append(batch: RecordBatch): Promise<{ readonly first: Offset; readonly arrival: Millis }>;
  /** Batches from the one that holds `from` on, in order; at the end there are none. */
  read(from: Offset, limit: ReadLimit): Promise<readonly StoredBatch[]>;
  /** Forgets the records before an offset. */
  trim(before: Offset): Promise<void>;
}

/** A shard of an engine, for a journal. */
export function journalIn(engine: Engine, key: ShardKey): JournalLog {
  return {
    writer: engine.writer,
    append: (batch) => engine.append(key, batch),
    read: async (from, limit) => {
      const { batches } = await engine.read(key, { from, since: Number.NEGATIVE_INFINITY, limit });
      return batches;
    },
    trim: (before) => engine.trim(key, before),
  };
}
