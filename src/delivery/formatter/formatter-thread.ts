import { bufferOf } from '../../env/buffer-of.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import { isPooled, type Port, type Worker, type Workers } from '../../env/workers.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';
import type { TransformAnswer, TransformFunctions } from '../delivery-world.ts';
import type { SourceSlice } from '../source/source-slice.ts';
import type { ChunkFill, ChunkSetting, FormattedChunk } from './chunk-setting.ts';
import type { FormatterAnswer, FormatterAsk } from './formatter-messages.ts';
import { formatterProgram } from './formatter-program.ts';

type FormatterWorld = {
  readonly clock: Clock;
  readonly workers: Workers;
  readonly functions: TransformFunctions;
};

/** A chunk that is being formatted. Every call rejects once the thread has ended: then all of it is lost. */
export interface ChunkInThread {
  /** Takes what was read: its memory is the thread's from now on. */
  add(slice: SourceSlice): Promise<ChunkFill>;
  /** The schema that records look like, which stay the caller's; undefined when they are no rows. */
  sample(slice: SourceSlice): Promise<TableSchema | undefined>;
  /** The objects. Nothing is added any more; it is to be dropped yet. */
  finish(random: string): Promise<FormattedChunk>;
  /** Has the thread forget it, and calls under way reject. To be called in any case, once. */
  drop(): void;
}

type Thread = {
  readonly port: Port<FormatterAsk, FormatterAnswer>;
  readonly worker: Worker;
  readonly chunks: Map<number, InThread>;
};

/**
 * Makes objects of records in a thread of its own, one for all deliveries. The first chunk starts it, and it
 * ends when there was none for a while.
 */
export class FormatterThread {
  readonly #world: FormatterWorld;
  #thread: Thread | undefined;
  #nextChunk = 0;
  #quiet = new AbortController();

  constructor(world: FormatterWorld) {
    this.#world = world;
  }

  open(setting: ChunkSetting): ChunkInThread {
    this.#quiet.abort(null);
    this.#thread ??= this.#begin();
    const thread = this.#thread;
    const number = this.#nextChunk++;
    const { functions } = this.#world;
    const invoke: InvokeFor = (...asked) => functions.invoke(...asked, setting.spec.owner.arn);
    const chunk = new InThread(number, thread.port, invoke, () => this.#drop(thread, number));
    thread.chunks.set(number, chunk);
    thread.port.post({ kind: 'open', chunk: number, setting });
    return chunk;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    this.#quiet.abort(null);
    const thread = this.#thread;
    this.#thread = undefined;
    if (thread === undefined) return;
    for (const chunk of thread.chunks.values()) chunk.lose(undefined);
    await thread.worker.terminate();
  }

  #begin(): Thread {
    const { workers } = this.#world;
    const [port, asks] = workers.channel<FormatterAsk, FormatterAnswer>();
    const worker = workers.start(formatterProgram, undefined, { asks });
    const thread: Thread = { port, worker, chunks: new Map() };
    port.listen((answer) => {
      const chunk = thread.chunks.get(answer.chunk);
      if (answer.kind === 'invoke') chunk?.invoke(answer);
      else chunk?.settle(answer);
    });
    detached(this.#mindEnd(thread), unthinkable);
    return thread;
  }

  async #mindEnd(thread: Thread): Promise<void> {
    const error = await thread.worker.ended;
    if (thread === this.#thread) this.#thread = undefined;
    for (const chunk of thread.chunks.values()) chunk.lose(error);
  }

  #drop(thread: Thread, number: number): void {
    thread.chunks.delete(number);
    if (thread !== this.#thread) return;
    thread.port.post({ kind: 'drop', chunk: number });
    if (thread.chunks.size > 0) return;
    this.#quiet = new AbortController();
    detached(this.#endAfter(this.#quiet.signal), unthinkable);
  }

  async #endAfter(used: AbortSignal): Promise<void> {
    await this.#world.clock.sleep(quietMs, used);
    if (!used.aborted) await this.close();
  }
}

/** Of the functions of one delivery. */
type InvokeFor = (...asked: Asked) => Promise<TransformAnswer>;
type Asked = [arn: string, role: string, payload: Buffer, signal: AbortSignal];

type Invoke = Extract<FormatterAnswer, { kind: 'invoke' }>;

class InThread implements ChunkInThread {
  readonly #number: number;
  readonly #port: Port<FormatterAsk, FormatterAnswer>;
  readonly #invoke: InvokeFor;
  readonly #forget: () => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<FormatterAnswer>>();
  readonly #dropped = new AbortController();
  #nextCall = 0;
  #loss: Error | undefined;

