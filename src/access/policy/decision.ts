import type { CompiledPolicy, Statement } from './compiled-policy.ts';
import { inOnePartition } from './one-partition.ts';
import type { ValuesOf } from './policy-variables.ts';
import type { CallerNames, Naming } from './principals.ts';

/** The policies that a request is decided by. */
export type PolicySet = {
  /** Of the caller, its groups or its role; `everything` for a root user or a profile. */
  readonly identity: readonly CompiledPolicy[] | 'everything';
  /** Absent where nothing bounds the caller. */
  readonly boundary?: readonly CompiledPolicy[] | undefined;
  /** Absent where no policies were passed when the session was made. */
  readonly session?: readonly CompiledPolicy[] | undefined;
  readonly resource?: CompiledPolicy | undefined;
};

export type PolicyType = 'resource' | 'identity' | 'boundary' | 'session';

/** What is asked. */
export type Question = {
  readonly caller: CallerNames;
  readonly action: string;
  readonly resource: string;
  /** Whether the resource is of the caller's account, or of none. */
  readonly isOwn: boolean;
  /** As in `ResourceFacts`. */
  readonly isPolicyRequired: boolean;
  readonly valuesOf: ValuesOf;
};

/** What was decided, and what decided it. */
export type Decision = {
  readonly isAllowed: boolean;
  /** `explicit` when a statement denies, `implicit` when none allows. */
  readonly kind: 'allowed' | 'explicit' | 'implicit';
  /**
   * The policies that denied, or that would have had to allow; of an allowed request, those that allowed it.
   */
  readonly type: PolicyType | undefined;
  /** The statement that decided; absent when none did, and for what a root user may do. */
  readonly statement?: Found | undefined;
  /** Whether the answer is the same whatever the request's condition keys are. */
  readonly isFixed: boolean;
};

/** A statement, and the policy that it stands in. */
export type Found = { readonly policy: CompiledPolicy; readonly statement: Statement };

/**
 * Decides as AWS does (IAM user guide, "Policy evaluation logic"): a statement that denies wins, wherever it
 * is. In its own account a caller needs a permission of its own or of the resource's policy, in another
 * account both. Boundaries and session policies limit what is its own. Without a permission all is denied.
 */
export function decide(policies: PolicySet, question: Question): Decision {
  const search = new Search(question);
  const { identity, boundary, session, resource } = policies;
  const ofResource = search.resource(resource);
  const ofIdentity = identity === 'everything' ? undefined : search.all(identity);
  const ofBoundary = boundary && search.all(boundary);
  const ofSession = session && search.all(session);
  const denied = denialIn(ofResource, ofIdentity, ofBoundary, ofSession);
  if (denied !== undefined) return search.decision('explicit', denied.type, denied.found);
  const { isOwn, isPolicyRequired } = question;
  const { naming } = ofResource;
  const isEnough = isOwn && naming !== undefined && naming !== 'account';
  if (naming === undefined && (!isOwn || isPolicyRequired)) return search.decision('implicit', 'resource');
  if (!isEnough && identity !== 'everything' && ofIdentity?.allow === undefined) {
    return search.decision('implicit', 'identity');
  }
  const isUnbound = isEnough && (naming === 'session' || naming === 'user');
  if (!isUnbound && ofBoundary !== undefined && ofBoundary.allow === undefined) {
    return search.decision('implicit', 'boundary');
  }
  const isUnlimited = isEnough && naming === 'session';
  if (!isUnlimited && ofSession !== undefined && ofSession.allow === undefined) {
    return search.decision('implicit', 'session');
  }
  return isEnough
    ? search.decision('allowed', 'resource', ofResource.allow)
    : search.decision('allowed', 'identity', ofIdentity?.allow);
}

/** What policies of one type say. */
type Said = { readonly deny?: Found | undefined; readonly allow?: Found | undefined };

/** `naming` is the farthest-reaching way in which the policy allows the caller. */
type SaidOfResource = Said & { readonly naming?: Naming | undefined };

function denialIn(resource: Said, identity?: Said, boundary?: Said, session?: Said) {
  const all = { resource, identity, boundary, session };
  for (const type of types) {
    const found = all[type]?.deny;
    if (found !== undefined) return { type, found };
  }
  return undefined;
}

/** Of several denials, AWS's messages name one. */
const types: readonly PolicyType[] = ['resource', 'identity', 'boundary', 'session'];

/** Looks for the statements that are about a question, and notes whether they depend on its values. */
class Search {
  readonly #question: Question;
  readonly #resource: string;
  #isFixed = true;

  constructor(question: Question) {
    this.#question = question;
    this.#resource = inOnePartition(question.resource);
  }

  decision(kind: Decision['kind'], type: PolicyType, statement?: Found): Decision {
    return { isAllowed: kind === 'allowed', kind, type, statement, isFixed: this.#isFixed };
  }

  /** The first statement of an identity's policies that denies or, if none does, that allows. */
  all(policies: readonly CompiledPolicy[]): Said {
    let allow: Found | undefined;
    for (const policy of policies) {
      for (const statement of policy.statementsOn(this.#question.action)) {
        if (statement.effect === 'Allow' && allow !== undefined) break;
        if (!this.#isAbout(statement)) continue;
        if (statement.effect === 'Deny') return { deny: { policy, statement } };
        allow = { policy, statement };
      }
    }
    return { allow };
  }

  resource(policy: CompiledPolicy | undefined): SaidOfResource {
    const { caller, action } = this.#question;
    let best: { naming: Naming; allow: Found } | undefined;
    for (const statement of policy?.statementsOn(action) ?? []) {
      const naming = statement.names?.(caller);
      if (naming === undefined || !this.#isAbout(statement)) continue;
      const found = { policy: policy!, statement };
      if (statement.effect === 'Deny') return { deny: found };
      if (best === undefined || rankOf(naming) < rankOf(best.naming)) best = { naming, allow: found };
    }
    return best ?? {};
  }

  #isAbout({ resource, condition }: Statement): boolean {
    const { valuesOf } = this.#question;
    if (resource.varies) this.#isFixed = false;
    if (!resource.holds(this.#resource, valuesOf)) return false;
    if (condition === undefined) return true;
    this.#isFixed = false;
    return condition(valuesOf);
  }
}

function rankOf(naming: Naming): number {
  return namings.indexOf(naming);
}

const namings: readonly Naming[] = ['session', 'user', 'role', 'everyone', 'account'];
