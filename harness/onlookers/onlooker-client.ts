import type { Answer, Client } from '../answer.ts';
import { type ServerSentEvent, ServerSentEvents } from './server-sent-events.ts';

/** A client of the service `millrace`. */
export interface OnlookerClient extends Client {
  /** Follows a stream: after the event with an id, or from `from`. */
  tail(stream: string, from: string, lastEventId: string | undefined): Promise<Answer<TailAnswer>>;
}

/** The events of a tail, as they come. */
export class TailAnswer {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #events = new ServerSentEvents();

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** Those of the next piece, none perhaps; undefined when the answer is over or its connection broke. */
  async next(): Promise<readonly ServerSentEvent[] | undefined> {
    const piece = await this.#pieces.next().catch(() => undefined);
    return piece === undefined || piece.done ? undefined : this.#events.take(piece.value);
  }

  /** Goes away. */
  stop(): void {
    void this.#pieces.return?.().catch(() => {});
  }
}
