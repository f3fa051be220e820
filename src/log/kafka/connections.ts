import type { Clock, Millis } from '../../env/clock.ts';
import { detached } from '../../env/detached.ts';
import {
  type BrokerAddress,
  type BrokerConnection,
  type Kafka,
  KafkaConnectionError,
} from '../../env/kafka.ts';
import { pauseMsMax, pauseMsMin } from './backoff.ts';

/**
 * What a connection is for. A broker works on one request of a connection at a time, so that what may wait
 * long has one of its own: `produce 0`, `produce 1` and so on, one for each request under way; `tail 0` and
 * so on for fetches that wait for records.
 */
export type Purpose = 'admin' | `tail ${number}` | 'catch-up' | `produce ${number}`;

/** Connections to brokers, one for each purpose, opened when they are asked for. */
export class Connections {
  readonly #kafka: Kafka;
  readonly #clock: Clock;
  /** By purpose and address. */
  readonly #open = new Map<string, Promise<BrokerConnection>>();
  /** By address, brokers that could not be reached, or let nobody in: they are not asked all the time. */
  readonly #troubles = new Map<string, Trouble>();
  #isClosed = false;

  constructor(kafka: Kafka, clock: Clock) {
    this.#kafka = kafka;
    this.#clock = clock;
  }

  has(address: BrokerAddress, purpose: Purpose): boolean {
    return this.#open.has(keyOf(address, purpose));
  }

  /**
   * Rejects with `KafkaConnectionError` when the broker cannot be reached, with `KafkaError` when it refuses
   * the credentials, and with the same again for a moment after that.
   */
  to(address: BrokerAddress, purpose: Purpose): Promise<BrokerConnection> {
    const key = keyOf(address, purpose);
    const open = this.#open.get(key);
    if (open !== undefined) return open;
    if (this.#isClosed) return Promise.reject(new KafkaConnectionError('The client of Kafka was closed.'));
    const trouble = this.#troubles.get(nameOf(address));
    if (trouble !== undefined && this.#clock.monotonic() < trouble.until)
      return Promise.reject(trouble.error);
    const opening = this.#connect(address, key);
    this.#open.set(key, opening);
    return opening;
  }

  close(): void {
    this.#isClosed = true;
    for (const open of this.#open.values()) {
      detached(
        open.then((connection) => connection.close()),
        () => {},
      );
    }
    this.#open.clear();
  }

  async #connect(address: BrokerAddress, key: string): Promise<BrokerConnection> {
    let connection: BrokerConnection;
    try {
      connection = await this.#kafka.connect(address);
    } catch (error) {
      this.#open.delete(key);
      this.#note(address, error);
      throw error;
    }
    this.#troubles.delete(nameOf(address));
    detached(
      connection.closed.then(() => this.#open.delete(key)),
      () => {},
    );
    return connection;
  }

  #note(address: BrokerAddress, error: unknown): void {
    const name = nameOf(address);
    const before = this.#troubles.get(name)?.pauseMs ?? pauseMsMin / 2;
    const pauseMs = Math.min(2 * before, pauseMsMax);
    this.#troubles.set(name, { error, pauseMs, until: this.#clock.monotonic() + pauseMs });
  }
}

type Trouble = { readonly error: unknown; readonly pauseMs: Millis; readonly until: Millis };

function keyOf(address: BrokerAddress, purpose: Purpose): string {
  return `${purpose} ${nameOf(address)}`;
}

export function nameOf({ host, port }: BrokerAddress): string {
  return `${host}:${port}`;
}
