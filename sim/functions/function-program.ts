import {
  type Reaction,
  reactionTo,
  reportsItems,
  type Temper,
  tempers,
} from '../../harness/mappings/behaviour.ts';
import { deliveriesOf, type FunctionEvent, windowOf } from '../../harness/mappings/function-event.ts';
import type { Invocation, MappingModel, MappingsModel } from '../../harness/mappings/mapping-model.ts';
import type { SeededRandom } from '../../harness/random.ts';
import type { Millis } from '../../src/env/clock.ts';
import type { HttpResponse } from '../../src/env/network.ts';
import type { Program } from '../../src/env/processes.ts';
import type { SimulatedNetwork } from '../network.ts';
import type { Process } from '../process.ts';
import type { SimulatedProgram } from '../processes.ts';
import type { Trace } from '../trace.ts';

/** What programs of functions live in. */
export type FunctionsPlace = {
  readonly network: SimulatedNetwork;
  readonly trace: Trace;
  readonly mappings: MappingsModel;
  readonly random: SeededRandom;
  /** In which life of which server a program runs: another number for each. */
  lifeOf(process: Process): number;
};

/**
 * The program of every function: speaks the Runtime API 2018-06-01 (Lambda developer guide, "Using the Lambda
 * runtime API for custom runtimes"), writes down what it was called with, and does what it is like.
 */
export function functionProgram(place: FunctionsPlace): SimulatedProgram {
  const tempersOf = new Map<string, Temper>();
  return (process, program) => {
    const name = program.environment['AWS_LAMBDA_FUNCTION_NAME']!;
    const temper = tempersOf.get(name) ?? place.random.pick(tempers);
    tempersOf.set(name, temper);
    const mapping = place.mappings.of(name)!;
    return new FunctionProgram(place, process, program, mapping, temper).run();
  };
}

class FunctionProgram {
  readonly #place: FunctionsPlace;
  readonly #process: Process;
  readonly #port: number;
  readonly #mapping: MappingModel;
  readonly #temper: Temper;

  constructor(
    place: FunctionsPlace,
    process: Process,
    { environment }: Program,
    mapping: MappingModel,
    temper: Temper,
  ) {
    this.#place = place;
    this.#process = process;
    this.#port = Number(environment['AWS_LAMBDA_RUNTIME_API']!.split(':')[1]);
    this.#mapping = mapping;
    this.#temper = temper;
  }

  /** Takes one call after the other. Resolves to its exit code, if it exits by itself. */
  async run(): Promise<number> {
    for (;;) {
      const next = await this.#call('GET', 'invocation/next');
      if (next.status !== 200) return 1;
      const code = await this.#serve(headerOf(next, 'Lambda-Runtime-Aws-Request-Id'), bodyOf(next));
      if (code !== undefined) return code;
    }
  }

  async #serve(requestId: string, body: Buffer): Promise<number | undefined> {
    const { mappings, trace } = this.#place;
    const event = JSON.parse(body.toString()) as FunctionEvent;
    const invocation = this.#enter(event, body.length);
    const reaction = this.#react(invocation);
    const ids = invocation.deliveries.map(({ id }) => id).join(' ');
    trace.write(this.#mapping.functionName, `${reaction.kind}: ${invocation.shard} ${ids}`);
    if (reaction.kind === 'exits') return reaction.code;
    if (reaction.kind === 'never answers') return await new Promise(() => {});
    if ('after' in reaction) await this.#sleep(reaction.after);
    const { path, text, done, state } = answerTo(this.#mapping, invocation, reaction);
    const answer = { sent: mappings.model.moment(), done, state };
    invocation.answer = answer;
    const { status } = await this.#call('POST', `invocation/${requestId}/${path}`, text);
    if (status === 202) invocation.answer = { ...answer, taken: mappings.model.moment() };
    return undefined;
  }

  #enter(event: FunctionEvent, bytes: number): Invocation {
    const deliveries = deliveriesOf(event);
    const shard = event.shardId ?? deliveries[0]?.shard ?? '';
    const entered = this.#place.mappings.model.moment();
    const life = this.#place.lifeOf(this.#process);
    const invocation: Invocation = { life, entered, shard, deliveries, bytes, window: windowOf(event) };
    if (!this.#place.mappings.isClosed) this.#mapping.invocations.push(invocation);
    return invocation;
  }

  #react({ deliveries }: Invocation): Reaction {
    const { mappings, random } = this.#place;
    return mappings.isCalm
      ? { kind: 'succeeds', after: 0 }
      : reactionTo(this.#mapping, this.#temper, deliveries, random);
  }

  #sleep(delay: Millis): Promise<void> {
    return new Promise((resolve) => this.#process.after(delay, resolve));
  }

  #call(method: 'GET' | 'POST', path: string, text = ''): Promise<HttpResponse> {
    const target = `/2018-06-01/runtime/${path}`;
    const rawHeaders = ['Host', `127.0.0.1:${this.#port}`, 'Content-Type', 'application/json'];
    const message = { method, target, rawHeaders, body: Buffer.from(text) };
    return this.#place.network.ask(this.#process, this.#port, message);
  }
}

/** What it sends, and what of its event is done by that. */
function answerTo(mapping: MappingModel, { deliveries, window }: Invocation, reaction: Reaction) {
  const refused = { path: 'error', done: 0, state: undefined };
  const given = { path: 'response', done: 0, state: undefined };
  switch (reaction.kind) {
    case 'succeeds': {
      const ids = deliveries.map(({ id }) => id);
      const state = window === undefined ? undefined : [...window.state, ...ids];
      const text = JSON.stringify({ state: state && { ids: state }, ...allDone(mapping) });
      return { path: 'response', text, done: deliveries.length, state };
    }
    case 'fails items': {
      const done = deliveries.slice(0, reaction.from);
      const state = window === undefined ? undefined : [...window.state, ...done.map(({ id }) => id)];
      const itemIdentifier = String(deliveries[reaction.from]!.number);
      const failures = { batchItemFailures: [{ itemIdentifier }] };
      const text = JSON.stringify({ state: state && { ids: state }, ...failures });
      return { path: 'response', text, done: done.length, state };
    }
    case 'throws':
      return { ...refused, text: JSON.stringify({ errorType: 'Error', errorMessage: 'It was to fail.' }) };
    case 'talks nonsense':
      return { ...given, text: '{"state": nonsense' };
    case 'says too much':
      return { ...given, text: `"${'x'.repeat(answerBytesMax)}"` };
    case 'never answers':
    case 'exits':
      throw new Error('These answer nothing.');
  }
}

/** What Lambda says that an answer may have when one has more. */
const answerBytesMax = 6_291_556;

/** Two of the ways to say that nothing failed. */
function allDone(mapping: MappingModel): object {
  return reportsItems(mapping) ? { batchItemFailures: [] } : {};
}

function headerOf({ headers }: HttpResponse, name: string): string {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase());
  if (found === undefined) throw new Error(`The Runtime API answers without ${name}.`);
  return found[1];
}

function bodyOf({ body }: HttpResponse): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (typeof body === 'string') return Buffer.from(body);
  if (Array.isArray(body)) return Buffer.concat(body);
  throw new Error('The Runtime API answers in pieces.');
}
