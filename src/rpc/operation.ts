import type { Service } from '../services/kinesis/service.ts';
import { cbor } from '../wire/cbor/cbor.ts';
import { rpcCbor } from '../wire/cbor/rpc-cbor.ts';
import type { Codec } from '../wire/codec.ts';
import { json } from '../wire/json/json.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { EventStreamShape, OutputOf, StructureShape, TypeOf } from '../wire/shape.ts';

/** One operation of the API: what it takes and answers, said once, and what it does. */
export type Operation<
  Input extends StructureShape = StructureShape,
  Output extends OutputShape = OutputShape,
> = {
  /** As AWS names it. */
  readonly name: string;
  /** One sentence for the API page. */
  readonly summary: string;
  /** How often it may be called, by an account in a region or for one stream; AWS's documented rates. */
  readonly rate?: Rate;
  readonly input: Input;
  readonly output: Output;
  /** `codec` is what the answer will be written in, for who would write parts of it ahead. */
  handle(service: Service, input: TypeOf<Input>, caller: Caller, codec: Codec): AnswerOf<Output>;
  /** Ways past the decoder and the encoder of a codec. */
  readonly fastPath?: ReadonlyMap<Codec, FastPath>;
};

/**
 * The way of an operation's most common requests, from the bytes of a body to those of the answer. Undefined
 * for all other requests, with nothing done: they go the way of `handle`, which alone says what is wrong with
 * a request.
 * `permit` is called once a request is known to be valid, and before anything is done; it throws.
 */
export type FastPath = (
  service: Service,
  body: Buffer,
  caller: Caller,
  permit: (input: object) => void,
) => Promise<Buffer> | undefined;

/** The same way for every codec. */
export function fastPaths(wayOf: (codec: Codec) => FastPath): ReadonlyMap<Codec, FastPath> {
  return new Map([json, cbor, rpcCbor].map((codec) => [codec, wayOf(codec)]));
}

/** Undefined: it answers with an empty body. */
type OutputShape = StructureShape | EventStreamShape | undefined;

/** Events are answered as encoded messages, so that many subscribers can share one. */
type AnswerOf<Output> = Output extends StructureShape
  ? Promise<OutputOf<Output>>
  : Output extends EventStreamShape
    ? Promise<AsyncIterable<Uint8Array>>
    : Promise<void>;

export type Rate = { readonly perSecond: number; readonly per: 'account' | 'stream' };

/** Who asks, as the signature says. */
export type Caller = { readonly account: string; readonly region: string; readonly user: string };

/** Checks that a declaration fits together; changes nothing. */
export function operation<Input extends StructureShape, Output extends OutputShape>(
  declaration: Operation<Input, Output>,
): Operation<Input, Output> {
  return declaration;
}

/** What a request with DryRun is answered when everything would have gone well; it was left undone. */
export function dryRun(): ServiceError {
  return new ServiceError(
    'DryRunOperationException',
    'The request was rejected because the DryRun parameter was specified.',
  );
}
