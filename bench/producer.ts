import { randomBytes } from 'node:crypto';
import { Connection } from '../harness/connection.ts';
import { Signer } from '../harness/signer.ts';
import { recordBytes, streamName } from './load.ts';
import { until } from './schedule.ts';

/** A record that was acknowledged. Its partition key is its place in the order of the schedule. */
export type Sent = {
  /** When the schedule wanted it sent, and when it was. */
  readonly dueMs: number;
  readonly sentMs: number;
  readonly sequenceNumber: string;
};

/** Puts a few records at a time, at fixed times, whether the answers to those before have come or not. */
export class Producer {
  readonly #signer: Signer;
  readonly #idle: Connection[];
  readonly #connections: readonly Connection[];
  readonly #waiting: ((connection: Connection) => void)[] = [];
  readonly #recordsPerPut: number;
  #broken: unknown;
  /** By partition key. */
  readonly sent: Sent[] = [];

  static async open(port: number, recordsPerPut = recordsPerPutDefault): Promise<Producer> {
    const connections = Array.from({ length: connectionCount }, () => Connection.open(port));
    return new Producer(await Promise.all(connections), new Signer(port), recordsPerPut);
  }

  private constructor(connections: readonly Connection[], signer: Signer, recordsPerPut: number) {
    this.#connections = connections;
    this.#idle = [...connections];
    this.#signer = signer;
    this.#recordsPerPut = recordsPerPut;
  }

  /** Puts at least so many records and resolves when all are acknowledged; rejects when one was not. */
  async run(count: number, perSecond: number): Promise<void> {
    const startMs = performance.now();
    const first = this.sent.length;
    const puts: Promise<void>[] = [];
    for (let nth = 0; nth < count; nth += this.#recordsPerPut) {
      const dueMs = startMs + (nth * 1000) / perSecond;
      await until(dueMs);
      const put = this.#put(first + nth, dueMs).catch((error) => {
        this.#broken ??= error;
      });
      puts.push(put);
    }
    await Promise.all(puts);
    if (this.#broken !== undefined) throw this.#broken;
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  async #put(first: number, dueMs: number): Promise<void> {
    const keys = Array.from({ length: this.#recordsPerPut }, (_, nth) => String(first + nth));
    const input = {
      StreamName: streamName,
      Records: keys.map((PartitionKey) => ({ PartitionKey, Data: data })),
    };
    const request = this.#signer.request('PutRecords', Buffer.from(JSON.stringify(input)));
    const connection = this.#idle.pop() ?? (await this.#nextIdle());
    const sentMs = performance.now();
    const { status, body } = await connection.exchange(request);
    const answer = JSON.parse(body.toString()) as PutRecordsAnswer;
    if (status !== 200 || answer.FailedRecordCount > 0) {
      throw new Error(`PutRecords: ${status} ${body.toString('latin1', 0, 300)}`);
    }
    for (const [nth, { SequenceNumber: sequenceNumber }] of answer.Records.entries()) {
      this.sent[first + nth] = { dueMs, sentMs, sequenceNumber };
    }
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(connection);
    else next(connection);
  }

  #nextIdle(): Promise<Connection> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

type PutRecordsAnswer = { FailedRecordCount: number; Records: { SequenceNumber: string }[] };

const recordsPerPutDefault = 5;

/** More than wait for an answer at a time, unless the server falls behind. */
const connectionCount = 64;

const data = randomBytes(recordBytes).toString('base64');
