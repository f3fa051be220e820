import type { Clock } from '../env/clock.ts';
import type { Appended, NewBatch, ShardKey } from '../log/log.ts';
import { OverloadedError } from '../log/log.ts';
import type { MessagesPort } from './batched-port.ts';
import { RecordsClient } from './records-client.ts';
import { RemoteRecords } from './remote-records.ts';

/** A connection to another gateway, for asking it. */
export class PeerLink {
  readonly client: RecordsClient;
  readonly records: RemoteRecords;
  #bytesUnderWay = 0;

  /** `ended` is told when the other gateway can be asked no more. */
  constructor(port: MessagesPort, clock: Pick<Clock, 'turn'>, ended: () => void) {
    this.client = new RecordsClient(port, clock, ended);
    this.records = new RemoteRecords(this.client);
  }

  /** Rejects as `Records.append` does; with `OverloadedError` when too much is on its way already. */
  async append(key: ShardKey, batch: NewBatch): Promise<Appended> {
    const { length } = batch.bytes;
    if (this.#bytesUnderWay + length > bytesUnderWayMax && this.#bytesUnderWay > 0) {
      throw new OverloadedError('Too much is on its way to another gateway.');
    }
    this.#bytesUnderWay += length;
    try {
      return await this.records.append(key, batch);
    } finally {
      this.#bytesUnderWay -= length;
    }
  }
}

/** Less than a connection may have unsent, and more than a gateway appends in a second. */
const bytesUnderWayMax = 128 * 1024 * 1024;
