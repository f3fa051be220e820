import { Connection } from './connection.ts';
import type { Outcome, Pace } from './load.ts';
import type { SignedRequest } from './signer.ts';
import { percentile } from './statistics.ts';
import { Stopwatch } from './stopwatch.ts';

/** Requests that take turns, and what one of them is worth. */
export type Corpus = {
  readonly requests: readonly SignedRequest[];
  readonly records: number;
  readonly bytes: number;
  /** Whether a 200 with this body is no error. */
  isAccepted(body: Buffer): boolean;
};

/** Sends requests as fast as the server answers, and measures once it is warm. */
export async function replay(port: number, serverPid: number, corpus: Corpus, pace: Pace): Promise<Outcome> {
  const connections = await Promise.all(
    Array.from({ length: pace.connections }, () => Connection.open(port)),
  );
  try {
    return await new Replay(corpus, pace, serverPid).run(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** Phases follow one another: warming, measuring, draining. The clock is looked at when an answer arrives. */
class Replay {
  readonly #corpus: Corpus;
  readonly #pace: Pace;
  readonly #serverPid: number;
  readonly #startMs = performance.now();
  #next = 0;
  #answered = 0;
  #errors = 0;
  #firstError: string | undefined;
  #window: { stopwatch: Stopwatch; startMs: number; latencies: number[] } | undefined;
  #measured: ReturnType<Stopwatch['stop']> | undefined;

  constructor(corpus: Corpus, pace: Pace, serverPid: number) {
    this.#corpus = corpus;
    this.#pace = pace;
    this.#serverPid = serverPid;
    if (pace.warmSeconds === 0) this.#openWindow(this.#startMs);
  }

  async run(connections: readonly Connection[]): Promise<Outcome> {
    await Promise.all(connections.map((connection) => this.#drive(connection)));
    const { latencies } = this.#window!;
    return {
      ...this.#measured!,
      records: latencies.length * this.#corpus.records,
      bytes: latencies.length * this.#corpus.bytes,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      acknowledged: this.#answered * this.#corpus.records,
      errors: this.#errors,
      ...(this.#firstError === undefined ? {} : { firstError: this.#firstError }),
    };
  }

  async #drive(connection: Connection): Promise<void> {
    const { requests } = this.#corpus;
    while (this.#measured === undefined) {
      const request = requests[this.#next++ % requests.length]!;
      const sentMs = performance.now();
      const { status, body } = await connection.exchange(request.bytes(Date.now()));
      const nowMs = performance.now();
      if (status === 200 && this.#corpus.isAccepted(body)) this.#count(nowMs - sentMs);
      else this.#refuse(`${status} ${body.toString('latin1', 0, 300)}`);
      this.#turn(nowMs);
    }
  }

  #count(latencyMs: number): void {
    this.#answered++;
    if (this.#measured === undefined) this.#window?.latencies.push(latencyMs);
  }

  #refuse(answer: string): void {
    this.#errors++;
    this.#firstError ??= answer;
    if (this.#errors === errorsMax) throw new Error(`${errorsMax} errors, the first: ${this.#firstError}`);
  }

  /** Opens the window when it is warm, closes it when enough was seen. */
  #turn(nowMs: number): void {
    const { warmSeconds, seconds, bytesMax, requestsMin } = this.#pace;
    const window = this.#window;
    if (this.#measured !== undefined) return;
    if (window === undefined) {
      if (nowMs - this.#startMs >= warmSeconds * 1000) this.#openWindow(nowMs);
      return;
    }
    const long = nowMs - window.startMs >= seconds * 1000 && window.latencies.length >= requestsMin;
    const full = this.#answered * this.#corpus.bytes >= bytesMax;
    if (long || full) this.#measured = window.stopwatch.stop();
  }

  #openWindow(nowMs: number): void {
    this.#window = { stopwatch: new Stopwatch(this.#serverPid), startMs: nowMs, latencies: [] };
  }
}

/** Past it the run is no measurement any more. */
const errorsMax = 1000;