  constructor(
    number: number,
    port: Port<FormatterAsk, FormatterAnswer>,
    invoke: InvokeFor,
    forget: () => void,
  ) {
    this.#number = number;
    this.#port = port;
    this.#invoke = invoke;
    this.#forget = forget;
  }

  async add(slice: SourceSlice): Promise<ChunkFill> {
    const answer = await this.#ask((call) => {
      this.#port.post({ kind: 'add', chunk: this.#number, call, slice }, memoryOf(slice));
    });
    if (answer.kind !== 'added') throw failure(answer);
    return answer.fill;
  }

  async sample(slice: SourceSlice): Promise<TableSchema | undefined> {
    const answer = await this.#ask((call) =>
      this.#port.post({ kind: 'sample', chunk: this.#number, call, slice }),
    );
    if (answer.kind !== 'sampled') throw failure(answer);
    return answer.schema;
  }

  async finish(random: string): Promise<FormattedChunk> {
    const answer = await this.#ask((call) =>
      this.#port.post({ kind: 'finish', chunk: this.#number, call, random }),
    );
    if (answer.kind !== 'finished') throw failure(answer);
    return answer.formatted;
  }

  drop(): void {
    if (this.#dropped.signal.aborted) return;
    this.#dropped.abort(null);
    this.lose(undefined);
    this.#forget();
  }

  settle(answer: Exclude<FormatterAnswer, Invoke>): void {
    this.#waiting.get(answer.call)?.resolve(answer);
    this.#waiting.delete(answer.call);
  }

  invoke({ invocation, arn, role, payload }: Invoke): void {
    const { signal } = this.#dropped;
    const invoked = this.#invoke(arn, role, bufferOf(payload), signal).then((answer) => {
      if (!signal.aborted) this.#port.post({ kind: 'invoked', invocation, answer });
    });
    detached(invoked, (error) => this.lose(error instanceof Error ? error : undefined));
  }

  lose(cause: Error | undefined): void {
    this.#loss ??= new Error('the thread that makes objects of records has ended', { cause });
    for (const { reject } of this.#waiting.values()) reject(this.#loss);
    this.#waiting.clear();
  }

  async #ask(post: (call: number) => void): Promise<FormatterAnswer> {
    if (this.#loss !== undefined) throw this.#loss;
    const call = this.#nextCall++;
    const waiting = Promise.withResolvers<FormatterAnswer>();
    this.#waiting.set(call, waiting);
    post(call);
    return await waiting.promise;
  }
}

function failure(answer: FormatterAnswer): Error {
  const why = answer.kind === 'failed' ? answer.message : `it answers ${answer.kind}`;
  return new Error(`objects could not be made of records: ${why}`);
}

/** What can be handed over of a slice's memory: all of it, where an engine keeps the promise of `own`. */
function memoryOf({ batches }: SourceSlice): ArrayBuffer[] {
  const memory = new Set<ArrayBuffer>();
  for (const { bytes } of batches)
    if (bytes.buffer instanceof ArrayBuffer && !isPooled(bytes.buffer)) memory.add(bytes.buffer);
  return [...memory];
}

/** A thread takes some 30 MB and a fifth of a second to start. */
const quietMs: Millis = 120_000;
