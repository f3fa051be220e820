import type { Connection } from '@platformatic/kafka';
import type { Millis } from '../clock.ts';
import { KafkaConnectionError } from '../kafka.ts';
import type { Library } from './apis.ts';

/** Which request, and in which version. Flexible ones have tagged fields in the header, too. */
export type Frame = { readonly key: number; readonly version: number; readonly isFlexible: boolean };

/**
 * Requests and answers over a connection of the library, which may not be open yet. It ends as a whole: an
 * answer that comes too late, or that nobody understands, says that what follows cannot be relied on.
 */
export class Line {
  readonly closed: Promise<void>;
  readonly #library: Library;
  readonly #connection: Connection;
  /** Why this side ended it. */
  #reason: string | undefined;
  /** Requests that wait for this client to have proved anew who it is: brokers take none meanwhile. */
  #held: (() => void)[] | undefined;

  constructor(library: Library, connection: Connection) {
    this.#library = library;
    this.#connection = connection;
    this.closed = this.#whenClosed();
    const reauthenticate = connection.reauthenticate.bind(connection);
    connection.reauthenticate = () => {
      this.#held ??= [];
      reauthenticate();
    };
    connection.on('sasl:authentication:extended', () => this.#goOn());
  }

  /** A request of the library's. What it says of errors, the answer has as well. */
  call<Answer>(ask: (connection: Connection) => Promise<Answer>, msMax: Millis): Promise<Answer> {
    return this.#within(msMax, (resolve, fail) => {
      ask(this.#connection).then(resolve, (error: unknown) => {
        if (error instanceof this.#library.ResponseError) resolve(error['response']);
        else fail(error);
      });
    });
  }

  /** A request of our own, in parts that are sent as they are. Resolves to the answer after its header. */
  send(frame: Frame, parts: readonly Buffer[], msMax: Millis): Promise<Buffer> {
    const payload = () => {
      const writer = this.#library.Writer.create();
      for (const part of parts) if (part.length > 0) writer.append(part);
      return writer;
    };
    const { key, version, isFlexible } = frame;
    return this.#within(msMax, (resolve, fail) => {
      this.#connection.send<Buffer>(
        key,
        version,
        payload,
        // One copy where the answer came in several pieces, so that what is read of it is plain bytes.
        (_correlation, _key, _version, reader) => reader.buffer.slice(reader.position, reader.length),
        isFlexible,
        isFlexible,
        (error, answer) => (error === null && answer !== undefined ? resolve(answer) : fail(error)),
      );
    });
  }

  /** What an answer means. The line ends, and KafkaConnectionError is thrown, when it is none. */
  understood<Meaning>(read: () => Meaning): Meaning {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.end(`an answer that cannot be read: ${error.message}`);
      throw new KafkaConnectionError(this.#reason);
    }
  }

  /** Requests that are under way fail with the first reason. */
  end(reason: string): void {
    this.#reason ??= reason;
    this.#connection.socket.destroy();
  }

  #within<Answer>(
    msMax: Millis,
    begin: (resolve: (answer: Answer) => void, fail: (error: unknown) => void) => void,
  ): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const limit = setTimeout(() => this.end(`no answer within ${msMax} ms`), msMax);
    const fail = (error: unknown) => {
      // What is neither an answer nor the end of the connection was not understood.
      if (!isOfNetwork(error)) this.end(`an answer that cannot be read: ${textOf(error)}`);
      reject(new KafkaConnectionError(this.#reason ?? textOf(error), { cause: error }));
    };
    const start = () => begin(resolve, fail);
    if (this.#held === undefined) start();
    else this.#held.push(start);
    return promise.finally(() => clearTimeout(limit));
  }

  #goOn(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const start of held) start();
  }

  #whenClosed(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#connection.once('close', () => {
      this.#reason ??= 'the broker ended the connection';
      this.#goOn();
      // The library forgets its timer of the next proof only when it is told to close.
      this.#connection.close(() => resolve());
    });
    return promise;
  }
}

function isOfNetwork(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'PLT_KFK_NETWORK';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
