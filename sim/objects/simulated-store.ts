import { FakeS3, type S3Fate } from '../../harness/objects/fake-s3.ts';
import { errorAnswer, type S3Call } from '../../harness/objects/s3-call.ts';
import type { SeededRandom } from '../../harness/random.ts';
import type { Millis } from '../../src/env/clock.ts';
import type { ClientAnswer, ClientSend, HttpClient } from '../../src/env/http-client.ts';
import type { Process } from '../process.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Trace } from '../trace.ts';

/** How the store, and the way to it, treat requests. Chances are from 0 to 1. */
export type StoreWeather = {
  readonly delayMax: Millis;
  /** The connection breaks before anything is done. */
  readonly cut: number;
  /** It is done, and the connection breaks. */
  readonly lost: number;
  /** Nobody answers, and nothing is done. */
  readonly silence: number;
  /** An error of the server's, before it is done or after. */
  readonly error: number;
};

export const fairWeather: StoreWeather = { delayMax: 2, cut: 0, lost: 0, silence: 0, error: 0 };

/** S3, in a simulated world. Requests of a process that has ended are still on their way. */
export class SimulatedStore {
  readonly s3: FakeS3;
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #trace: Trace;
  weather = fairWeather;

  /** `bornAt` is the time of its clock at the world's beginning; nobody sets it. */
  constructor(scheduler: Scheduler, random: SeededRandom, trace: Trace, bornAt: Millis) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#trace = trace;
    this.s3 = new FakeS3(() => bornAt + Math.floor(scheduler.time));
    this.s3.fate = (call) => this.#fateOf(call);
  }

  /** What a process reaches it with. */
  clientOf(process: Process): HttpClient {
    return { send: (request, signal) => this.#send(process, request, signal) };
  }

  #send(process: Process, request: ClientSend, signal: AbortSignal | undefined): Promise<ClientAnswer> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(signal!.reason);
      if (signal?.aborted) return giveUp();
      signal?.addEventListener('abort', giveUp, { once: true });
      const settle = (action: () => void) =>
        process.after(this.#delay(), () => {
          signal?.removeEventListener('abort', giveUp);
          action();
        });
      this.#scheduler.after(this.#delay(), () => {
        void this.s3.send(request).then(
          (answer) => settle(() => resolve(answer)),
          (error) => settle(() => reject(error)),
        );
      });
    });
  }

  #fateOf(call: S3Call): S3Fate {
    // Bodies are large, and nobody looks at them.
    this.s3.calls.length = 0;
    const fate = this.#drawFate();
    const told = typeof fate === 'object' ? `${fate.answer.status}${fate.isDone ? ', done' : ''}` : fate;
    this.#trace.write('store', `${call.method} ${call.key}${told === undefined ? '' : `: ${told}`}`);
    return fate;
  }

  #drawFate(): S3Fate {
    const { cut, lost, silence, error } = this.weather;
    let left = this.#random.real(0, 1);
    if ((left -= cut) < 0) return 'cut';
    if ((left -= lost) < 0) return 'lost';
    if ((left -= silence) < 0) return 'silence';
    if ((left -= error) >= 0) return undefined;
    const answer = this.#random.pick([errorAnswer(500, 'InternalError'), errorAnswer(503, 'SlowDown')]);
    return { answer, isDone: this.#random.chance(0.5) };
  }

  #delay(): Millis {
    return this.#random.real(0.05, this.weather.delayMax);
  }
}
