import assert from 'node:assert/strict';
import type { HttpResponse } from '../../../src/env/network.ts';
import { type EventMessage, eventMessages } from '../../wire/event-message.ts';
import { settled } from './manual-clock.ts';

/** A record as an event has it. */
type EventRecord = {
  readonly Data: string;
  readonly SequenceNumber: string;
  readonly PartitionKey?: string;
  readonly ApproximateArrivalTimestamp: number;
};

/** The payload of a SubscribeToShardEvent. */
export type RecordsEvent = {
  readonly Records: readonly EventRecord[];
  readonly ContinuationSequenceNumber?: string;
  readonly MillisBehindLatest: number;
  readonly ChildShards?: readonly { readonly ShardId: string; readonly ParentShards: readonly string[] }[];
};

/** A client that takes every event as soon as it is there. */
export class Subscriber {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #arrived: EventMessage[] = [];
  #frames: Uint8Array[] = [];
  #ended = false;

  constructor(body: HttpResponse['body']) {
    assert.ok(typeof body === 'object' && Symbol.asyncIterator in body);
    this.#pieces = body[Symbol.asyncIterator]();
    void this.#take();
  }

  /** Whether the server has ended the stream. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The messages that came since this was last asked; no time passes. */
  async messages(): Promise<EventMessage[]> {
    await settled();
    return this.#arrived.splice(0);
  }

  /** The events that came since; what else came is passed over. */
  async events(): Promise<RecordsEvent[]> {
    const messages = await this.messages();
    return messages
      .filter(({ headers }) => headers[':event-type'] === 'SubscribeToShardEvent')
      .map(({ payload }) => JSON.parse(String(payload)));
  }

  /** The data of the records that came since. */
  async texts(): Promise<string[]> {
    return textsOf(await this.events());
  }

  /** The exception that came since, as its type and its text. */
  async exception(): Promise<{ type: string | undefined; message: string } | undefined> {
    const found = (await this.messages()).find(({ headers }) => headers[':message-type'] === 'exception');
    return found && { type: found.headers[':exception-type'], ...JSON.parse(String(found.payload)) };
  }

  /** The pieces as they came, each a message. */
  get frames(): readonly Uint8Array[] {
    return this.#frames;
  }

  /** Goes away. */
  async leave(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #take(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#pieces.next();
      if (done) break;
      this.#frames.push(value);
      this.#arrived.push(...eventMessages(Buffer.from(value)));
    }
    this.#ended = true;
  }
}

/** The data of the records of events. */
export function textsOf(events: readonly RecordsEvent[]): string[] {
  return events.flatMap(({ Records }) => Records.map(({ Data }) => String(Buffer.from(Data, 'base64'))));
}
