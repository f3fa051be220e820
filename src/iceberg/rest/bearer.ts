import type { Millis } from '../../env/clock.ts';
import { isObject } from '../format/avro-schema.ts';
import { IcebergError } from '../iceberg-table.ts';
import { jsonIn, reached } from './reached.ts';
import type { RestWorld } from './rest-requests.ts';

/** Client credentials that a token is given for (RFC 6749 §4.4). */
export type OAuth = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** `catalog` unless it says, as all clients of REST catalogs ask. */
  readonly scope?: string | undefined;
  /** Where tokens are given; the catalog's own `/v1/oauth/tokens` unless it says. */
  readonly url?: string | undefined;
};

/** The token that requests are sent with, asked for anew shortly before it is over. */
export class Bearer {
  readonly #world: RestWorld;
  readonly #catalogUrl: string;
  readonly #source: { readonly token: string } | OAuth;
  #held: { readonly token: string; readonly until: Millis } | undefined;

  constructor(world: RestWorld, catalogUrl: string, source: { readonly token: string } | OAuth) {
    this.#world = world;
    this.#catalogUrl = catalogUrl;
    this.#source = source;
  }

  async token(signal?: AbortSignal): Promise<string> {
    if ('token' in this.#source) return this.#source.token;
    if (this.#held !== undefined && this.#world.clock.monotonic() < this.#held.until) return this.#held.token;
    this.#held = await this.#fetched(this.#source, signal);
    return this.#held.token;
  }

  /** The catalog did not take it. Says whether another one can be had. */
  forget(): boolean {
    this.#held = undefined;
    return !('token' in this.#source);
  }

  async #fetched(oauth: OAuth, signal?: AbortSignal): Promise<{ token: string; until: Millis }> {
    const { clientId, clientSecret, scope = 'catalog', url = `${this.#catalogUrl}/v1/oauth/tokens` } = oauth;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope,
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const request = { method: 'POST', url, headers, body: form.toString() };
    const askedAt = this.#world.clock.monotonic();
    const answer = await reached(this.#world.client, request, signal);
    const json = jsonIn(answer.body);
    if (answer.status !== 200 || !isObject(json) || typeof json['access_token'] !== 'string') {
      const message = `${new URL(url).host} gives no token: it answered ${answer.status}`;
      throw new IcebergError(message, 'AccessDenied', answer.status >= 500 || answer.status === 429);
    }
    const seconds = Number(json['expires_in'] ?? usualSeconds);
    return { token: json['access_token'], until: askedAt + (seconds * 1000 * 9) / 10 };
  }
}

const usualSeconds = 3600;
