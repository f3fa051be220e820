import { type EventFrame, EventFrames } from './event-frames.ts';

/** The events of an answer that comes piece by piece. */
export class Subscription {
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #frames = new EventFrames();
  readonly #waiting: EventFrame[] = [];
  /** Whether an event is made only when it is asked for; else some may have been on their way for a while. */
  readonly isPaced: boolean;
  /** `over`: the server ended the answer. `broken`: the connection ended before that. */
  state: 'under way' | 'over' | 'broken' = 'under way';

  constructor(pieces: AsyncIterable<Uint8Array>, { isPaced }: { isPaced: boolean }) {
    this.#pieces = pieces[Symbol.asyncIterator]();
    this.isPaced = isPaced;
  }

  /** The next event or exception; undefined when there are no more, or the connection broke. */
  async next(): Promise<EventFrame | undefined> {
    while (this.#waiting.length === 0) {
      const piece = await this.#pieces.next().catch(() => undefined);
      if (piece === undefined || piece.done) {
        this.state = piece === undefined ? 'broken' : 'over';
        return undefined;
      }
      const frames = this.#frames.take(Buffer.from(piece.value));
      this.#waiting.push(...frames.filter(({ type }) => type !== 'initial-response'));
    }
    return this.#waiting.shift();
  }

  /** Goes away. */
  stop(): void {
    void this.#pieces.return?.().catch(() => {});
  }
}
