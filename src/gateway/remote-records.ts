import type { Millis } from '../env/clock.ts';
import type { Offset } from '../kinesis/record.ts';
import type { Appended, NewBatch, Position, ReadRequest, Records, ShardKey, Slice } from '../log/log.ts';
import type { RecordsClient } from './records-client.ts';
import { batchesOf } from './slice-head.ts';
import { ToldKeys } from './told-keys.ts';

/** The owner's records, for appending and reading elsewhere: each call is one question. */
export class RemoteRecords implements Records {
  readonly #owner: RecordsClient;
  readonly #told: ToldKeys;

  constructor(owner: RecordsClient) {
    this.#owner = owner;
    this.#told = new ToldKeys(owner);
  }

  async append(key: ShardKey, { count, bytes, key: dataKey, sizes }: NewBatch): Promise<Appended> {
    const question = sizes === undefined ? { ...key, count } : { ...key, count, sizes };
    const asked = dataKey === undefined ? question : { ...question, key: this.#told.numberOf(dataKey) };
    return (await this.#owner.ask('append', asked, bytes, true)).body;
  }

  async read(key: ShardKey, request: ReadRequest): Promise<Slice> {
    const { body, bytes } = await this.#owner.ask('read', { ...key, ...request });
    const { heads, encryption, ...position } = body;
    return { ...position, batches: batchesOf({ heads, encryption }, bytes) };
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
