import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { streamName } from './client.ts';
import type { Flight } from './flights.ts';
import { patiently } from './patience.ts';

/** A record that the server promised to keep, and where it said that it is. */
export type Acknowledged = { readonly id: number; readonly shard: string; readonly sequenceNumber: string };

/** Sends flights, one request at a time, until each is acknowledged. */
export class Producer {
  /** In the order of the answers. */
  readonly acknowledged: Acknowledged[] = [];
  /** Flights by id that were in a request without an answer, and in how many: they may be stored, or not. */
  readonly unanswered = new Map<number, number>();
  readonly #client: KinesisClient;

  constructor(client: KinesisClient) {
    this.#client = client;
  }

  async send(flights: readonly Flight[]): Promise<void> {
    let rest = flights;
    while (rest.length > 0) rest = await this.#request(rest);
  }

  /** Answers those that the server refused: they are to be sent again. */
  async #request(flights: readonly Flight[]): Promise<Flight[]> {
    const Records = flights.map(({ origin, data }) => ({ Data: data, PartitionKey: origin }));
    const command = new PutRecordsCommand({ StreamName: streamName, Records });
    const answer = await patiently(
      () => this.#client.send(command),
      () => this.#doubt(flights),
    );
    return flights.filter(({ id }, index) => {
      const { ShardId: shard, SequenceNumber: sequenceNumber } = answer.Records![index]!;
      if (shard === undefined || sequenceNumber === undefined) return true;
      this.acknowledged.push({ id, shard, sequenceNumber });
      return false;
    });
  }

  #doubt(flights: readonly Flight[]): void {
    for (const { id } of flights) this.unanswered.set(id, (this.unanswered.get(id) ?? 0) + 1);
  }
}
