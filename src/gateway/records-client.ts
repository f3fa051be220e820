import { bufferOf } from '../env/buffer-of.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { UnavailableError } from '../log/log.ts';
import { BatchedPort, type Message, type MessagesPort } from './batched-port.ts';
import { restored, type TransferredError } from './error-transfer.ts';
import type { Health } from './health.ts';
import type { Events, Requests } from './requests.ts';

/** The owner, as a worker sees it: the thread that has the catalog and the logs. */
export class RecordsClient {
  readonly #port: BatchedPort;
  /**
   * By the number of the question, less one. Not in a Map: its old tables would keep one another, and what
   * was asked, alive.
   */
  readonly #waiting: (Waiting | undefined)[] = [];
  /** Free places in it. */
  readonly #free: number[] = [];
  readonly #ended: (() => void) | undefined;
  #hasEnded = false;

  /**
   * An owner in another process may go: `ended` is told then, and what was asked and is asked from then on
   * rejects with `UnavailableError`. One in this process ends with it.
   */
  constructor(port: MessagesPort, clock: Pick<Clock, 'turn'>, ended?: () => void) {
    this.#ended = ended;
    const closed = ended && (() => this.#end());
    this.#port = new BatchedPort(port, clock, (message) => this.#receive(message), closed);
  }

  /**
   * Asks; resolves to the answer, rejects with what the owner's work rejected with. Questions are worked on
   * in the order in which they were asked. The bytes must not change before the end of this turn; `final`
   * ones are the owner's from now on.
   */
  ask<Subject extends keyof Requests>(
    subject: Subject,
    body: Requests[Subject][0],
    bytes?: Uint8Array,
    final = false,
  ): Promise<Answer<Requests[Subject][1]>> {
    if (this.#hasEnded) return Promise.reject(gone());
    return new Promise((resolve, reject) => {
      const number = this.#expect({ resolve: resolve as Waiting['resolve'], reject });
      this.#port.send(number, subject, body, bytes, final);
    });
  }

  /**
   * Asks what the owner answers some time. Resolves to the answer; to undefined when the owner fails to, or
   * when the signal is aborted: then the owner is told that it need not wait any longer.
   */
  askUntil<Subject extends keyof Requests>(
    signal: AbortSignal,
    subject: Subject,
    body: Requests[Subject][0],
  ): Promise<Requests[Subject][1] | undefined> {
    if (signal.aborted || this.#hasEnded) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const finish = (answered?: Answer<Requests[Subject][1]>) => {
        signal.removeEventListener('abort', cancel);
        resolve(answered?.body);
      };
      const number = this.#expect({ resolve: finish as Waiting['resolve'], reject: () => finish() });
      const cancel = () => {
        this.tell('cancel', number);
        resolve(undefined);
      };
      signal.addEventListener('abort', cancel, { once: true });
      this.#port.send(number, subject, body);
    });
  }

  tell<Subject extends keyof Events>(subject: Subject, body: Events[Subject]): void {
    this.#port.send(0, subject, body);
  }

  /** How the owner does: stalled, if it does not answer for so long, however busy the machine is. */
  async health(clock: Clock): Promise<Health> {
    const answered = new AbortController();
    const silence = clock.sleep(silenceMsMax, answered.signal).then(() => 'stalled' as const);
    const told = this.ask('health', undefined).then(({ body }) => body);
    const health = await Promise.race([silence, told]);
    answered.abort();
    return health;
  }

  /** Whether the owner, in another process, is gone. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Nothing may be asked any more. What another process was asked is not answered any more, either. */
  close(): void {
    this.#port.close();
    this.#end();
  }

  #end(): void {
    if (this.#ended === undefined || this.#hasEnded) return;
    this.#hasEnded = true;
    for (const waiting of this.#waiting.splice(0)) waiting?.reject(gone());
    this.#ended();
  }

  /** Numbers a question. */
  #expect(waiting: Waiting): number {
    const place = this.#free.pop() ?? this.#waiting.length;
    this.#waiting[place] = waiting;
    return place + 1;
  }

  #receive([number, subject, body, bytes]: Message): void {
    const { resolve, reject } = this.#waiting[number - 1]!;
    this.#waiting[number - 1] = undefined;
    this.#free.push(number - 1);
    if (subject === failure) reject(restored(body as TransferredError));
    else resolve({ body, bytes: bytes && bufferOf(bytes) });
  }
}

export type Answer<Body> = { readonly body: Body; readonly bytes: Buffer | undefined };

type Waiting = {
  readonly resolve: (answer: Answer<unknown>) => void;
  readonly reject: (error: Error) => void;
};

function gone(): UnavailableError {
  return new UnavailableError('The gateway that was asked has gone before it answered.');
}

const silenceMsMax: Millis = 10_000;

/** The subjects of answers. */
export const answer = 'answer';
export const failure = 'failure';
