import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../harness/answer.ts';
import { Connection } from '../harness/connection.ts';
import { kinesis, type SignedService, Signer } from '../harness/signer.ts';
import { Subscription } from '../harness/subscription.ts';

/** How long a client waits for an answer. Long: a slow machine is no broken promise. */
const patienceMsUsual = 20_000;

/** How a client differs from others. */
export type Manner = {
  readonly patienceMs?: number;
  /** Told of internal failures (5xx), where these say as little as no answer does. */
  readonly leavesOpen?: (said: string) => void;
};

/** A client on a socket, one request at a time. No answer is an answer: silence. */
export class Client {
  readonly name: string;
  readonly #port: (afterFailure: boolean) => number | undefined;
  readonly #service: SignedService;
  readonly #manner: Manner;
  #hasFailed = false;
  #line: { readonly port: number; readonly connection: Connection; readonly signer: Signer } | undefined;

  /** `port` is asked before each request, and told whether the one before got no answer, or a failure. */
  constructor(
    name: string,
    port: (afterFailure: boolean) => number | undefined,
    service = kinesis,
    manner: Manner = {},
  ) {
    this.name = name;
    this.#port = port;
    this.#service = service;
    this.#manner = manner;
  }

  async call<T = unknown>(operation: string, input: object): Promise<Answer<T>> {
    try {
      const { connection, signer } = await this.#connect();
      const message = signer.request(operation, Buffer.from(JSON.stringify(input)));
      const timer = setTimeout(() => connection.close(), this.#patienceMs);
      const { status, body } = await connection.exchange(message).finally(() => clearTimeout(timer));
      return this.#heard<T>(operation, status, body.toString());
    } catch {
      // The server ended, is about to, or does not listen.
      this.#hasFailed = true;
      this.close();
      await sleep(2);
      return { kind: 'silence' };
    }
  }

  /** Calls SubscribeToShard, on a connection of its own. */
  async subscribe(input: object): Promise<Answer<Subscription>> {
    const port = this.#nextPort();
    if (port === undefined) return { kind: 'silence' };
    const body = Buffer.from(JSON.stringify(input));
    const headers = new Signer(port).headers('SubscribeToShard', body);
    const asked = request({ port, host: '127.0.0.1', method: 'POST', headers, agent: false });
    asked.setTimeout(this.#patienceMs, () => asked.destroy());
    asked.end(body);
    try {
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      asked.on('error', () => {}); // The server ended; the reader of the pieces learns of it.
      if (response.statusCode !== 200)
        return this.#heard('SubscribeToShard', response.statusCode!, await text(response));
      return { kind: 'output', output: new Subscription(response, { isPaced: false }) };
    } catch {
      this.#hasFailed = true;
      await sleep(2);
      return { kind: 'silence' };
    }
  }

  close(): void {
    this.#line?.connection.close();
    this.#line = undefined;
  }

  get #patienceMs(): number {
    return this.#manner.patienceMs ?? patienceMsUsual;
  }

  #heard<T>(operation: string, status: number, said: string): Answer<T> {
    const { leavesOpen } = this.#manner;
    if (leavesOpen === undefined || status < 500) return answerOf<T>(status, said);
    this.#hasFailed = true;
    leavesOpen(`${status} for ${operation}: ${said}`);
    return { kind: 'silence' };
  }

  #nextPort(): number | undefined {
    const port = this.#port(this.#hasFailed);
    this.#hasFailed = false;
    return port;
  }

  async #connect() {
    const port = this.#nextPort();
    if (port === undefined) throw new Error('The server is down.');
    if (this.#line?.port !== port) {
      this.close();
      const signer = new Signer(port, undefined, this.#service);
      this.#line = { port, connection: await Connection.open(port), signer };
    }
    return this.#line;
  }
}

function answerOf<T>(status: number, said: string): Answer<T> {
  // kinesis-local says null where others say nothing.
  const body = said === '' ? {} : JSON.parse(said, (_, value) => value ?? undefined);
  if (status === 200) return { kind: 'output', output: body };
  return {
    kind: 'error',
    type: nameOf(body.__type ?? String(status)),
    message: body.message ?? body.Message ?? '',
  };
}

/** DynamoDB says a namespace before the name. */
function nameOf(type: string): string {
  return type.slice(type.lastIndexOf('#') + 1);
}
