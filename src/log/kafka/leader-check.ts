import type { Clock, Millis } from '../../env/clock.ts';

/**
 * Asks other replicas of a partition who leads it. A leader that was deposed while it stood still answers as
 * of then, and does not know it. But what was acknowledged under a later one is in two replicas at least
 * (`min.insync.replicas`), each of which knows of that leader, and says so to whoever asks it for metadata:
 * a broker in KRaft mode follows and leads by what it answers (BrokerMetadataPublisher). So of three replicas
 * any one of the two others knows, and of more all others but one are asked. Those that do not answer are
 * left out: whoever reaches none of them has only the leader's word.
 */
export class LeaderCheck {
  readonly #clock: Clock;
  readonly #metadata: (broker: number, topics: readonly string[]) => Promise<void>;
  /** By broker, what the next request asks for. */
  readonly #next = new Map<number, { readonly topics: Set<string>; readonly answer: Promise<void> }>();

  /** `metadata` has a broker say what it knows of topics, and has that known here. */
  constructor(clock: Clock, metadata: (broker: number, topics: readonly string[]) => Promise<void>) {
    this.#clock = clock;
    this.#metadata = metadata;
  }

  /** Resolves when enough of the others have said what they know, or cannot be asked. Never rejects. */
  async ask(topic: string, others: readonly number[]): Promise<void> {
    const needed = others.length - 1;
    if (needed < 1) return;
    let heard = 0;
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    const hear = () => {
      heard += 1;
      if (heard >= needed) resolve();
    };
    const asked: Promise<void>[] = [];
    for (const other of others) {
      const answered = this.#askOne(other, topic).then(hear, nothing);
      asked.push(answered);
      if (asked.length < needed) continue;
      await this.#within(slowMs, Promise.race([enough, answered]));
      if (heard >= needed) return;
    }
    await this.#within(askMs, Promise.race([enough, Promise.all(asked)]));
  }

  /** Questions of one turn share a request. */
  #askOne(broker: number, topic: string): Promise<void> {
    let next = this.#next.get(broker);
    if (next === undefined) {
      const topics = new Set<string>();
      const answer = this.#clock.turn().then(() => {
        this.#next.delete(broker);
        return this.#metadata(broker, [...topics]);
      });
      next = { topics, answer };
      this.#next.set(broker, next);
    }
    next.topics.add(topic);
    return next.answer;
  }

  async #within(ms: Millis, work: Promise<unknown>): Promise<void> {
    const over = new AbortController();
    await Promise.race([work, this.#clock.sleep(ms, over.signal)]);
    over.abort(null);
  }
}

function nothing(): void {}

/** After so long another one is asked as well. */
const slowMs: Millis = 250;
/** Longer than a broker that is alive takes, on a busy day. */
const askMs: Millis = 5_000;
