import type { EventEmitter } from 'node:events';

/**
 * Says that a client may have gone: its connection, or its stream, has ended or closed. A client that ended
 * its half alone still takes an answer. Nothing is watched before somebody asks for the signal.
 */
export class Departure {
  readonly #client: EventEmitter & { readonly destroyed: boolean };
  #gone: AbortController | undefined;

  constructor(client: EventEmitter & { readonly destroyed: boolean }) {
    this.#client = client;
  }

  get signal(): AbortSignal {
    if (this.#gone === undefined) {
      const gone = new AbortController();
      this.#gone = gone;
      const leave = () => gone.abort(null);
      this.#client.once('end', leave).once('close', leave);
      if (this.#client.destroyed) leave();
    }
    return this.#gone.signal;
  }
}
