import type { Millis } from '../env/clock.ts';
import type { Offset, RecordBatch, StoredBatch } from '../kinesis/record.ts';
import type { Appended, Log, ReadLimit, ShardKey, ShardLog } from '../log/log.ts';
import type { RecordsClient } from './records-client.ts';
import type { BatchHead, Position } from './requests.ts';

/** The owner's log, for appending and reading. What changes it otherwise, the owner does itself. */
export class RemoteRecords implements Log {
  readonly #owner: RecordsClient;

  constructor(owner: RecordsClient) {
    this.#owner = owner;
  }

  async open(key: ShardKey, use?: 'append'): Promise<ShardLog> {
    if (use === 'append') return new RemoteShardLog(this.#owner, key, unknown);
    return new RemoteShardLog(this.#owner, key, (await this.#owner.ask('open', key)).body);
  }

  drop(): Promise<void> {
    return notHere();
  }

  close(): Promise<void> {
    return notHere();
  }
}

const unknown: Position = { start: 0, end: 0, lastArrival: Number.NEGATIVE_INFINITY };

/** Stands as it stood at the last answer. */
class RemoteShardLog implements ShardLog {
  readonly #owner: RecordsClient;
  readonly #key: ShardKey;
  #standing: Position;

  constructor(owner: RecordsClient, key: ShardKey, standing: Position) {
    this.#owner = owner;
    this.#key = key;
    this.#standing = standing;
  }

  get start(): Offset {
    return this.#standing.start;
  }

  get end(): Offset {
    return this.#standing.end;
  }

  get lastArrival(): Millis {
    return this.#standing.lastArrival;
  }

  async append({ count, bytes }: RecordBatch): Promise<Appended> {
    return (await this.#owner.ask('append', { ...this.#key, count }, bytes, true)).body;
  }

  async read(from: Offset, limit: ReadLimit): Promise<StoredBatch[]> {
    const { body, bytes } = await this.#owner.ask('read', { ...this.#key, from, limit });
    this.#standing = body.standing;
    return batchesOf(body.batches, bytes);
  }

  async seek(time: Millis): Promise<Offset> {
    return (await this.#owner.ask('seek', { ...this.#key, time })).body;
  }

  trim(): Promise<void> {
    return notHere();
  }

  seal(): Promise<Offset> {
    return notHere();
  }

  grown(): Promise<void> {
    return notHere();
  }
}

function batchesOf(heads: readonly BatchHead[], bytes: Buffer = noBytes): StoredBatch[] {
  let at = 0;
  return heads.map(([count, first, arrival, length]) => {
    at += length;
    return { count, first, arrival, bytes: bytes.subarray(at - length, at) };
  });
}

const noBytes = Buffer.alloc(0);

async function notHere(): Promise<never> {
  throw new Error('Only the owner does this.');
}
