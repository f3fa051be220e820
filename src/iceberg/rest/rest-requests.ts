import { type SigningCredentials, signedHeaders } from '../../access/sigv4/sign.ts';
import type { Clock } from '../../env/clock.ts';
import type { HttpClient } from '../../env/http-client.ts';
import { formatLongJson } from '../format/long-json.ts';
import { IcebergError } from '../iceberg-table.ts';
import { Bearer, type OAuth } from './bearer.ts';
import { jsonIn, reached } from './reached.ts';
import { refusalOf } from './rest-error.ts';

/** What REST catalogs are asked with. */
export type RestWorld = {
  readonly clock: Clock;
  readonly client: HttpClient;
  /** Who signs, where a catalog wants that; undefined without credentials. */
  readonly signing: { readonly credentials: SigningCredentials; readonly region: string } | undefined;
  /** A token as it is, or what one is asked for with; undefined for a catalog that knows nobody. */
  readonly bearer: { readonly token: string } | OAuth | undefined;
};

/** What came back; `undefined` for a body that is no JSON. */
export type RestAnswer = { readonly status: number; readonly json: unknown };

/** Sends requests to a REST catalog as whoever is to ask. */
export class RestRequests {
  readonly #world: RestWorld;
  readonly #url: string;
  readonly #signs: boolean;
  readonly #bearer: Bearer | undefined;

  constructor(world: RestWorld, url: string, signs: boolean) {
    this.#world = world;
    this.#url = url.replace(/\/+$/, '');
    this.#signs = signs;
    this.#bearer = world.bearer === undefined ? undefined : new Bearer(world, this.#url, world.bearer);
  }

  /**
   * `path` after `/v1/`. Resolves with whatever status comes. Rejects with `IcebergError` of code
   * `Unreachable`, which passes, where none came: what was asked for may be done all the same.
   */
  async send(method: string, path: string, body?: object, signal?: AbortSignal): Promise<RestAnswer> {
    const answer = await this.#send(method, path, body, signal);
    const isTokenOver = answer.status === 401 || answer.status === statusOfTimeout;
    if (!isTokenOver || !this.#bearer?.forget()) return answer;
    return await this.#send(method, path, body, signal);
  }

  /** The same, of an answer that is one: rejects with what the catalog said otherwise. */
  async ask(method: string, path: string, body?: object, signal?: AbortSignal): Promise<unknown> {
    const answer = await this.send(method, path, body, signal);
    if (answer.status >= 200 && answer.status < 300) return answer.json;
    throw refusalOf(answer, `${method} ${this.#url}/v1/${path}`);
  }

  async #send(
    method: string,
    path: string,
    body: object | undefined,
    signal?: AbortSignal,
  ): Promise<RestAnswer> {
    const url = new URL(`${this.#url}/v1/${path}`);
    const text = body === undefined ? '' : formatLongJson(body);
    const token = await this.#bearer?.token(signal);
    const headers = {
      host: url.host,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const sent = this.#signs ? this.#signed(method, url, headers, text) : headers;
    const answer = await reached(
      this.#world.client,
      { method, url: url.href, headers: sent, body: text },
      signal,
    );
    return { status: answer.status, json: jsonIn(answer.body) };
  }

  #signed(method: string, url: URL, headers: Record<string, string>, body: string): Record<string, string> {
    const { clock, signing } = this.#world;
    if (signing === undefined) {
      throw new IcebergError(
        `${url.host} wants signed requests, and there are no credentials`,
        'AccessDenied',
        false,
      );
    }
    const unsigned = { method, target: url.pathname + url.search, headers, body };
    return signedHeaders(unsigned, signing.credentials, scopeOf(url, signing.region), clock.now());
  }
}

/** `Authentication Timeout`, as the specification of REST catalogs has it for a token that is over. */
const statusOfTimeout = 419;

/** `s3tables.REGION.amazonaws.com` and `glue.REGION.amazonaws.com` say service and region in their names. */
export function scopeOf(url: URL, region: string): { service: string; region: string } {
  const named = /^(s3tables|glue)(?:-fips)?\.([a-z0-9-]+)\./.exec(url.hostname);
  return named === null ? { service: 's3tables', region } : { service: named[1]!, region: named[2]! };
}
