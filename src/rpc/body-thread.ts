import assert from 'node:assert/strict';
import { bufferOf } from '../env/buffer-of.ts';
import type { Clock, Millis } from '../env/clock.ts';
import { detached, unthinkable } from '../env/detached.ts';
import type { Port, Worker, WorkerProgram, Workers } from '../env/workers.ts';
import { restored } from '../wire/cloned.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { StructureShape, TypeOf } from '../wire/shape.ts';
import type { BodyAnswer, BodyJob, LargeBodies, LargeInput } from './large-body.ts';
import type { Call } from './route.ts';

/** A thread that hashes and reads bodies; its port brings jobs and takes answers. */
export type BodyProgram = WorkerProgram<undefined, BodyPorts>;
export type BodyPorts = { readonly jobs: Port<BodyAnswer, BodyJob> };

type Thread = { readonly port: Port<BodyJob, BodyAnswer>; readonly worker: Worker };

/**
 * Hashes and reads large bodies in a thread of its own, which the first body starts, and which ends when none
 * has come for a while. When it ends by itself, the calls that wait for it reject, and the next one starts it
 * again.
 */
export class BodyThread implements LargeBodies, AsyncDisposable {
  readonly #program: BodyProgram;
  readonly #workers: Workers;
  readonly #clock: Clock;
  #thread: Thread | undefined;
  /** The calls whose jobs are not answered yet, in order. */
  #waiting: PromiseWithResolvers<BodyAnswer>[] = [];
  #quiet = new AbortController();

  constructor(program: BodyProgram, workers: Workers, clock: Clock) {
    this.#program = program;
    this.#workers = workers;
    this.#clock = clock;
  }

  async hash(body: Buffer): Promise<{ readonly body: Buffer; readonly sha256: string }> {
    const answer = await this.#ask({ kind: 'hash', body });
    assert(answer.kind === 'hashed');
    return { body: bufferOf(answer.body), sha256: answer.sha256 };
  }

  async read(body: Buffer, { service, protocol, operation, called }: Call): Promise<LargeInput> {
    const names = { service: service.name, protocol: protocol.name };
    const answer = await this.#ask({ kind: 'read', body, ...names, called });
    if (answer.kind === 'refused') throw new ServiceError(answer.type, answer.message, answer.status);
    assert(answer.kind === 'read');
    return {
      input: restored(answer.input, operation.input) as TypeOf<StructureShape>,
      memory: answer.memory,
    };
  }

  /** Ends the thread. Calls that still wait reject. */
  async close(): Promise<void> {
    this.#quiet.abort();
    const thread = this.#thread;
    this.#lose(undefined);
    await thread?.worker.terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #ask(job: BodyJob): Promise<BodyAnswer> {
    this.#quiet.abort();
    this.#thread ??= this.#begin();
    this.#thread.port.post(job, [job.body.buffer as ArrayBuffer]);
    const waiting = Promise.withResolvers<BodyAnswer>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  #begin(): Thread {
    const [port, jobs] = this.#workers.channel<BodyJob, BodyAnswer>();
    const thread = { port, worker: this.#workers.start(this.#program, undefined, { jobs }) };
    // The answers of a thread that was ended belong to no call.
    port.listen((answer) => {
      if (thread === this.#thread) this.#settle(answer);
    });
    detached(this.#mindEnd(thread), unthinkable);
    return thread;
  }

  async #mindEnd(thread: Thread): Promise<void> {
    const error = await thread.worker.ended;
    if (thread === this.#thread) this.#lose(error);
  }

  #settle(answer: BodyAnswer): void {
    this.#waiting.shift()?.resolve(answer);
    if (this.#waiting.length > 0) return;
    this.#quiet = new AbortController();
    detached(this.#endAfter(this.#quiet.signal), unthinkable);
  }

  async #endAfter(used: AbortSignal): Promise<void> {
    await this.#clock.sleep(quietMs, used);
    if (!used.aborted) await this.close();
  }

  #lose(cause: Error | undefined): void {
    const lost = this.#waiting;
    this.#waiting = [];
    this.#thread = undefined;
    for (const { reject } of lost) reject(new Error('the thread that reads large bodies ended', { cause }));
  }
}

/** The thread holds some 25 MB, and takes a fifth of a second to start. */
const quietMs: Millis = 10_000;
