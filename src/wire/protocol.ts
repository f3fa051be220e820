import type { HttpRequest, HttpResponse } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';
import type { Codec } from './codec.ts';
import type { ServiceError } from './service-error.ts';
import type { EventStreamShape, StructureShape, TypeOf } from './shape.ts';

/**
 * How a service's operations are called over HTTP: where a request says what it calls, how its input is read,
 * and how answers and errors look. A value of this type belongs to the service that it was made for.
 */
export interface Protocol {
  /** As Smithy names it: `awsJson1_1`, `rpcv2Cbor`, `awsQuery`. Unique in a service. */
  readonly name: string;
  /** The encoding of values in bodies. */
  readonly codec: Codec;
  /** Whether a request's method, headers or path are those of this protocol, for whichever service. */
  isSpokenIn(request: HttpRequest, headers: HeaderFields): boolean;
  /**
   * What a request in this protocol calls; undefined when it is for another service. The operation is as the
   * request names it, whether it exists or not; empty where the request names none.
   */
  callOf(request: HttpRequest, headers: HeaderFields): Called | undefined;
  /**
   * What is wrong with a request's form, as far as that is checked before its signature; undefined when
   * nothing is. `operation` is undefined when the service has none of the name.
   */
  misformOf(
    request: HttpRequest,
    headers: HeaderFields,
    operation: CalledOperation | undefined,
  ): ServiceError | undefined;
  /** Whether the codec reads the body of a call; absent where it reads all of them. */
  readsBody?(body: Buffer, called: Called): boolean;
  /** The input of a call, not yet validated; see `Codec.decode`. */
  decode<S extends StructureShape>(body: Buffer, called: Called, shape: S): TypeOf<S>;
  /**
   * The answer to a call that succeeded. `value` is of the output's shape; for an event stream it is the
   * iterable of its encoded messages. The dispatcher adds the headers that every answer has
   * (`x-amzn-RequestId`); `requestId` is for protocols with it in the body, too.
   */
  answer(value: unknown, operation: CalledOperation, requestId: string): HttpResponse;
  /** The same with a body that the codec has written already. */
  written(body: Buffer): HttpResponse;
  /** An error as an answer. */
  refuse(error: ServiceError, requestId: string): HttpResponse;
}

/** What a request calls, as plain data for other threads. */
export type Called = {
  readonly operation: string;
  /**
   * Members of the input outside of the body (in the path, the query, headers) as texts with one character
   * per byte; several texts for a list.
   */
  readonly outside?: Readonly<Record<string, string | readonly string[]>>;
};

/** What protocols may need to know of an operation. */
export type CalledOperation = { readonly name: string; readonly output: AnswerShape };

/** Undefined: the answer is empty. */
export type AnswerShape = StructureShape | EventStreamShape | undefined;

/**
 * Whether an unsigned body is well-formed. Small ones are scanned, and no value is made of them: AWS names
 * this error before that of the signature. A large one counts as well-formed unread.
 */
export function seemsWellFormed(body: Buffer, codec: Codec): boolean {
  return body.length > unsignedBytesMax || codec.wellFormed(body);
}

/** More than clients send by mistake. */
const unsignedBytesMax = 64 * 1024;
