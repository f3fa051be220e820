import { Connection } from '../harness/connection.ts';
import { latencyOf } from '../harness/statistics.ts';
import { type Corpus, putCorpus } from './corpus.ts';
import type { OpenLoad, Outcome } from './load.ts';
import { until } from './schedule.ts';
import { Stopwatch } from './stopwatch.ts';

/**
 * Puts at a fixed rate whether answers have come or not, as many clients do that know nothing of each other.
 * A request that finds no idle connection waits for one, and its waiting counts: nothing is omitted when the
 * server is late.
 */
export async function openLoop(port: number, serverPid: number, load: OpenLoad): Promise<Outcome> {
  const connections = await Connection.openMany(port, connectionCount);
  const loop = new OpenLoop(connections, putCorpus(port, load));
  try {
    await loop.run(load.warmSeconds * load.requestsPerSecond, load.requestsPerSecond);
    const stopwatch = new Stopwatch(serverPid);
    const latencies = await loop.run(load.seconds * load.requestsPerSecond, load.requestsPerSecond);
    return { ...stopwatch.stop(), ...latencyOf(latencies), ...loop.outcome(latencies.length) };
  } finally {
    for (const connection of connections) connection.close();
  }
}

/** More than wait for an answer at a time, unless the server falls behind. */
const connectionCount = 256;

class OpenLoop {
  readonly #corpus: Corpus;
  readonly #idle: Connection[];
  readonly #waiting: ((connection: Connection) => void)[] = [];
  #sent = 0;
  #acknowledged = 0;
  #errors = 0;
  #firstError: string | undefined;

  constructor(connections: readonly Connection[], corpus: Corpus) {
    this.#idle = [...connections];
    this.#corpus = corpus;
  }

  /** The latencies of at least one request, in milliseconds from when each was due. */
  async run(count: number, perSecond: number): Promise<number[]> {
    const startMs = performance.now();
    const answers: Promise<number | undefined>[] = [];
    for (let nth = 0; nth < Math.max(1, count); nth++) {
      const dueMs = startMs + (nth * 1000) / perSecond;
      await until(dueMs);
      const answer = this.#send(dueMs);
      // Reported where all of them are awaited, below.
      answer.catch(() => undefined);
      answers.push(answer);
    }
    const latencies = await Promise.all(answers);
    return latencies.filter((latency) => latency !== undefined);
  }

  outcome(measured: number) {
    const { records, bytes } = this.#corpus;
    return {
      records: measured * records,
      bytes: measured * (bytes ?? 0),
      acknowledged: this.#acknowledged * records,
      errors: this.#errors,
      ...(this.#firstError === undefined ? {} : { firstError: this.#firstError }),
    };
  }

  async #send(dueMs: number): Promise<number | undefined> {
    const { requests, isAccepted } = this.#corpus;
    const request = requests[this.#sent++ % requests.length]!;
    const connection = this.#idle.pop() ?? (await this.#nextIdle());
    const { status, body } = await connection.exchange(request.bytes(Date.now()));
    const latencyMs = performance.now() - dueMs;
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(connection);
    else next(connection);
    if (status === 200 && isAccepted(body)) {
      this.#acknowledged++;
      return latencyMs;
    }
    this.#errors++;
    this.#firstError ??= `${status} ${body.toString('latin1', 0, 300)}`;
    return undefined;
  }

  #nextIdle(): Promise<Connection> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
