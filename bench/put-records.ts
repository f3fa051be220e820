import { randomBytes } from 'node:crypto';
import { Connection } from './connection.ts';
import { type Outcome, type PutLoad, recordBytes, recordsPerRequest, streamName } from './load.ts';
import { SignedRequest, Signer } from './signer.ts';
import { percentile } from './statistics.ts';
import { Stopwatch } from './stopwatch.ts';

/** Puts records as fast as the server answers, and measures once it is warm. */
export async function putRecords(port: number, serverPid: number, load: PutLoad): Promise<Outcome> {
  const signer = new Signer(port);
  const corpus = bodies(load.operation).map((body) => new SignedRequest(signer, load.operation, body));
  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => Connection.open(port)),
  );
  try {
    return await new Replay(corpus, load, serverPid).run(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** Phases follow one another: warming, measuring, draining. The clock is looked at when an answer arrives. */
class Replay {
  readonly #corpus: readonly SignedRequest[];
  readonly #load: PutLoad;
  readonly #serverPid: number;
  readonly #startMs = performance.now();
  #next = 0;
  #acknowledged = 0;
  #errors = 0;
  #firstError: string | undefined;
  #window: { stopwatch: Stopwatch; startMs: number; latencies: number[]; records: number } | undefined;
  #measured: ReturnType<Stopwatch['stop']> | undefined;

  constructor(corpus: readonly SignedRequest[], load: PutLoad, serverPid: number) {
    this.#corpus = corpus;
    this.#load = load;
    this.#serverPid = serverPid;
    if (load.warmSeconds === 0) this.#openWindow(this.#startMs);
  }

  async run(connections: readonly Connection[]): Promise<Outcome> {
    await Promise.all(connections.map((connection) => this.#drive(connection)));
    const { latencies, records } = this.#window!;
    return {
      ...this.#measured!,
      records,
      bytes: records * recordBytes,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      acknowledged: this.#acknowledged,
      errors: this.#errors,
      ...(this.#firstError === undefined ? {} : { firstError: this.#firstError }),
    };
  }

  async #drive(connection: Connection): Promise<void> {
    while (this.#measured === undefined) {
      const request = this.#corpus[this.#next++ % this.#corpus.length]!;
      const sentMs = performance.now();
      const { status, body } = await connection.exchange(request.bytes(Date.now()));
      const nowMs = performance.now();
      if (status === 200 && this.#isAccepted(body)) this.#count(nowMs - sentMs);
      else this.#refuse(`${status} ${body.toString('latin1', 0, 300)}`);
      this.#turn(nowMs);
    }
  }

  /** An answer that lists failed records is an error as a whole. */
  #isAccepted(body: Buffer): boolean {
    return this.#load.operation === 'PutRecord' || body.includes('"FailedRecordCount":0');
  }

  #count(latencyMs: number): void {
    const records = recordsPerRequest[this.#load.operation];
    this.#acknowledged += records;
    if (this.#window === undefined || this.#measured !== undefined) return;
    this.#window.records += records;
    this.#window.latencies.push(latencyMs);
  }

  #refuse(answer: string): void {
    this.#errors++;
    this.#firstError ??= answer;
    if (this.#errors === errorsMax) throw new Error(`${errorsMax} errors, the first: ${this.#firstError}`);
  }

  /** Opens the window when it is warm, closes it when enough was seen. */
  #turn(nowMs: number): void {
    const { warmSeconds, seconds, bytesMax, requestsMin } = this.#load;
    const window = this.#window;
    if (this.#measured !== undefined) return;
    if (window === undefined) {
      if (nowMs - this.#startMs >= warmSeconds * 1000) this.#openWindow(nowMs);
      return;
    }
    const long = nowMs - window.startMs >= seconds * 1000 && window.latencies.length >= requestsMin;
    const full = this.#acknowledged * recordBytes >= bytesMax;
    if (long || full) this.#measured = window.stopwatch.stop();
  }

  #openWindow(nowMs: number): void {
    this.#window = { stopwatch: new Stopwatch(this.#serverPid), startMs: nowMs, latencies: [], records: 0 };
  }
}

/** Past it the run is no measurement any more. */
const errorsMax = 1000;

/** Distinct bodies, enough that no cache is all of the story: 16 x 700 KB or 1024 x 1.4 KB. */
function bodies(operation: PutLoad['operation']): Buffer[] {
  if (operation === 'PutRecord') {
    return Array.from({ length: 1024 }, () => json({ StreamName: streamName, ...record() }));
  }
  return Array.from({ length: 16 }, () => {
    const records = Array.from({ length: recordsPerRequest.PutRecords }, record);
    return json({ StreamName: streamName, Records: records });
  });
}

function record() {
  const partitionKey = randomBytes(8).toString('hex');
  return { PartitionKey: partitionKey, Data: randomBytes(recordBytes).toString('base64') };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
