import { strict as assert } from 'node:assert';
import type { Millis } from '../env/clock.ts';
import type { Offset, StoredBatch } from '../kinesis/record.ts';
import type { Appended, NewBatch, Position, ReadRequest, Records, ShardKey, Slice } from '../log/log.ts';
import type { RecordsClient } from './records-client.ts';
import type { BatchHead } from './requests.ts';

/**
 * The owner's records, for appending and reading in another thread: each call is one question. Batches must
 * not be encrypted: their keys do not cross.
 */
export class RemoteRecords implements Records {
  readonly #owner: RecordsClient;

  constructor(owner: RecordsClient) {
    this.#owner = owner;
  }

  async append(key: ShardKey, { count, bytes, key: dataKey }: NewBatch): Promise<Appended> {
    assert(dataKey === undefined);
    return (await this.#owner.ask('append', { ...key, count }, bytes, true)).body;
  }

  async read(key: ShardKey, request: ReadRequest): Promise<Slice> {
    const { body, bytes } = await this.#owner.ask('read', { ...key, ...request });
    const { heads, ...position } = body;
    return { ...position, batches: batchesOf(heads, bytes) };
  }

  async seek(key: ShardKey, time: Millis): Promise<Offset> {
    return (await this.#owner.ask('seek', { ...key, time })).body;
  }

  async position(key: ShardKey): Promise<Position> {
    return (await this.#owner.ask('position', key)).body;
  }

  grown(key: ShardKey, past: Offset, signal: AbortSignal): Promise<void> {
    return this.#owner.askUntil(signal, 'grown', { ...key, past });
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
