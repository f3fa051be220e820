import { type SigningCredentials, signedHeaders } from '../../access/sigv4/sign.ts';
import type { Clock } from '../../env/clock.ts';
import { StartError } from '../../env/start-error.ts';

/** A server that is called as SDKs of AWS do it, and by whom. */
export type AwsPlace = {
  /** `host` as requests name it. */
  readonly host: string;
  readonly region: string;
  readonly credentials: SigningCredentials;
  readonly clock: Pick<Clock, 'now'>;
  /** Sends a request that is signed. Rejects when there is no answer, and with the signal's reason. */
  readonly send: (request: AwsRequest, signal?: AbortSignal) => Promise<AwsAnswer>;
};

export type AwsRequest = {
  readonly method: string;
  /** Path and query, escaped. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
};

export type AwsAnswer = {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** An error that was answered. `name` is AWS's. */
export class AwsError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/**
 * Calls of Lambda, Kinesis and Firehose, each of which is tried once. All reject with `AwsError` for a
 * refusal, and with `StartError` when what answers speaks neither API.
 */
export class AwsCalls {
  readonly #place: AwsPlace;

  constructor(place: AwsPlace) {
    this.#place = place;
  }

  /** Lambda's REST API; `input` is the body. */
  async lambda<Answer>(
    method: string,
    target: string,
    input?: object,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const body = input === undefined ? '' : JSON.stringify(input);
    const headers = input === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await this.send('lambda', { method, target, headers, body }, signal);
    return parsed<Answer>(answer);
  }

  /** The items of all pages of a list of Lambda's; `name` is the member of a page that has them. */
  async lambdaItems<Item>(target: string, name: string): Promise<Item[]> {
    const items: Item[] = [];
    let query = '';
    do {
      const page: Page<Item> = await this.lambda('GET', target + query);
      items.push(...(page[name] as Item[]));
      const { NextMarker: marker } = page;
      query =
        marker === undefined || marker === null ? '' : `?Marker=${encodeURIComponent(marker as string)}`;
    } while (query !== '');
    return items;
  }

  kinesis<Answer>(operation: string, input: object): Promise<Answer> {
    return this.#json('kinesis', `Kinesis_20131202.${operation}`, input);
  }

  firehose<Answer>(operation: string, input: object): Promise<Answer> {
    return this.#json('firehose', `Firehose_20150804.${operation}`, input);
  }

  kms<Answer>(operation: string, input: object): Promise<Answer> {
    return this.#json('kms', `TrentService.${operation}`, input);
  }

  /** Operations of Millrace's own. */
  millrace<Answer>(operation: string, input: object): Promise<Answer> {
    return this.#json('millrace', `Millrace_20261129.${operation}`, input);
  }

  async #json<Answer>(service: string, operation: string, input: object): Promise<Answer> {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': operation };
    const request = { method: 'POST', target: '/', headers, body: JSON.stringify(input) };
    return parsed<Answer>(await this.send(service, request));
  }

  /** The answer as it is, when it is none of an error. */
  async send(service: string, request: AwsRequest, signal?: AbortSignal): Promise<AwsAnswer> {
    const { host, region, credentials, clock, send } = this.#place;
    const unsigned = { ...request, headers: { ...request.headers, host } };
    const headers = signedHeaders(unsigned, credentials, { region, service }, clock.now());
    const answer = await send({ ...request, headers }, signal);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw errorIn(answer);
  }
}

type Page<Item> = { readonly [member: string]: readonly Item[] | string | null | undefined };

/** The answer is believed to have the shape that is asked for. */
function parsed<Answer>({ status, body }: AwsAnswer): Answer {
  try {
    return body.length === 0 ? ({} as Answer) : JSON.parse(String(body));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unlikeAws(status);
  }
}

const unlikeAws = (status: number) =>
  new StartError(`what answers does not speak AWS's API: it answered ${status}`);

/** Lambda has the error's name in a header, the others in the body. */
function errorIn(answer: AwsAnswer): AwsError | StartError {
  const { status, headers } = answer;
  const said = parsed<Readonly<Record<string, unknown>>>(answer);
  const name = headers['x-amzn-errortype'] ?? said['__type'];
  const message = said['message'] ?? said['Message'] ?? status;
  if (name === undefined) return unlikeAws(status);
  return new AwsError(String(name).split('#').at(-1)!.split(':')[0]!, String(message));
}
