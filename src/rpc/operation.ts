import type { Caller } from '../access/caller.ts';
import type { Codec } from '../wire/codec.ts';
import type { AnswerShape } from '../wire/protocol.ts';
import type { EventStreamShape, OutputOf, StructureShape, TypeOf } from '../wire/shape.ts';

/** One operation of a service: what it takes and answers, said once, and what it does. */
export type Operation<
  World = unknown,
  Input extends StructureShape = StructureShape,
  Output extends AnswerShape = AnswerShape,
> = {
  /** As AWS names it. */
  readonly name: string;
  /** One sentence for the API page. */
  readonly summary: string;
  /** How often it may be called; AWS's documented rates. */
  readonly rate?: Rate;
  /**
   * Which thread carries it out: the one that took the request, or the owner, which alone commits to the
   * catalog and knows how often it was called.
   */
  readonly runs: 'here' | 'owner';
  readonly input: Input;
  readonly output: Output;
  /**
   * Says what a valid request is about, and what carries it out; nothing is done yet. `codec` is what the
   * answer will be written in, for operations that write parts of it ahead. Throws what is to be answered to
   * a request that names nothing.
   */
  prepare(world: World, input: TypeOf<Input>, caller: Caller, codec: Codec): Prepared<AnswerOf<Output>>;
  /** Ways past the decoder and the encoder of a codec. */
  readonly fastPath?: ReadonlyMap<Codec, FastPath<World>>;
};

/** A call that may be carried out, once the caller is known to be allowed to. */
export type Prepared<Answer = Promise<unknown>> = {
  /** The ARN of what it is about, or `*` where that is all of the account. */
  readonly resource: string;
  /** To be called once. Throws or rejects with what is to be answered instead. */
  run(): Answer;
};

/**
 * The way of an operation's most common requests, from the bytes of a body to those of the answer. Undefined
 * for all other requests: they go the way of `prepare`, which alone says what is wrong with a request.
 */
export type FastPath<World = unknown> = {
  // As a method, so that a service's operations are operations of any world; see `Service`.
  prepare(world: World, body: Buffer, caller: Caller): Prepared<Promise<Buffer>> | undefined;
}['prepare'];

/** Events are answered as encoded messages, so that many subscribers can share one. */
type AnswerOf<Output> = Output extends StructureShape
  ? Promise<OutputOf<Output>>
  : Output extends EventStreamShape
    ? Promise<AsyncIterable<Uint8Array>>
    : Promise<void>;

/** `per` is `account` (in a region), or the type of resource of which each has its own count, as in ARNs. */
export type Rate = { readonly perSecond: number; readonly per: string };
