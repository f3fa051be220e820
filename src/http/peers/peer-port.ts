import type { Http2Session, Http2Stream } from 'node:http2';
import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Logger } from '../../env/logger.ts';
import type { Port } from '../../env/workers.ts';
import { FrameReader, framePieces } from './frame-reader.ts';

export type PeerWorld = { readonly clock: Clock; readonly logger: Logger };

/**
 * An end of a channel between gateways: messages on one long stream of an HTTP/2 session, each way. It ends
 * by itself when the other end is silent, says what is no message, or does not take what it is sent.
 */
export class PeerPort implements Port {
  readonly #session: Http2Session;
  readonly #stream: Http2Stream;
  readonly #world: PeerWorld;
  readonly #reader = new FrameReader();
  readonly #over = new AbortController();
  #receive: ((message: unknown) => void) | undefined;
  #closed: (() => void) | undefined;
  #unsentBytes = 0;
  #hasHeard = false;
  /** Whether nothing more is posted, or delivered. */
  #isEnding = false;

  constructor(session: Http2Session, stream: Http2Stream, world: PeerWorld) {
    this.#session = session;
    this.#stream = stream;
    this.#world = world;
    stream.on('error', (error) => world.logger.debug('a channel to a gateway failed', { error }));
    stream.once('close', () => this.#end());
    session.once('close', () => this.#end());
    detached(this.#mindSilence(), unthinkable);
  }

  /** Bytes that are handed over are not detached: they are sent from where they are. */
  post(message: unknown): void {
    if (this.#isEnding) return;
    const { pieces, bytes } = framePieces(message);
    this.#unsentBytes += bytes;
    if (this.#unsentBytes > unsentBytesMax) {
      this.abandon('it does not take what it is sent');
      return;
    }
    const stream = this.#stream;
    stream.cork();
    for (const piece of pieces.slice(0, -1)) stream.write(piece);
    stream.write(pieces.at(-1)!, () => {
      this.#unsentBytes -= bytes;
    });
    stream.uncork();
  }

  /** Several messages may come in one event. */
  listen(receive: (message: unknown) => void, closed?: () => void): void {
    this.#receive = receive;
    this.#closed = closed;
    if (this.#over.signal.aborted) {
      this.#tellClosed();
      return;
    }
    this.#stream.on('data', (piece: Buffer) => this.#hear(piece));
    this.#stream.once('end', () => this.close());
  }

  /** What has come is delivered at once. */
  take(): undefined {
    return undefined;
  }

  close(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#stream.end();
    // The other end's end is awaited, but not for long.
    this.#stream.resume();
    detached(this.#giveUpLater(), unthinkable);
    this.#tellClosed();
  }

  /** Ends the connection at once, whatever is on its way. */
  abandon(reason: string): void {
    if (!this.#over.signal.aborted) this.#world.logger.warn('a channel to a gateway was ended', { reason });
    this.#isEnding = true;
    this.#session.destroy();
    this.#end();
  }

  #hear(piece: Buffer): void {
    this.#hasHeard = true;
    if (this.#isEnding) return;
    try {
      this.#reader.read(piece, (message) => {
        if (!this.#isEnding) this.#receive!(message);
      });
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
      this.abandon(`what it says is no message: ${error.message}`);
    }
  }

  #end(): void {
    if (this.#over.signal.aborted) return;
    this.#isEnding = true;
    this.#over.abort();
    this.#session.destroy();
    this.#tellClosed();
  }

  #tellClosed(): void {
    const closed = this.#closed;
    this.#closed = undefined;
    closed?.();
  }

  async #giveUpLater(): Promise<void> {
    await this.#world.clock.sleep(silenceMs, this.#over.signal);
    this.#session.destroy();
  }

  /** A gateway that was stopped keeps its connections: only that it does not answer shows it. */
  async #mindSilence(): Promise<void> {
    const { clock } = this.#world;
    const { signal } = this.#over;
    while (!signal.aborted) {
      await clock.sleep(pingEveryMs, signal);
      if (signal.aborted) return;
      this.#hasHeard = false;
      const { connecting, destroyed } = this.#session;
      if (!connecting && !destroyed) this.#session.ping((error) => this.#heardPing(error));
      for (let waited = 0; waited < silenceMs && !this.#hasHeard && !signal.aborted; waited += lookMs) {
        await clock.sleep(lookMs, signal);
        // What came while this process was busy, or stopped itself, is heard first.
        await clock.turn();
      }
      if (!this.#hasHeard && !signal.aborted) this.abandon('it is silent');
    }
  }

  #heardPing(error: Error | null): void {
    if (error === null) this.#hasHeard = true;
  }
}

/** As long as nothing else is heard. */
const pingEveryMs: Millis = 1_000;

/** A gateway that collects garbage, or starves, answers within a second. */
export const silenceMs: Millis = 4_000;
const lookMs: Millis = 500;

/** More than waits on a connection whose other end works. */
const unsentBytesMax = 256 * 1024 * 1024;
