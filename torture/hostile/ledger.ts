import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../harness/answer.ts';
import { Connection } from '../../harness/connection.ts';
import { Signer } from '../../harness/signer.ts';
import { latencyOf } from '../../harness/statistics.ts';
import { Client } from '../client.ts';
import type { ServerProcess } from '../server-process.ts';
import { healthRequest } from './http1.ts';

/** The stream of the honest client. */
export const ledgerStream = 'ledger';

/**
 * An honest client. It puts one record after the other, over HTTP/1.1 and over HTTP/2, asks after the
 * server's health, and writes down what was acknowledged and how long everything took.
 */
export class Ledger {
  readonly #server: ServerProcess;
  readonly #port: number;
  readonly #paceMs: number;
  /** Data by sequence number, as acknowledged. */
  readonly #acknowledged = new Map<string, string>();
  readonly #putMs: number[] = [];
  readonly #healthMs: number[] = [];
  readonly #unserved: string[] = [];
  /** How many of its requests were answered. */
  readonly #heard = new Map<string, number>();
  readonly #work: Promise<unknown>;
  #hasStopped = false;
  #count = 0;

  /** Begins to work. `paceMs` lies between the starts of two requests of a kind. */
  constructor(server: ServerProcess, paceMs: number) {
    this.#server = server;
    this.#port = server.port!;
    this.#paceMs = paceMs;
    this.#work = Promise.all([this.#putOverHttp1(), this.#putOverHttp2(), this.#askHealth()]);
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  /** Requests that were not served. */
  get violations(): readonly string[] {
    return this.#unserved.slice(0, toldMax);
  }

  /** In milliseconds. Waits that fell into a long one count as well. */
  get latencies() {
    return { put: latencyOf(this.#putMs), health: latencyOf(this.#healthMs) };
  }

  /** Resolves when each of its requests was answered anew, or the process has ended. */
  async hearsAgain(): Promise<void> {
    const before = new Map(this.#heard);
    const isNew = (what: string) => (this.#heard.get(what) ?? 0) >= (before.get(what) ?? 0) + 2;
    while (!this.#server.hasEnded && ![...before.keys()].every(isNew)) await sleep(lookMs);
  }

  async stop(): Promise<void> {
    this.#hasStopped = true;
    await this.#work;
  }

  /**
   * Reads everything back, from whichever server is there now, and misses what is not there as it was
   * acknowledged.
   */
  async audit(port: number): Promise<string[]> {
    const client = new Client('auditor', () => port);
    const found = new Map<string, string>();
    for (const shard of ['shardId-000000000000', 'shardId-000000000001']) {
      const complaint = await readShard(client, shard, found);
      if (complaint !== undefined) return [complaint];
    }
    client.close();
    const lost = [...this.#acknowledged].filter(([number, data]) => found.get(number) !== data);
    return lost.slice(0, toldMax).map(([number]) => `lost: ${number} of ${ledgerStream} was acknowledged`);
  }

  async #putOverHttp1(): Promise<void> {
    let connection: Connection | undefined;
    const signer = new Signer(this.#port);
    await this.#repeat(this.#putMs, 'a put over HTTP/1.1', async (nth) => {
      // Another connection from time to time: each belongs to one of the server's threads.
      if (connection === undefined || nth % putsPerConnection === 0) {
        connection?.close();
        connection = await Connection.open(this.#port);
      }
      const body = this.#nextPut();
      const answer = await connection.exchange(signer.request('PutRecord', body.bytes));
      this.#enter(body.data, answer.status, answer.body);
    });
    connection?.close();
  }

  async #putOverHttp2(): Promise<void> {
    let session: ClientHttp2Session | undefined;
    const signer = new Signer(this.#port);
    await this.#repeat(this.#putMs, 'a put over HTTP/2', async (nth) => {
      if (session === undefined || nth % putsPerConnection === 0) {
        session?.destroy();
        session = connect(`http://127.0.0.1:${this.#port}`);
        session.on('error', () => {}); // Its stream says the same.
      }
      const body = this.#nextPut();
      const stream = session.request({ ':method': 'POST', ...signer.headers('PutRecord', body.bytes) });
      stream.end(body.bytes);
      // One that is closed before it is answered does not always say so by an error.
      const closed = once(stream, 'close').then(() => Promise.reject(new Error('the stream was closed')));
      const [headers] = await Promise.race([once(stream, 'response'), closed]);
      closed.catch(() => {});
      const said: Buffer[] = [];
      for await (const piece of stream) said.push(piece as Buffer);
      this.#enter(body.data, headers[':status'], Buffer.concat(said));
    });
    session?.destroy();
  }

  async #askHealth(): Promise<void> {
    await this.#repeat(this.#healthMs, '/health', async () => {
      const connection = await Connection.open(this.#port);
      try {
        const { status } = await connection.exchange(healthRequest);
        if (status !== 200) throw new Error(`it was answered with ${status}`);
      } finally {
        connection.close();
      }
    });
  }

  /** At its pace, one at a time. */
  async #repeat(waits: number[], what: string, once: (nth: number) => Promise<void>): Promise<void> {
    for (let nth = 0; !this.#hasStopped && !this.#server.hasEnded; nth++) {
      this.#heard.set(what, nth);
      const began = performance.now();
      const failure = await inTime(once(nth));
      const tookMs = performance.now() - began;
      // Those that would have been asked meanwhile would have waited, too.
      for (let waited = tookMs; waited > 0; waited -= this.#paceMs) waits.push(waited);
      if (failure !== undefined) await this.#complain(`unserved: ${what}: ${failure}`);
      await sleep(Math.max(0, this.#paceMs - tookMs));
    }
  }

  /** Not when the process is ending: that is told by itself. */
  async #complain(sentence: string): Promise<void> {
    await Promise.race([this.#server.ended, sleep(endingMs)]);
    if (!this.#server.hasEnded && this.#server.port !== undefined) this.#unserved.push(sentence);
  }

  #nextPut(): { readonly data: string; readonly bytes: Buffer } {
    const data = Buffer.from(`record ${this.#count++}`).toString('base64');
    const input = { StreamName: ledgerStream, PartitionKey: `key ${this.#count}`, Data: data };
    return { data, bytes: Buffer.from(JSON.stringify(input)) };
  }

  #enter(data: string, status: number, body: Buffer): void {
    const text = body.toString();
    if (status !== 200) throw new Error(`it was answered with ${status}: ${text.slice(0, 200)}`);
    const { SequenceNumber } = JSON.parse(text) as { SequenceNumber: string };
    this.#acknowledged.set(SequenceNumber, data);
  }
}

/** Why a request was not served; undefined when it was. Generous: a slow machine is no broken promise. */
async function inTime(request: Promise<void>): Promise<string | undefined> {
  const over = new AbortController();
  const tooLate = sleep(patienceMs, `no answer in ${patienceMs / 1000} s`, { signal: over.signal }).catch(
    () => undefined,
  );
  const served = request.then(
    () => undefined,
    (error: Error) => error.message,
  );
  const outcome = await Promise.race([served, tooLate]);
  over.abort();
  return outcome;
}

type Page = {
  readonly NextShardIterator?: string;
  readonly MillisBehindLatest: number;
  readonly Records: readonly { readonly SequenceNumber: string; readonly Data: string }[];
};

/** From its beginning to its tip. A complaint when it cannot be read. */
async function readShard(
  client: Client,
  shard: string,
  found: Map<string, string>,
): Promise<string | undefined> {
  const where = { StreamName: ledgerStream, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' };
  const begun = await client.call<{ ShardIterator: string }>('GetShardIterator', where);
  if (begun.kind !== 'output') return `unserved: GetShardIterator is answered with ${JSON.stringify(begun)}`;
  for (let iterator: string | undefined = begun.output.ShardIterator; iterator !== undefined; ) {
    const page: Answer<Page> = await client.call<Page>('GetRecords', {
      ShardIterator: iterator,
      Limit: 10_000,
    });
    if (page.kind !== 'output') return `unserved: GetRecords is answered with ${JSON.stringify(page)}`;
    for (const { SequenceNumber, Data } of page.output.Records) found.set(SequenceNumber, Data);
    if (page.output.MillisBehindLatest === 0) return undefined;
    iterator = page.output.NextShardIterator;
  }
  return undefined;
}

const lookMs = 10;
const putsPerConnection = 20;
const patienceMs = 30_000;
const endingMs = 2_000;
const toldMax = 5;
