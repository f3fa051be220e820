import { type Answer, Connection } from '../harness/connection.ts';
import type { SignedRequest } from '../harness/signer.ts';
import { latencyOf } from '../harness/statistics.ts';
import type { Corpus } from './corpus.ts';
import type { Outcome, Pace } from './load.ts';
import { Stopwatch } from './stopwatch.ts';

export type Exchange = (request: SignedRequest) => Promise<Answer>;

/**
 * Sends requests as fast as the server answers, and measures once it is warm: over kept-alive connections, or
 * as `exchange` does.
 */
export async function replay(
  port: number,
  serverPid: number,
  corpus: Corpus,
  pace: Pace,
  exchange?: Exchange,
): Promise<Outcome> {
  const run = new Replay(corpus, pace, serverPid);
  if (exchange) return await run.run(Array.from({ length: pace.connections }, () => exchange));
  const connections = await Connection.openMany(port, pace.connections);
  try {
    return await run.run(connections.map((connection) => overConnection(connection, corpus)));
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** The same, where each of those that exchange knows its next request itself. */
export async function replayOver(
  exchanges: readonly Exchange[],
  serverPid: number,
  corpus: Corpus,
  pace: Pace,
): Promise<Outcome> {
  return await new Replay(corpus, pace, serverPid).run(exchanges);
}

function overConnection(connection: Connection, corpus: Corpus): Exchange {
  connection.keepsBodies = corpus.bytes !== undefined;
  return (request) => connection.exchange(request.bytes(Date.now()));
}

/** Phases follow one another: warming, measuring, draining. The clock is looked at when an answer arrives. */
class Replay {
  readonly #corpus: Corpus;
  readonly #pace: Pace;
  readonly #serverPid: number;
  #startMs = 0;
  #next = 0;
  #answered = 0;
  #bytes = 0;
  #errors = 0;
  #firstError: string | undefined;
  #window: { stopwatch: Stopwatch; startMs: number; latencies: number[]; bytes: number } | undefined;
  #measured: ReturnType<Stopwatch['stop']> | undefined;

  constructor(corpus: Corpus, pace: Pace, serverPid: number) {
    this.#corpus = corpus;
    this.#pace = pace;
    this.#serverPid = serverPid;
  }

  /** Each exchanges one request at a time. */
  async run(exchanges: readonly Exchange[]): Promise<Outcome> {
    this.#startMs = performance.now();
    if (this.#pace.warmSeconds === 0) this.#openWindow(this.#startMs);
    await Promise.all(exchanges.map((exchange) => this.#drive(exchange)));
    const { latencies, bytes } = this.#window!;
    return {
      ...this.#measured!,
      ...latencyOf(latencies),
      records: latencies.length * this.#corpus.records,
      bytes,
      acknowledged: this.#answered * this.#corpus.records,
      errors: this.#errors,
      ...(this.#firstError === undefined ? {} : { firstError: this.#firstError }),
    };
  }

  async #drive(exchange: Exchange): Promise<void> {
    const { requests } = this.#corpus;
    while (this.#measured === undefined) {
      const request = requests[this.#next++ % requests.length]!;
      const sentMs = performance.now();
      const { status, body, bodyBytes } = await exchange(request);
      const nowMs = performance.now();
      if (status === 200 && this.#corpus.isAccepted(body)) this.#count(nowMs - sentMs, bodyBytes);
      else this.#refuse(`${status} ${body.toString('latin1', 0, 300)}`);
      this.#turn(nowMs);
    }
  }

  #count(latencyMs: number, answerBytes: number): void {
    const bytes = this.#corpus.bytes ?? answerBytes;
    this.#answered++;
    this.#bytes += bytes;
    if (this.#window === undefined || this.#measured !== undefined) return;
    this.#window.latencies.push(latencyMs);
    this.#window.bytes += bytes;
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
    const full = this.#bytes >= bytesMax;
    if (long || full) this.#measured = window.stopwatch.stop();
  }

  #openWindow(nowMs: number): void {
    this.#window = { stopwatch: new Stopwatch(this.#serverPid), startMs: nowMs, latencies: [], bytes: 0 };
  }
}

/** Past it the run is no measurement any more. */
const errorsMax = 1000;
