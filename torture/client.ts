import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../bench/connection.ts';
import { Signer } from '../bench/signer.ts';
import type { Answer } from '../sim/client.ts';

/** How long a client waits for an answer. Long: a slow machine is no broken promise. */
const patienceMs = 20_000;

/** A client on a socket, one request at a time. No answer is an answer: silence. */
export class Client {
  readonly name: string;
  readonly #port: () => number | undefined;
  #line: { readonly port: number; readonly connection: Connection; readonly signer: Signer } | undefined;

  constructor(name: string, port: () => number | undefined) {
    this.name = name;
    this.#port = port;
  }

  async call<T = unknown>(operation: string, input: object): Promise<Answer<T>> {
    try {
      const { connection, signer } = await this.#connect();
      const request = signer.request(operation, Buffer.from(JSON.stringify(input)));
      const timer = setTimeout(() => connection.close(), patienceMs);
      const { status, body } = await connection.exchange(request).finally(() => clearTimeout(timer));
      return answerOf<T>(status, body.toString());
    } catch {
      // The server ended, is about to, or does not listen.
      this.close();
      await sleep(2);
      return { kind: 'silence' };
    }
  }

  close(): void {
    this.#line?.connection.close();
    this.#line = undefined;
  }

  async #connect() {
    const port = this.#port();
    if (port === undefined) throw new Error('The server is down.');
    if (this.#line?.port !== port) {
      this.close();
      this.#line = { port, connection: await Connection.open(port), signer: new Signer(port) };
    }
    return this.#line;
  }
}

function answerOf<T>(status: number, text: string): Answer<T> {
  // kinesis-local says null where others say nothing.
  const body = text === '' ? {} : JSON.parse(text, (_, value) => value ?? undefined);
  if (status === 200) return { kind: 'output', output: body };
  return { kind: 'error', type: body.__type ?? String(status), message: body.message ?? body.Message ?? '' };
}
