import type { ServiceName } from '../api/service-name.ts';

/**
 * A call of an operation, as it is made and as code for it is written. Bytes are `Bytes`, in base64. Lambda
 * is not called so.
 */
export type ApiRequest = {
  readonly service: CodedService;
  readonly operation: string;
  readonly input: Readonly<Record<string, RequestValue>>;
};

/** Waits until a stream is ACTIVE, which it has to be for the next change. */
export type Waiting = { readonly untilActive: string };

export type Step = ApiRequest | Waiting;

export function isWaiting(step: Step): step is Waiting {
  return 'untilActive' in step;
}

/** Changes of one stream one after the other, each when that before it is done. */
export function inTurn(stream: string, changes: readonly ApiRequest[]): Step[] {
  return changes.flatMap((change, index) => (index === 0 ? [change] : [{ untilActive: stream }, change]));
}

export type CodedService = Exclude<ServiceName, 'lambda'>;

export type RequestValue =
  | string
  | number
  | boolean
  | Bytes
  | readonly RequestValue[]
  | { readonly [name: string]: RequestValue };

/** Where code calls: the server that the console was loaded from, `http://localhost:4567`, and its region. */
export type Endpoint = { readonly url: string; readonly region: string };

/** Bytes of a request. In JSON they are their base64. */
export class Bytes {
  readonly base64: string;

  constructor(base64: string) {
    this.base64 = base64;
  }

  toJSON(): string {
    return this.base64;
  }
}

/** The header that names an operation of our own service, which no SDK knows. */
export function ownTarget(operation: string): string {
  return `Millrace_20261129.${operation}`;
}

/** The type of a request of our own service. */
export const ownType = 'application/x-amz-json-1.1';
