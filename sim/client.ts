import type { Answer } from '../harness/answer.ts';
import { Subscription } from '../harness/subscription.ts';
import type { Surroundings } from '../harness/workload.ts';
import type { Millis } from '../src/env/clock.ts';
import type { HttpResponse } from '../src/env/network.ts';
import { isWhole } from './network.ts';
import type { World } from './world.ts';

/** How long a client waits for an answer. */
const patience: Millis = 3_000;

/**
 * The services that clients ask, by the name in a signature's scope: how their targets begin, and AWS JSON's
 * version.
 */
const services = {
  kinesis: { prefix: 'Kinesis_20131202', version: '1.1' },
  kms: { prefix: 'TrentService', version: '1.1' },
  dynamodb: { prefix: 'DynamoDB_20120810', version: '1.0' },
  firehose: { prefix: 'Firehose_20150804', version: '1.1' },
  millrace: { prefix: 'Millrace_20261129', version: '1.1' },
} as const;

/** What a client needs of a world. */
export type ClientWorld = Pick<World, 'trace' | 'network' | 'wall' | 'isFaulty' | 'violate'> &
  Pick<Surroundings, 'leavesOpen'> & {
    /** Whether clients know how long events were on their way: not where a server may stand still. */
    readonly isPaced?: boolean;
  };

/** A client of the simulated server, which speaks AWS JSON and signs in form only. */
export class Client {
  readonly name: string;
  readonly #world: ClientWorld;
  readonly #service: keyof typeof services;

  constructor(world: ClientWorld, name: string, service: keyof typeof services = 'kinesis') {
    this.#world = world;
    this.name = name;
    this.#service = service;
  }

  /** Calls an operation. The output is believed to have the shape that the caller asks for. */
  async call<T = unknown>(operation: string, input: object): Promise<Answer<T>> {
    const response = await this.#send(operation, input);
    const text = textOf(response?.body ?? 'silence');
    this.#note(operation, response, text);
    return response === undefined || this.leavesOpen(response, text)
      ? { kind: 'silence' }
      : answerOf<T>(response.status, text);
  }

  /** Calls SubscribeToShard. */
  async subscribe(input: object): Promise<Answer<Subscription>> {
    const response = await this.#send('SubscribeToShard', input);
    const body = response?.body ?? 'silence';
    if (isWhole(body)) {
      const text = textOf(body);
      this.#note('SubscribeToShard', response, text);
      return response === undefined || this.leavesOpen(response, text)
        ? { kind: 'silence' }
        : answerOf(response.status, text);
    }
    this.#note('SubscribeToShard', response, 'pieces');
    return {
      kind: 'output',
      output: new Subscription(this.#noted(body), { isPaced: this.#world.isPaced ?? true }),
    };
  }

  /** Whether a failure says as little as no answer does. */
  leavesOpen({ status }: HttpResponse, text: string): boolean {
    const { leavesOpen = false, isFaulty } = this.#world;
    if (!leavesOpen || status < 500) return false;
    if (!isFaulty) this.#world.violate(`${this.name} got ${status} ${text}`);
    return true;
  }

  #send(operation: string, input: object): Promise<HttpResponse | undefined> {
    const body = JSON.stringify(input);
    this.#world.trace.write(this.name, `→ ${operation} ${brief(body)}`);
    const rawHeaders = this.#headers(operation);
    const request = { method: 'POST', target: '/', rawHeaders, body: Buffer.from(body) };
    return this.#world.network.send(request, patience);
  }

  #note(operation: string, response: HttpResponse | undefined, text: string): void {
    this.#world.trace.write(this.name, `← ${operation} ${response?.status ?? ''} ${brief(text)}`);
  }

  #noted(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const iterator = pieces[Symbol.asyncIterator]();
    const next = async () => {
      const piece = await iterator.next();
      const text = piece.done ? 'over' : brief(String(piece.value).replace(/[^\x20-\x7e]+/g, ' '));
      this.#world.trace.write(this.name, `← event ${text}`);
      return piece;
    };
    return { [Symbol.asyncIterator]: () => ({ ...iterator, next }) };
  }

  #headers(operation: string): string[] {
    const { prefix, version } = services[this.#service];
    const own = {
      'Content-Type': `application/x-amz-json-${version}`,
      'X-Amz-Target': `${prefix}.${operation}`,
    };
    const names = 'content-type;host;x-amz-date;x-amz-target';
    return Object.entries(signedInForm(this.#world.wall.now(), this.#service, names, own)).flat();
  }
}

/** Headers with a signature that nobody verifies, made at a time. */
export function signedInForm(
  now: Millis,
  service: string,
  signedNames: string,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `AKIDSIMULATION/${time.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const signed = `SignedHeaders=${signedNames}`;
  return {
    Host: 'localhost',
    ...own,
    'X-Amz-Date': time,
    Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, ${signed}, Signature=${'0'.repeat(64)}`,
  };
}

export function textOf(body: HttpResponse['body']): string {
  return String(Array.isArray(body) ? Buffer.concat(body) : body);
}

function answerOf<T>(status: number, text: string): Answer<T> {
  const body = text === '' ? {} : JSON.parse(text);
  if (status === 200) return { kind: 'output', output: body };
  return { kind: 'error', type: nameOf(body.__type), message: body.message ?? body.Message ?? '' };
}

/** DynamoDB says a namespace before the name. */
function nameOf(type: string): string {
  return type.slice(type.lastIndexOf('#') + 1);
}

export function brief(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 160)}… (${text.length})`;
}
