import type { Answer } from '../harness/answer.ts';
import { type LambdaClient, lambdaAnswer } from '../harness/mappings/lambda-client.ts';
import type { Millis } from '../src/env/clock.ts';
import { brief, type ClientWorld, signedInForm, textOf } from './client.ts';

/** How long a client waits for an answer. */
const patience: Millis = 3_000;

/** A client of Lambda on the simulated server. */
export class SimulatedLambdaClient implements LambdaClient {
  readonly name: string;
  readonly #world: ClientWorld;

  constructor(world: ClientWorld, name: string) {
    this.name = name;
    this.#world = world;
  }

  async ask<T = unknown>(method: string, target: string, input?: object): Promise<Answer<T>> {
    const { trace, network, wall } = this.#world;
    const body = Buffer.from(input === undefined ? '' : JSON.stringify(input));
    trace.write(this.name, `→ ${method} ${target} ${brief(body.toString())}`);
    const contentType = { 'Content-Type': 'application/json' };
    const headers = signedInForm(wall.now(), 'lambda', 'host;x-amz-date', body.length > 0 ? contentType : {});
    const rawHeaders = Object.entries(headers).flat();
    const response = await network.send({ method, target, rawHeaders, body }, patience);
    const text = textOf(response?.body ?? 'silence');
    trace.write(this.name, `← ${method} ${target} ${response?.status ?? ''} ${brief(text)}`);
    if (response === undefined) return { kind: 'silence' };
    return lambdaAnswer<T>(response.status, errorTypeIn(response.headers), text);
  }
}

/** The name of an error in the form of REST; undefined where none is said. */
export function errorTypeIn(headers: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-amzn-errortype')?.[1];
}
