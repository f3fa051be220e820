import { signedHeaders } from '../../access/sigv4/sign.ts';
import type { Clock } from '../../env/clock.ts';
import type { ClientAnswer, HttpClient } from '../../env/http-client.ts';
import { StartError } from '../../env/start-error.ts';
import { type Online, reasonOf } from '../user/online-transport.ts';

/** An error that Lambda answered. */
export class LambdaError extends Error {
  override readonly name = 'LambdaError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Signed calls of Lambda's REST API, AWS's and ours. */
export class LambdaClient {
  readonly #online: Online;
  readonly #client: HttpClient;
  readonly #clock: Clock;

  constructor(online: Online, client: HttpClient, clock: Clock) {
    this.#online = online;
    this.#client = client;
    this.#clock = clock;
  }

  /**
   * The answer of a call; `path` is escaped, with its query. Rejects with `LambdaError` when it is refused,
   * and with `StartError` when nobody answers who speaks the API.
   */
  async call<Answer>(method: 'GET' | 'POST' | 'PUT', path: string, input?: object): Promise<Answer> {
    const answer = await this.#send(method, path, input === undefined ? '' : JSON.stringify(input));
    const value = parsed(answer);
    if (answer.status < 300 && value !== undefined) return value as Answer;
    const code = answer.headers['x-amzn-errortype'];
    if (typeof code !== 'string' || value === undefined) {
      throw new StartError(`what answers does not speak Lambda's API: it answered ${answer.status}`);
    }
    throw new LambdaError(code, String(value['message'] ?? value['Message'] ?? answer.status));
  }

  /** The items of all pages of a list. */
  async list<Item>(path: string, name: string): Promise<Item[]> {
    const items: Item[] = [];
    let marker: string | undefined;
    do {
      const query: string = marker === undefined ? '' : `?Marker=${encodeURIComponent(marker)}`;
      const page: Readonly<Record<string, unknown>> = await this.call('GET', `${path}${query}`);
      items.push(...(page[name] as Item[]));
      marker = page['NextMarker'] as string | undefined;
    } while (typeof marker === 'string');
    return items;
  }

  async #send(method: string, path: string, body: string): Promise<ClientAnswer> {
    const { endpoint, credentials, region, ca } = this.#online;
    const socketPath = endpoint.startsWith('unix:') ? endpoint.slice('unix:'.length) : undefined;
    const url = new URL(path, socketPath === undefined ? endpoint : 'http://localhost/');
    const type = body === '' ? {} : { 'content-type': 'application/json' };
    const unsigned = { method, target: path, headers: { host: url.host, ...type }, body };
    const headers = signedHeaders(unsigned, credentials, { region, service: 'lambda' }, this.#clock.now());
    try {
      return await this.#client.send({ method, url: url.href, headers, body, socketPath, ca });
    } catch (error) {
      throw new StartError(`cannot reach ${endpoint}: ${reasonOf(error as NodeJS.ErrnoException)}`, {
        cause: error,
      });
    }
  }
}

function parsed({ body }: ClientAnswer): Readonly<Record<string, unknown>> | undefined {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(String(body));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
