import type { SourceSlice } from '../../delivery/source/source-slice.ts';
import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import { isPooled, type Port, type Worker, type Workers } from '../../env/workers.ts';
import { ViewError } from '../view-error.ts';
import type { ViewerAnswer, ViewerAsk, ViewGo, ViewSaid, ViewSpec } from './viewer-messages.ts';
import { viewerProgram } from './viewer-program.ts';

type ViewerWorld = {
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly workers: Workers;
  /** Aborted when the server ends; undefined where that is not known. */
  readonly ending: () => Promise<AbortSignal | undefined>;
};

/** What was typed took too long, or too much memory: nothing comes of it. */
export class HogError extends Error {
  override readonly name = 'HogError';
}

/** The thread has ended for what another view did. What was asked may be asked again, of a new view. */
export class ViewLostError extends Error {
  override readonly name = 'ViewLostError';
}

/** A view that was opened. */
export interface View {
  /** Of a query's rows. */
  readonly columns: readonly string[];
  /**
   * Has it go on: the memory of slices is its own from now on. Rejects with `ViewError` for what was typed,
   * with `HogError`, with `ViewLostError`, and with other errors that are ours.
   */
  go(go: ViewGo): Promise<ViewSaid>;
  /** To be called in any case, once. */
  close(): void;
}

/**
 * Computes what people have typed in a thread of its own, one for all of them, so that nothing else waits for
 * it. The first view starts it, and it ends when there was none for a while. It does one thing after the
 * other; one that takes too long has the thread ended.
 */
export class Viewer {
  readonly #world: ViewerWorld;
  #isEnding = false;
  #thread: Thread | undefined;
  #quiet = new AbortController();
  #nextView = 0;

  constructor(world: ViewerWorld) {
    this.#world = world;
  }

  /** Rejects as `View.go` does. What another view has taken along is opened again. */
  async open(spec: ViewSpec): Promise<View> {
    for (let losses = 0; ; losses++) {
      try {
        return await this.#openOnce(spec);
      } catch (error) {
        if (!(error instanceof ViewLostError) || losses === lossesMax || this.#isEnding) throw error;
      }
    }
  }

  async #openOnce(spec: ViewSpec): Promise<View> {
    this.#quiet.abort(null);
    // One that was given up takes its time to end.
    if (this.#thread === undefined || this.#thread.isOver) this.#thread = this.#begin();
    const thread = this.#thread;
    const view = this.#nextView++;
    thread.views.add(view);
    const close = () => this.#close(thread, view);
    try {
      const answer = await thread.ask({ kind: 'open', view, spec }, []);
      if (answer.kind !== 'opened') throw failureOf(answer);
      return { columns: answer.columns, go: (go) => goOn(thread, view, go), close };
    } catch (error) {
      close();
      throw error;
    }
  }

  #begin(): Thread {
    const thread = new Thread(this.#world);
    detached(this.#mindEnd(thread), unthinkable);
    return thread;
  }

  async #mindEnd(thread: Thread): Promise<void> {
    const ending = await this.#world.ending();
    const end = () => {
      this.#isEnding = true;
      detached(thread.end(), unthinkable);
    };
    ending?.addEventListener('abort', end, { once: true });
    if (ending?.aborted) end();
    await thread.over;
    ending?.removeEventListener('abort', end);
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    this.#quiet.abort(null);
  }

  #close(thread: Thread, view: number): void {
    if (!thread.views.delete(view)) return;
    thread.tell({ kind: 'close', view });
    if (thread.views.size > 0 || thread !== this.#thread) return;
    this.#quiet = new AbortController();
    detached(this.#endAfter(thread, this.#quiet.signal), unthinkable);
  }

  async #endAfter(thread: Thread, used: AbortSignal): Promise<void> {
    await this.#world.clock.sleep(quietMs, used);
    if (!used.aborted) await thread.end();
  }
}

async function goOn(thread: Thread, view: number, go: ViewGo): Promise<ViewSaid> {
  const answer = await thread.ask({ kind: 'go', view, go }, memoryOf(go.slices));
  if (answer.kind !== 'said') throw failureOf(answer);
  return answer.said;
}

function failureOf(answer: ViewerAnswer): Error {
  if (answer.kind === 'refused') return new ViewError(answer.message, answer.position);
  return new Error(answer.kind === 'failed' ? answer.message : `the viewer answers ${answer.kind}`);
}

/** All of it, without what Node shares with others. */
function memoryOf(slices: readonly SourceSlice[]): ArrayBuffer[] {
  const memory = new Set<ArrayBuffer>();
  for (const { batches } of slices) {
    for (const { bytes } of batches) {
      const { buffer } = bytes;
      if (buffer instanceof ArrayBuffer && !isPooled(buffer)) memory.add(buffer);
    }
  }
  return [...memory];
}

type Asked = PromiseWithResolvers<ViewerAnswer>;

class Thread {
  readonly views = new Set<number>();
  readonly over: Promise<void>;
  readonly #clock: ViewerWorld['clock'];
  readonly #port: Port<ViewerAsk, ViewerAnswer>;
  readonly #worker: Worker;
  /** In the order in which they were asked: the first is what it works on. */
  readonly #asked: Asked[] = [];
  #watch = new AbortController();
  #isStarted = false;
  #isOver = false;

