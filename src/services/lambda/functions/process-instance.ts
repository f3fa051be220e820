import { strict as assert } from 'node:assert';
import type { Clock, Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import type { Network } from '../../../env/network.ts';
import type { ProcessEnd, RunningProcess } from '../../../env/processes.ts';
import { errorPayload, exitText, timeoutPayload, timeoutText } from './function-error.ts';
import type { FunctionInstance, Invocation, Ran, RunnableFunction } from './function-runner.ts';
import type { CallLog, InstanceOutput } from './instance-output.ts';
import { NotEnteredError, stoppedError } from './not-entered.ts';
import { RuntimeApi } from './runtime-api.ts';
import { pythonClientMissing } from './runtimes.ts';

/** What becomes of what a process is waited for. */
type Outcome =
  | { readonly kind: 'ready' }
  | { readonly kind: 'initFailed' | 'answered' | 'failed'; readonly payload: Buffer }
  | { readonly kind: 'exited'; readonly end: ProcessEnd }
  | { readonly kind: 'timeout' };

export type ProcessWorld = { readonly clock: Clock; readonly network: Network };

export type ProcessStart = {
  readonly function_: RunnableFunction;
  readonly output: InstanceOutput;
  /** What is started, for messages. */
  readonly command: string;
  /** What helps when that is not there. */
  readonly advice: string;
  /** Starts the process that is to ask at this authority. */
  readonly start: (authority: string) => RunningProcess;
  /** Makes the trace id of a call. */
  readonly traceId: () => string;
};

/** A process of its own that runs a version of a function, one call at a time, over the Runtime API. */
export class ProcessInstance implements FunctionInstance {
  readonly #clock: Clock;
  readonly #function: RunnableFunction;
  readonly #how: ProcessStart;
  readonly #startedAt: Millis;
  readonly #api: RuntimeApi;
  #process!: RunningProcess;
  /** How long its code took to load, for the first report. */
  #initTook: Millis | undefined;
  #init: Promise<Outcome> | undefined;
  #settle: ((outcome: Outcome) => void) | undefined;
  #end: ProcessEnd | undefined;
  #isEnding = false;
  #memoryBytes = 0;
  #isLoaded = false;
  #hasRun = false;

  /** Rejects with the system's error when there is no port for it. */
  static async start(world: ProcessWorld, how: ProcessStart): Promise<ProcessInstance> {
    let instance: ProcessInstance | undefined;
    const hear = (outcome: Outcome) => {
      if (instance !== undefined) instance.#hear(outcome);
    };
    const api = await RuntimeApi.listen(world.network, {
      ready: () => hear({ kind: 'ready' }),
      initFailed: (payload) => hear({ kind: 'initFailed', payload }),
      answered: ({ payload, isError }) => hear({ kind: isError ? 'failed' : 'answered', payload }),
    });
    instance = new ProcessInstance(world.clock, how, api);
    instance.#begin();
    return instance;
  }

  private constructor(clock: Clock, how: ProcessStart, api: RuntimeApi) {
    this.#clock = clock;
    this.#function = how.function_;
    this.#how = how;
    this.#api = api;
    this.#startedAt = clock.monotonic();
  }

  /** What it asks may come at once. */
  #begin(): void {
    this.#init = this.#outcomeWithin(this.#initLimit);
    this.#process = this.#how.start(this.#api.authority);
    detached(
      this.#process.ended.then((end) => this.#ended(end)),
      unthinkable,
    );
  }

  /** Resolves when the process has ended. */
  get ended(): Promise<unknown> {
    return this.#process.ended;
  }

  get isUsable(): boolean {
    return !this.#isEnding && this.#end === undefined;
  }

  /** Rejects with `NotEnteredError` when the process of an earlier call had gone before it took this one. */
  async run(invocation: Invocation): Promise<Ran> {
    if (!this.isUsable && this.#init === undefined) throw new NotEnteredError();
    const log = this.#how.output.begin(invocation.requestId, this.#function.version);
    const enteredAt = this.#clock.monotonic();
    const failure = await this.#untilReady(invocation.requestId, log);
    const calledAt = this.#clock.monotonic();
    const ran = failure ?? (await this.#call(invocation, log));
    // What was written before the answer is there by then, but it came another way.
    await this.#clock.turn();
    const took = this.#clock.monotonic() - (failure === undefined ? calledAt : enteredAt);
    const { memoryMiB } = this.#function.settings;
    log.end({ took, memoryMiB, usedBytes: this.#memoryBytes, initTook: this.#takeInitTook() });
    return { ...ran, logTail: log.tail };
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    this.#process.kill();
    await this.#process.ended;
    await this.#api.close();
  }

  /**
   * AWS stops the loading of code after 10 s and loads it again within the time limit of the call: so that is
   * how long it may take in all.
   */
  get #initLimit(): Millis {
    return Math.max(initMsMax, this.#function.settings.timeoutSeconds * 1000);
  }

  /** What to answer when the code could not be loaded. */
  async #untilReady(requestId: string, log: CallLog): Promise<Answer | undefined> {
    if (this.#init === undefined) return undefined;
    const outcome = await this.#init;
    this.#init = undefined;
    this.#initTook = this.#clock.monotonic() - this.#startedAt;
    if (outcome.kind === 'ready') {
      this.#isLoaded = true;
      detached(this.#lookAtMemory(), unthinkable);
      return undefined;
    }
    if (outcome.kind === 'initFailed') {
      this.#isEnding = true;
      // It may still have to say more, and ends by itself; if not, it is ended.
      return { payload: outcome.payload, functionError: 'Unhandled' };
    }
    return this.#broken(outcome, requestId, this.#initLimit / 1000, log);
  }

  async #call({ requestId, arn, payload, clientContext }: Invocation, log: CallLog): Promise<Answer> {
    const { timeoutSeconds } = this.#function.settings;
    const hasRun = this.#hasRun;
    this.#hasRun = true;
    const outcome = this.#outcomeWithin(timeoutSeconds * 1000);
    const over = new AbortController();
    detached(this.#watchMemory(over.signal), unthinkable);
    const deadline = this.#clock.now() + timeoutSeconds * 1000;
    this.#api.deliver({ requestId, arn, payload, clientContext, deadline, traceId: this.#how.traceId() });
    const settled = await outcome;
    over.abort();
    if (settled.kind === 'answered') return { payload: settled.payload };
    if (settled.kind === 'failed') return { payload: settled.payload, functionError: 'Unhandled' };
    if (settled.kind === 'exited' && !this.#api.hasEntered && hasRun) throw new NotEnteredError();
    return this.#broken(settled, requestId, timeoutSeconds, log);
  }

  /** It did not answer. It runs nothing any more. */
  #broken(outcome: Outcome, requestId: string, seconds: number, log: CallLog): Answer {
    if (outcome.kind === 'timeout') {
      this.#isEnding = true;
      this.#process.kill();
      log.note(`${new Date(this.#clock.now()).toISOString()} ${requestId} ${timeoutText(seconds)}`);
      return { payload: timeoutPayload(requestId, seconds), functionError: 'Unhandled' };
    }
    assert(outcome.kind === 'exited');
    // It was ended from here, which is no fault of the function.
    if (this.#isEnding && !this.#isOverMemory) throw stoppedError();
    const missing = this.#missing(outcome.end, log);
    const text = `RequestId: ${requestId} Error: ${missing ?? exitText(outcome.end)}`;
    log.note(text);
    const type = missing === undefined ? 'Runtime.ExitError' : 'Runtime.InvalidEntrypoint';
    return { payload: errorPayload(type, text), functionError: 'Unhandled' };
  }

  /** Why there is no program for the runtime; undefined when it was there. */
  #missing({ code }: ProcessEnd, log: CallLog): string | undefined {
    if (this.#isLoaded) return undefined;
    const { command, advice } = this.#how;
    if (pythonClientMissing.test(log.tail.toString())) return advice;
    const why = whyNotExecuted[code ?? 0];
    return why && `${command} ${why}${advice === '' ? '' : `. ${advice}`}`;
  }

  /** Loading code takes this long in the first report, and none in those after it. */
  #takeInitTook(): Millis | undefined {
    const took = this.#initTook;
    this.#initTook = undefined;
    return took;
  }

  #outcomeWithin(limit: Millis): Promise<Outcome> {
    assert(this.#settle === undefined);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const over = new AbortController();
    this.#settle = (outcome) => {
      this.#settle = undefined;
      over.abort();
      resolve(outcome);
    };
    const late = this.#settle;
    const timer = this.#clock.sleep(limit, over.signal).then(() => {
      if (this.#settle === late) late({ kind: 'timeout' });
    });
    detached(timer, unthinkable);
    if (this.#end !== undefined) late({ kind: 'exited', end: this.#end });
    return promise;
  }

  #hear(outcome: Outcome): void {
    this.#settle?.(outcome);
  }

  async #ended(end: ProcessEnd): Promise<void> {
    this.#end = end;
    this.#hear({ kind: 'exited', end });
    await this.#api.close();
  }

  /** Ends it when it takes more of the machine's memory than it may. A short call is not looked at. */
  async #watchMemory(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#clock.sleep(memoryLookMs, signal);
      if (signal.aborted) return;
      await this.#lookAtMemory();
      if (!this.#isOverMemory) continue;
      this.#isEnding = true;
      this.#process.kill();
      return;
    }
  }

  get #isOverMemory(): boolean {
    return this.#memoryBytes > this.#function.settings.memoryMiB * 1024 * 1024;
  }

  async #lookAtMemory(): Promise<void> {
    const bytes = await this.#process.memoryBytes();
    if (bytes !== undefined) this.#memoryBytes = Math.max(this.#memoryBytes, bytes);
  }
}

type Answer = Omit<Ran, 'logTail'>;

/** By the code that shells and their like end with (POSIX, Shell Command Language §2.8.2). */
const whyNotExecuted: Readonly<Record<number, string>> = {
  126: 'may not be executed',
  127: 'was not found',
};

/** Lambda developer guide, "Understanding the Lambda execution environment lifecycle", "Init phase". */
const initMsMax: Millis = 10_000;

/** Looking takes well under a millisecond. A process that fills memory at 1 GB/s has 0.2 GB more by then. */
const memoryLookMs: Millis = 200;
