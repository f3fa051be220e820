import type { HttpRequest, HttpResponse } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';
import type { Codec } from './codec.ts';
import type { ServiceError } from './service-error.ts';
import type { EventStreamShape, StructureShape, TypeOf } from './shape.ts';

/**
 * How the operations of one service are called over HTTP: where a request says what it calls, how its input
 * is read, and how answers and errors look. A value of this type belongs to the service that it was made for.
 */
export interface Protocol {
  /** As Smithy names it: `awsJson1_1`, `rpcv2Cbor`, `awsQuery`. No two of a service are the same. */
  readonly name: string;
  /** The encoding of values in bodies. */
  readonly codec: Codec;
  /**
   * Whether a request is in this protocol, whichever service it is for: by its method, its headers or its
   * path.
   */
  isSpokenIn(request: HttpRequest, headers: HeaderFields): boolean;
  /**
   * What a request in this protocol calls; undefined when that is no operation of this service. The operation
   * is as the request names it, be there one of that name or not; empty where the request names none.
   */
  callOf(request: HttpRequest, headers: HeaderFields): Called | undefined;
  /**
   * What is wrong with the form of a request, as far as that is looked at before its signature; undefined
   * when nothing is. `operation` is undefined when the service has none of the name.
   */
  misformOf(
    request: HttpRequest,
    headers: HeaderFields,
    operation: CalledOperation | undefined,
  ): ServiceError | undefined;
  /** The input of a call, not yet validated; see `Codec.decode`. */
  decode<S extends StructureShape>(body: Buffer, called: Called, shape: S): TypeOf<S>;
  /**
   * The answer to a call that went well. `value` is of the output's shape; for an event stream it is the
   * iterable of its encoded messages. The headers that every answer has (`x-amzn-RequestId`) are the
   * dispatcher's; `requestId` is for protocols that say it in the body, too.
   */
  answer(value: unknown, operation: CalledOperation, requestId: string): HttpResponse;
  /** The same when the body is there already, as the codec would have written it. */
  written(body: Buffer): HttpResponse;
  /** The answer that is an error. */
  refuse(error: ServiceError, requestId: string): HttpResponse;
}

/** What a request calls. Plain data, so that another thread can be told. */
export type Called = {
  readonly operation: string;
  /**
   * Members of the input that stand outside of the body (in the path, the query, headers), as their text, one
   * character per byte; as several where there is a list of them.
   */
  readonly outside?: Readonly<Record<string, string | readonly string[]>>;
};

/** What a protocol may want to know of an operation. */
export type CalledOperation = { readonly name: string; readonly output: AnswerShape };

/** Undefined: the answer is empty. */
export type AnswerShape = StructureShape | EventStreamShape | undefined;

/**
 * Whether an unsigned body is well-formed. Small ones are walked through, and no value is made of them: AWS
 * names this error before that of the signature. A large one counts as well-formed unread.
 */
export function seemsWellFormed(body: Buffer, codec: Codec): boolean {
  return body.length > unsignedBytesMax || codec.wellFormed(body);
}

/** More than what clients send by mistake. */
const unsignedBytesMax = 64 * 1024;