  constructor({ clock, workers }: ViewerWorld) {
    this.#clock = clock;
    const [port, asks] = workers.channel<ViewerAsk, ViewerAnswer>();
    this.#port = port;
    this.#worker = workers.start(viewerProgram, undefined, { asks });
    port.listen((answer) => {
      this.#isStarted = true;
      this.#asked.shift()?.resolve(answer);
      this.#watchNext();
    });
    this.over = this.#untilOver();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  ask(ask: ViewerAsk, handedOver: ArrayBuffer[]): Promise<ViewerAnswer> {
    if (this.#isOver) return Promise.reject(new ViewLostError('the thread of views has ended'));
    const asked = Promise.withResolvers<ViewerAnswer>();
    this.#asked.push(asked);
    this.#port.post(ask, handedOver);
    if (this.#asked.length === 1) this.#watchNext();
    return asked.promise;
  }

  tell(ask: ViewerAsk): void {
    if (!this.#isOver) this.#port.post(ask);
  }

  async end(): Promise<void> {
    this.#lose(new ViewLostError('the thread of views was ended'));
    await this.#worker.terminate();
  }

  async #untilOver(): Promise<void> {
    const error = await this.#worker.ended;
    this.#lose(
      error === undefined
        ? new ViewLostError('the thread of views has ended')
        : new HogError('what was asked takes more memory than there is for it'),
    );
  }

  /** What it works on fails with `error`; what waits behind may be asked again. */
  #lose(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#watch.abort(null);
    this.#port.close();
    const [first, ...others] = this.#asked.splice(0);
    first?.reject(error);
    for (const { reject } of others) reject(new ViewLostError('another view took too much'));
  }

  #watchNext(): void {
    this.#watch.abort(null);
    if (this.#asked.length === 0 || this.#isOver) return;
    this.#watch = new AbortController();
    detached(this.#endAfter(this.#watch.signal), unthinkable);
  }

  async #endAfter(answered: AbortSignal): Promise<void> {
    await this.#clock.sleep(this.#isStarted ? hogMs : startMs, answered);
    if (answered.aborted) return;
    this.#lose(new HogError(`what was asked took longer than ${hogMs / 1000} seconds for one piece`));
    await this.#worker.terminate();
  }
}

/** How often in a row what others typed may end the thread. */
const lossesMax = 3;
/** A piece is 1 MiB, and takes some milliseconds. */
const hogMs: Millis = 10_000;
/** A machine that has much to do takes its time to start a thread. */
const startMs: Millis = 60_000;
const quietMs: Millis = 120_000;
