import { FakeS3 } from '../../harness/objects/fake-s3.ts';
import type { StoredObject } from '../../harness/deliveries/delivery-model.ts';
import type { SeededRandom } from '../../harness/random.ts';
import type { Millis } from '../../src/env/clock.ts';
import type { ClientAnswer, ClientSend, HttpClient } from '../../src/env/http-client.ts';
import type { Process } from '../process.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Trace } from '../trace.ts';

/** How S3, and what is between it and servers, treats a request. Chances are from 0 to 1. */
export type S3Weather = {
  readonly delayMax: Millis;
  /** It never arrives, and its connection breaks. */
  readonly cut: number;
  /** It is done, and its answer is lost. */
  readonly lost: number;
  /** S3 says that it failed, and did it. */
  readonly failed: number;
  /** S3 has no time for it. */
  readonly refused: number;
  /** Nobody answers. */
  readonly silence: number;
  /** It arrives a second time, much later. */
  readonly late: number;
  readonly isAway: boolean;
  /** Who puts an object ends when it arrives: the moment at which that is most interesting. */
  readonly deadly: number;
};

export const calmS3: S3Weather = {
  ...{ delayMax: 5, cut: 0, lost: 0, failed: 0, refused: 0, silence: 0, late: 0 },
  ...{ isAway: false, deadly: 0 },
};

export const bucketName = 'lake';

/** Later than any answer that somebody waits for; before all is looked at in the end. */
const lateMsMax: Millis = 8_000;

export type S3Place = {
  /** The right time. */
  readonly now: () => Millis;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  /** Ends a process in one way or another. */
  readonly crash: (process: Process) => void;
};

/** A store of objects that outlives every server, and the way to it. */
export class SimulatedS3 {
  weather = calmS3;
  readonly #s3: FakeS3;
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #trace: Trace;
  readonly #crash: (process: Process) => void;
  /** Objects by when they were stored first, which is when they were stored after they were deleted. */
  readonly #firsts = new Map<string, number>();
  readonly #deletions = new Map<string, Millis>();
  #stored = 0;

  constructor({ now, scheduler, trace, crash }: S3Place, random: SeededRandom) {
    this.#s3 = new FakeS3(now);
    this.#crash = crash;
    this.#s3.buckets.create(bucketName, { owner: '000000000000' });
    this.#scheduler = scheduler;
    this.#random = random;
    this.#trace = trace;
  }

  /** All that are there. */
  objects(): StoredObject[] {
    const { objects } = this.#s3.buckets.buckets.get(bucketName)!;
    return Array.from(objects, ([key, { body }]) => ({ key, body, first: this.#firsts.get(key)! }));
  }

  /** The way to it of one process. */
  for(process: Process): HttpClient {
    return {
      send: (request, signal) =>
        new Promise((resolve, reject) => {
          const end = () => reject(signal!.reason);
          if (signal?.aborted) return end();
          signal?.addEventListener('abort', end, { once: true });
          const patience = request.timeoutMs ?? patienceMs;
          process.after(patience, () => reject(new Error('the answer takes too long')));
          const answered = (answer: ClientAnswer | undefined) =>
            process.after(this.#delay(), () => {
              signal?.removeEventListener('abort', end);
              if (answer === undefined) reject(new Error('socket hang up'));
              else resolve(answer);
            });
          this.#leave(process, request, answered);
        }),
    };
  }

  /** On its way, which goes on without whoever sent it. */
  #leave(
    process: Process,
    request: ClientSend,
    answered: (answer: ClientAnswer | undefined) => void,
  ): void {
    const sent = this.#scheduler.time;
    const { late } = this.weather;
    if (request.method === 'PUT' && this.#random.chance(late)) {
      const delay = this.#random.real(0, lateMsMax);
      this.#scheduler.after(delay, () => void this.#carryOut(request, sent));
    }
    this.#scheduler.after(this.#delay(), () => {
      const isDeadly = request.method === 'PUT' && this.#random.chance(this.weather.deadly);
      if (isDeadly) this.#scheduler.after(this.#random.real(0, crashMsMax), () => this.#crash(process));
      void this.#arrive(request, sent, answered);
    });
  }

  async #arrive(
    request: ClientSend,
    sent: Millis,
    answered: (answer: ClientAnswer | undefined) => void,
  ): Promise<void> {
    const fate = this.#drawFate();
    if (fate !== 'kept') this.#trace.write('s3', `${request.method} ${request.url} is ${fate}`);
    if (fate === 'cut') return answered(undefined);
    if (fate === 'silent') return;
    if (fate === 'refused') return answered(unavailable);
    const answer = await this.#carryOut(request, sent);
    if (fate === 'lost') answered(undefined);
    else answered(fate === 'failed' ? { ...unavailable, status: 500 } : answer);
  }

  #drawFate() {
    const { cut, lost, failed, refused, silence, isAway } = this.weather;
    const draw = (chance: number) => this.#random.chance(chance);
    if (isAway) return this.#random.pick(['cut', 'refused'] as const);
    if (draw(cut)) return 'cut';
    if (draw(silence)) return 'silent';
    if (draw(refused)) return 'refused';
    if (draw(lost)) return 'lost';
    return draw(failed) ? 'failed' : 'kept';
  }

  /**
   * What was on its way since before an object was deleted does not bring it back: no plan, and no lease, has
   * a fence in S3 against that (docs/delivery.md).
   */
  async #carryOut(request: ClientSend, sent: Millis): Promise<ClientAnswer> {
    const { method, url } = request;
    const key = decodeURIComponent(new URL(url).pathname.slice(bucketName.length + 2));
    if (method === 'PUT' && (this.#deletions.get(key) ?? -1) >= sent) return unavailable;
    const answer = await this.#s3.send(request);
    this.#s3.calls.length = 0;
    this.#trace.write('s3', `${method} ${key} ${answer.status}`);
    if (answer.status < 300) this.#note(method, key);
    return answer;
  }

  #note(method: string, key: string): void {
    if (method === 'DELETE') {
      this.#deletions.set(key, this.#scheduler.time);
      this.#firsts.delete(key);
    } else if (method === 'PUT' && !this.#firsts.has(key)) this.#firsts.set(key, this.#stored++);
  }

  #delay(): Millis {
    return this.#random.real(0.1, this.weather.delayMax);
  }
}

/** So long after its request has arrived somebody ends: its answer may be there by then, and noted. */
const crashMsMax: Millis = 8;

/** The client's own, unless a request says. */
const patienceMs: Millis = 30_000;

const unavailable: ClientAnswer = {
  status: 503,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from('<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'),
};
