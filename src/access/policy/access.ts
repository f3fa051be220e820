import type { Peer } from '../../env/network.ts';
import type { Caller } from '../caller.ts';

/** What a permission is asked for. */
export type Access = {
  readonly caller: Caller;
  /** As IAM names it: `kinesis:PutRecord`. */
  readonly action: string;
  /** An ARN, or `*` for all of the account. */
  readonly resource: string;
  /** What a denial calls the resource, where its ARN would tell what another account has. */
  readonly named?: string | undefined;
  readonly peer: Peer;
  /** What is known of the resource; undefined where there is none, or it has neither policy nor tags. */
  readonly facts?: ResourceFacts | undefined;
  /**
   * Condition keys of the call itself, in lower case: `aws:requesttag/team`, `kms:encryptioncontext:…`. A
   * function is called when a policy asks.
   */
  readonly context?: RequestContext | (() => RequestContext) | undefined;
};

export type ResourceFacts = {
  /** The resource policy, as it was put; null without one. */
  readonly policy: string | null;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /**
   * True where nobody has access whom the resource's own policy does not name, or whose account it does not
   * name: a KMS key, a role that is assumed.
   */
  readonly isPolicyRequired?: boolean;
  /**
   * True where its own account decides elsewhere, for the server as a whole: a key of a KMS at AWS. Then what
   * the caller's own policies say decides here, whichever account the resource is of.
   */
  readonly isElsewhere?: boolean;
};

export type RequestContext = ReadonlyMap<string, readonly string[]>;

/** The context of a permission that is asked for, made now if it is made when asked. */
export function contextOf({ context }: Pick<Access, 'context'>): RequestContext | undefined {
  return typeof context === 'function' ? context() : context;
}

/**
 * The condition keys of texts by names: `aws:requesttag/` and a tag's key. Names that differ in their case
 * alone are one condition key, with the values of all.
 */
export function keyedValues(
  family: string,
  entries: Iterable<readonly [name: string, value: string]>,
): Map<string, readonly string[]> {
  const context = new Map<string, readonly string[]>();
  for (const [name, value] of entries) {
    const key = `${family}${name.toLowerCase()}`;
    context.set(key, [...(context.get(key) ?? []), value]);
  }
  return context;
}

/** Decides who may do what. */
export interface Authorizer {
  /** Throws AWS's AccessDeniedException, with its text, when the caller may not. */
  authorize(access: Access): void;
  /** Whether it matters what is known of a resource: not to a caller to whom everything is allowed. */
  needsFacts(caller: Caller): boolean;
}
