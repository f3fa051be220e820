import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type SigningCredentials, signedHeaders } from '../../src/access/sigv4/sign.ts';
import type { Answer } from '../answer.ts';
import { credentials, region } from '../signer.ts';
import { type LambdaClient, lambdaAnswer } from './lambda-client.ts';

/** A client of Lambda on a real server, a connection for each request. No answer is an answer: silence. */
export class HttpLambdaClient implements LambdaClient {
  readonly name: string;
  readonly #port: () => number | undefined;
  readonly #credentials: SigningCredentials;

  /** `port` is asked before each request; there is none while the server is down. */
  constructor(name: string, port: () => number | undefined, signing: SigningCredentials = credentials) {
    this.name = name;
    this.#port = port;
    this.#credentials = signing;
  }

  async ask<T = unknown>(method: string, path: string, input?: object): Promise<Answer<T>> {
    const port = this.#port();
    if (port === undefined) return { kind: 'silence' };
    const body = Buffer.from(input === undefined ? '' : JSON.stringify(input));
    const host = `127.0.0.1:${port}`;
    const own = body.length > 0 ? { host, 'content-type': 'application/json' } : { host };
    const unsigned = { method, target: path, headers: own, body };
    const scope = { region, service: 'lambda' };
    const headers = signedHeaders(unsigned, this.#credentials, scope, Date.now());
    try {
      const asked = request({ port, host: '127.0.0.1', method, path, headers, agent: false });
      asked.setTimeout(patienceMs, () => asked.destroy());
      asked.end(body);
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      const type = response.headers['x-amzn-errortype'];
      return lambdaAnswer<T>(response.statusCode ?? 0, type && String(type), await text(response));
    } catch {
      return { kind: 'silence' }; // The server ended, is about to, or does not listen.
    }
  }

  /** The output; throws with what was said instead. */
  async must<T = unknown>(method: string, path: string, input?: object): Promise<T> {
    const answer = await this.ask<T>(method, path, input);
    if (answer.kind === 'output') return answer.output;
    const said = answer.kind === 'error' ? `${answer.type}: ${answer.message}` : 'no answer';
    throw new Error(`${method} ${path}: ${said}`);
  }
}

/** Long: a slow machine is no broken promise. */
const patienceMs = 60_000;
