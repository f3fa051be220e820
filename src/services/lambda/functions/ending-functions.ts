import type { Clock, Millis } from '../../../env/clock.ts';
import { Condition } from '../../../log/condition.ts';
import { lambdaError } from '../errors.ts';
import type { Functions, FunctionTarget, InvokeHow, InvokeOutcome } from './functions.ts';

/** Functions whose calls under way may end in peace: once it is disposed of, no other is begun. */
export class EndingFunctions implements Functions, AsyncDisposable {
  readonly #functions: Functions;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #change = new Condition();
  #isEnding = false;
  #underWay = 0;

  constructor(functions: Functions, clock: Pick<Clock, 'sleep'>) {
    this.#functions = functions;
    this.#clock = clock;
  }

  async invoke(target: FunctionTarget, payload: Uint8Array, how: InvokeHow): Promise<InvokeOutcome> {
    if (this.#isEnding) throw lambdaError('ServiceException', 'The server is about to end.');
    this.#underWay += 1;
    try {
      return await this.#functions.invoke(target, payload, how);
    } finally {
      this.#underWay -= 1;
      this.#change.announce();
    }
  }

  /** Resolves when no call is under way any more, or it has taken too long. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    if (this.#underWay === 0) return;
    const over = new AbortController();
    const late = this.#clock.sleep(graceMs, over.signal).then(() => over.abort());
    await this.#change.until(() => this.#underWay === 0, over.signal);
    over.abort();
    await late;
  }
}

/** A supervisor that has told a server to end kills it after ten seconds or more (Docker, Kubernetes). */
const graceMs: Millis = 5_000;
