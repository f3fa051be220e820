import type { Caller } from '../access/caller.ts';
import type { Access, ResourceFacts } from '../access/policy/access.ts';
import type { Departure, Peer } from '../env/network.ts';
import type { HeaderFields } from '../http/headers.ts';
import type { Codec } from '../wire/codec.ts';
import type { AnswerShape } from '../wire/protocol.ts';
import type { EventStreamShape, OutputOf, StructureShape, TypeOf } from '../wire/shape.ts';
import type { AuditKind } from './audit.ts';

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
  /** AWS's documented rates of calls. */
  readonly rate?: Rate;
  /**
   * The thread that carries it out: the one that took the request, or the owner, which alone commits to the
   * catalog and counts calls. `near` is the one that took it, unless that does not know enough (`AskOwner`).
   */
  readonly runs: 'here' | 'near' | 'owner';
  /**
   * How the audit log has it: `data` only where it was denied, `read` without its answer, `write` with it.
   * Without it, what begins with Describe, Get or List is a `read`, and all else a `write`.
   */
  readonly audit?: AuditKind;
  readonly input: Input;
  readonly output: Output;
  /**
   * Names the resource of a valid request and what carries it out; does nothing yet. `codec` is the answer's,
   * for operations that write parts of it ahead, `asked` the request around the input. Throws the answer to
   * a request that names nothing.
   */
  prepare(
    world: World,
    input: TypeOf<Input>,
    caller: Caller,
    codec: Codec,
    asked: AskedBy,
  ): Prepared<AnswerOf<Output>>;
  /** Ways past the decoder and the encoder of a codec. */
  readonly fastPath?: ReadonlyMap<Codec, FastPath<World>>;
};

/** A request as few operations look at it. Its headers are verified as far as its signature says. */
export type AskedBy = {
  readonly headers: Pick<HeaderFields, 'get'>;
  readonly departure?: Departure | undefined;
  /** Where it came from, for those that ask for more permissions as they run. */
  readonly peer: Peer;
  /**
   * For answers that go on: throws the error that the same call would get, had it come at its time, by the
   * keys and policies of now. Not to be called before the call is permitted.
   */
  readonly recheck: () => void;
};

/** A call that may be carried out once the caller is allowed to. */
export type Prepared<Answer = Promise<unknown>> = {
  /** The ARN of its resource, or `*` for all of the account. */
  readonly resource: string;
  /** What a denial calls it; see `Access`. */
  readonly named?: string | undefined;
  /**
   * What is known of the resource, as `Service.factsOf` says it: where that was looked up anyway, or by a
   * function that takes less than looking for the ARN.
   */
  readonly facts?: ResourceFacts | (() => ResourceFacts | undefined) | undefined;
  /** Condition keys that this call has besides those that all have, in lower case. */
  readonly context?: Access['context'];
  /**
   * The permissions that the call needs, all of them, where that is not the one for its own name on its
   * resource.
   */
  readonly permissions?: readonly Permission[] | undefined;
  /** To be called once. Throws or rejects with the error to answer. */
  run(): Answer;
};

/** `action` as IAM names it: `kms:ReEncryptFrom`. */
export type Permission = {
  readonly action: string;
  readonly resource: string;
  readonly named?: string | undefined;
  /** In place of the call's. */
  readonly context?: Access['context'];
};

/**
 * The fast path of an operation's most common requests, from the bytes of the body to those of the answer.
 * Undefined for any other request: only `prepare` says what is wrong with a request.
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
