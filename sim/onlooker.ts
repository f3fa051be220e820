import type { Answer } from '../harness/answer.ts';
import { lambdaAnswer } from '../harness/mappings/lambda-client.ts';
import { type OnlookerClient, TailAnswer } from '../harness/onlookers/onlooker-client.ts';
import type { Subscription } from '../harness/subscription.ts';
import type { Millis } from '../src/env/clock.ts';
import { Client, type ClientWorld, signedInForm, textOf } from './client.ts';
import { errorTypeIn } from './lambda-client.ts';
import { isWhole } from './network.ts';

/** How long a client waits for an answer to begin. */
const patience: Millis = 3_000;

/** A client of the service `millrace` on the simulated server. */
export class SimulatedOnlooker implements OnlookerClient {
  readonly #world: ClientWorld;
  readonly #client: Client;

  constructor(world: ClientWorld, name: string) {
    this.#world = world;
    this.#client = new Client(world, name, 'millrace');
  }

  get name(): string {
    return this.#client.name;
  }

  call<T = unknown>(operation: string, input: object): Promise<Answer<T>> {
    return this.#client.call(operation, input);
  }

  subscribe(input: object): Promise<Answer<Subscription>> {
    return this.#client.subscribe(input);
  }

  async tail(stream: string, from: string, lastEventId: string | undefined): Promise<Answer<TailAnswer>> {
    const { trace, network, wall } = this.#world;
    const target = `/streams/${stream}/tail?from=${from}`;
    const resumed = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
    const headers = signedInForm(wall.now(), 'millrace', 'host;x-amz-date', resumed);
    const rawHeaders = Object.entries(headers).flat();
    trace.write(this.name, `→ GET ${target} ${lastEventId === undefined ? '' : 'after an event'}`);
    const response = await network.send(
      { method: 'GET', target, rawHeaders, body: Buffer.alloc(0) },
      patience,
    );
    trace.write(this.name, `← GET ${target} ${response?.status ?? ''}`);
    if (response === undefined) return { kind: 'silence' };
    const { status, body } = response;
    if (!isWhole(body)) return { kind: 'output', output: new TailAnswer(body) };
    const text = textOf(body);
    trace.write(this.name, text);
    if (this.#client.leavesOpen(response, text)) return { kind: 'silence' };
    return lambdaAnswer(status, errorTypeIn(response.headers), text);
  }
}
