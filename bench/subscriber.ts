import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { EventFrames } from '../harness/event-frames.ts';
import { Signer } from '../harness/signer.ts';

/** A record as a consumer got it. */
export type Received = {
  readonly partitionKey: string;
  readonly sequenceNumber: string;
  readonly atMs: number;
};

/**
 * A registered consumer, subscribed to the first shard from its beginning on, over HTTP/2 and a connection of
 * its own.
 */
export class Subscriber {
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  readonly #frames = new EventFrames();
  readonly #begun = Promise.withResolvers<void>();
  #enough: { count: number; resolve(): void; reject(error: Error): void } | undefined;
  #broken: Error | undefined;
  /** In the order in which they came. */
  readonly received: Received[] = [];

  /** Resolves when the server has begun to answer. */
  static async open(port: number, consumerArn: string): Promise<Subscriber> {
    const subscriber = new Subscriber(port, consumerArn);
    try {
      await subscriber.#begun.promise;
      return subscriber;
    } catch (error) {
      subscriber.close();
      throw error;
    }
  }

  private constructor(port: number, consumerArn: string) {
    this.#session = connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: windowBytes } });
    this.#session.on('error', (error) => this.#fail(error));
    const input = {
      ConsumerARN: consumerArn,
      ShardId: firstShard,
      StartingPosition: { Type: 'TRIM_HORIZON' },
    };
    const body = Buffer.from(JSON.stringify(input));
    const headers = new Signer(port).headers('SubscribeToShard', body);
    this.#stream = this.#session.request({ ...headers, ':method': 'POST', ':path': '/' });
    this.#stream.on('response', ({ ':status': status }) => {
      if (status === 200) this.#stream.on('data', (chunk: Buffer) => this.#take(chunk));
      else this.#fail(new Error(`SubscribeToShard: ${status}`));
    });
    this.#stream.on('error', (error) => this.#fail(error));
    this.#stream.on('close', () => this.#fail(new Error('the server ended a subscription')));
    this.#stream.end(body);
  }

  /** Resolves when so many records have come in all. */
  until(count: number): Promise<void> {
    if (this.#broken) return Promise.reject(this.#broken);
    if (this.received.length >= count) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#enough = { count, resolve, reject };
    });
  }

  close(): void {
    this.#session.destroy();
  }

  #take(chunk: Buffer): void {
    try {
      for (const { type, payload } of this.#frames.take(chunk)) {
        if (type === 'initial-response') this.#begun.resolve();
        else if (type === 'SubscribeToShardEvent') this.#keep(JSON.parse(payload.toString()));
        else throw new Error(`${type}: ${payload}`);
      }
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #keep({ Records }: SubscribeToShardEvent): void {
    const atMs = performance.now();
    for (const { PartitionKey: partitionKey, SequenceNumber: sequenceNumber } of Records) {
      this.received.push({ partitionKey, sequenceNumber, atMs });
    }
    if (this.#enough !== undefined && this.received.length >= this.#enough.count) this.#enough.resolve();
  }

  #fail(error: Error): void {
    this.#broken ??= error;
    this.#begun.reject(this.#broken);
    this.#enough?.reject(this.#broken);
  }
}

type SubscribeToShardEvent = { Records: { PartitionKey: string; SequenceNumber: string }[] };

const firstShard = 'shardId-000000000000';
/** So that flow control is not what is measured. */
const windowBytes = 4 * 1024 * 1024;
