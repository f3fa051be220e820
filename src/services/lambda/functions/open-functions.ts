import type { Millis } from '../../../env/clock.ts';
import { isRefusedBySystem } from '../../../env/disk.ts';
import type { Isolation } from '../../../env/processes.ts';
import { uuid } from '../../../env/random.ts';
import { lambdaError } from '../errors.ts';
import { functionKeyOf } from '../state/lambda-state.ts';
import { runAttached } from './attached-instance.ts';
import { clientContextHeader } from './client-context.ts';
import { errorPayload } from './function-error.ts';
import { requireKind } from './function-kinds.ts';
import type { Invocation, Ran, RunnableFunction } from './function-runner.ts';
import {
  type Functions,
  type FunctionTarget,
  type InvokeHow,
  type InvokeOutcome,
  payloadBytesMax,
} from './functions.ts';
import type { FunctionsWorld } from './functions-world.ts';
import { InstancePool } from './instance-pool.ts';
import { invokeAtUrl } from './invoke-url.ts';
import { LogFiles } from './log-files.ts';
import { ProcessStarter } from './process-starter.ts';
import { resolveFunction } from './resolved-function.ts';
import { runtimeKindOf } from './runtimes.ts';
import { Turns } from './turns.ts';
import { failed } from './url-call.ts';
import { postToWebhook } from './webhook.ts';

/** Runs functions until it is disposed of, which ends all of their processes. Nothing runs before a call. */
export function openFunctions(world: FunctionsWorld): Functions & AsyncDisposable {
  return new RunningFunctions(world);
}

class RunningFunctions implements Functions, AsyncDisposable {
  readonly #world: FunctionsWorld;
  readonly #turns: Turns;
  readonly #files: LogFiles;
  readonly #starter: ProcessStarter;
  readonly #pool: InstancePool;
  #hasToldIsolation = false;

  constructor(world: FunctionsWorld) {
    this.#world = world;
    this.#turns = new Turns(world.clock, world.journal, world.instancesMax);
    this.#files = new LogFiles(world.logs, world.clock, world.logger, world.output);
    this.#starter = new ProcessStarter(world, this.#files);
    this.#pool = new InstancePool({
      clock: world.clock,
      logger: world.logger,
      instancesMax: world.instancesMax,
      start: (function_) => this.#start(function_),
      watch: async (folder, changed) => (await world.processes()).watch(folder, changed),
    });
  }

  async invoke(target: FunctionTarget, payload: Uint8Array, how: InvokeHow): Promise<InvokeOutcome> {
    if (payload.length > payloadBytesMax) throw eventTooLarge(payload.length);
    // What is not there does not wait for its turn.
    this.#resolve(target);
    const giveBack = await this.#turn(target, how);
    try {
      const function_ = this.#resolve(target);
      const requestId = uuid(this.#world.random);
      const { clientContext } = how;
      const enteredAt = this.#world.clock.monotonic();
      const ran = await this.#run(function_, { requestId, arn: function_.arn, payload, clientContext });
      const took = this.#world.clock.monotonic() - enteredAt;
      this.#count(target, { took, failed: ran.functionError !== undefined, throttled: false });
      return { ...ran, requestId, executedVersion: function_.version, took };
    } finally {
      giveBack();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close();
    await this.#files.settled();
  }

  #resolve(target: FunctionTarget): RunnableFunction {
    const function_ = resolveFunction(this.#world.journal.state, target, this.#world.random);
    requireKind(this.#world.kinds, function_.settings.code);
    return function_;
  }

  async #turn(target: FunctionTarget, how: InvokeHow): Promise<() => void> {
    try {
      return await this.#turns.take(functionKeyOf(target), how);
    } catch (error) {
      if (how.signal?.aborted !== true) this.#count(target, { took: 0, failed: false, throttled: true });
      throw error;
    }
  }

  #count({ account, region, name }: FunctionTarget, facts: Facts): void {
    this.#world.metrics.invoked(name, { account, region, ...facts });
  }

  async #run(function_: RunnableFunction, invocation: Invocation): Promise<Ran> {
    const { code } = function_.settings;
    switch (code.kind) {
      case 'invoke':
        return await invokeAtUrl(this.#world, code.url, function_, invocation);
      case 'webhook':
        return await postToWebhook(this.#world, code.url, function_, invocation);
      case 'attached':
        return await this.#runAttached(function_, invocation);
      case 'zip':
      case 'folder':
        return await this.#runInProcess(function_, invocation);
    }
  }

  async #runAttached(function_: RunnableFunction, invocation: Invocation): Promise<Ran> {
    const handler = this.#world.attached.handlerOf(functionKeyOf(function_));
    if (handler !== undefined) return await runAttached(this.#world.clock, handler, function_, invocation);
    // It may be attached soon: nothing is known of what the function would have said.
    const text = `The handler of ${function_.name} is not attached: the program that had it has ended`;
    throw lambdaError('ServiceException', text);
  }

  async #runInProcess(function_: RunnableFunction, invocation: Invocation): Promise<Ran> {
    const { runtime = '', code } = function_.settings;
    if (runtimeKindOf(runtime) === undefined) {
      return failed(errorPayload('Runtime.InvalidRuntime', unknown(runtime)));
    }
    const clientContext = clientContextHeader(invocation.clientContext);
    try {
      return await this.#pool.run(function_, { ...invocation, clientContext });
    } catch (error) {
      if (!isRefusedBySystem(error)) throw error;
      if (code.kind === 'folder' && error.path?.startsWith(code.path)) {
        const text = `RequestId: ${invocation.requestId} Error: ${error.message}`;
        return failed(errorPayload('Runtime.InvalidEntrypoint', text));
      }
      throw lambdaError('ServiceException', `The function could not be started: ${error.message}`);
    }
  }

  async #start(function_: RunnableFunction) {
    const kind = runtimeKindOf(function_.settings.runtime ?? '');
    const processes = await this.#world.processes();
    if (!this.#hasToldIsolation) this.#world.logger.info(isolationTexts[processes.isolation]);
    this.#hasToldIsolation = true;
    return await this.#starter.start(processes, function_, kind!);
  }
}

type Facts = { readonly took: Millis; readonly failed: boolean; readonly throttled: boolean };

/** Said with the first process: whoever may make functions is to know what they can do. */
const isolationTexts: Readonly<Record<Isolation, string>> = {
  none: 'Functions run as the user of this server, and can do what it can. This is no sandbox for foreign code.',
  user: 'Each function runs as a user of its own. This is no sandbox for foreign code.',
  namespaces:
    'Each function runs as a user of its own who sees no other processes. This is no sandbox for foreign code.',
};

function eventTooLarge(bytes: number) {
  return lambdaError(
    'RequestTooLargeException',
    `${bytes} byte payload is too large for the RequestResponse invocation type (limit ${payloadBytesMax} bytes)`,
  );
}

function unknown(runtime: string): string {
  return `The runtime ${runtime} is not run by this server: nodejs, python3 and provided runtimes are.`;
}
