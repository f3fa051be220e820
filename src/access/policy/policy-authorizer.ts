import type { Clock } from '../../env/clock.ts';
import type { Caller } from '../caller.ts';
import type { Account, IdentityState } from '../identity/state.ts';
import type { Access, Authorizer, ResourceFacts } from './access.ts';
import { type CallerPolicies, callerPolicies } from './caller-policies.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { accountIn, valuesOf } from './condition-values.ts';
import { type Decision, decide } from './decision.ts';
import { denial } from './denial.ts';
import { PolicyCache } from './policy-cache.ts';

/** What the authorizer knows: who there is, the time, and whether policies count at all. */
type AuthorizerParts = {
  readonly identity: { readonly state: IdentityState };
  readonly clock: Clock;
  /** False where signatures are not verified: then only the account of a resource is looked at. */
  readonly enforced: boolean;
};

/**
 * Decides by the policies of callers and resources. A text is compiled once, and what a caller may do is
 * worked out once, until its account changes; a decision that depends on no condition is remembered.
 */
export class PolicyAuthorizer implements Authorizer {
  readonly #parts: AuthorizerParts;
  readonly #cache = new PolicyCache();
  /** By the caller, which the gate makes once for many requests. */
  #known = new WeakMap<Caller, Known>();
  /** How many decisions are remembered, or were before their callers changed. */
  #remembered = 0;

  constructor(parts: AuthorizerParts) {
    this.#parts = parts;
  }

  authorize(access: Access): void {
    const { caller, resource, action, facts } = access;
    const owner = accountIn(resource);
    const isOwn = owner === undefined || owner === caller.account || facts?.isElsewhere === true;
    if (!this.#parts.enforced || caller.principal.kind === 'anyone') {
      if (!isOwn) throw denial(access, { kind: 'implicit', type: 'resource' });
      return;
    }
    const known = this.#knownOf(caller);
    if (known.isWhole && isOwn && isUnguarded(facts)) return;
    if (isFree(action)) return;
    const remembered = known.decisions.get(action)?.get(resource);
    const policy = facts?.policy ?? null;
    if (remembered !== undefined && remembered.policy === policy) {
      if (remembered.decision.isAllowed) return;
      throw denial(access, remembered.decision);
    }
    const decision = this.#decide(access, known, isOwn);
    if (decision.isFixed) this.#remember(known, access, policy, decision);
    if (!decision.isAllowed) throw denial(access, decision);
  }

  needsFacts({ principal }: Caller): boolean {
    return this.#parts.enforced && principal.kind !== 'anyone';
  }

  #decide(access: Access, { of: { policies, values }, isWhole }: Known, isOwn: boolean): Decision {
    const { action, resource, facts } = access;
    const policy = this.#policyOf(facts, action, isWhole && isOwn);
    return decide(
      { ...policies, resource: policy },
      {
        caller: values.names,
        action,
        resource,
        isOwn,
        isPolicyRequired: facts?.isPolicyRequired === true,
        valuesOf: valuesOf(access, values, this.#parts.clock.now()),
      },
    );
  }

  /** The owner of a resource can put right a policy that cannot be read; nobody else gets past it. */
  #policyOf(facts: ResourceFacts | undefined, action: string, isOwner: boolean): CompiledPolicy | undefined {
    if (facts === undefined || facts.policy === null) return undefined;
    const isTrust = facts.isPolicyRequired === true && action.startsWith('sts:');
    const kind = isTrust ? 'trust' : 'resource';
    return isOwner ? this.#cache.read(facts.policy, kind) : this.#cache.compile(facts.policy, kind);
  }

  #remember(
    { decisions }: Known,
    { action, resource }: Access,
    policy: string | null,
    decision: Decision,
  ): void {
    if (++this.#remembered > rememberedMax) {
      this.#known = new WeakMap();
      this.#remembered = 0;
    }
    let byResource = decisions.get(action);
    if (byResource === undefined) {
      byResource = new Map();
      decisions.set(action, byResource);
    }
    byResource.set(resource, { policy, decision });
  }

  /** What is known of a caller, as long as its account is what it was. */
  #knownOf(caller: Caller): Known {
    const { state } = this.#parts.identity;
    const known = this.#known.get(caller);
    if (known?.state === state) return known;
    const account = state.accounts.get(caller.account);
    if (known !== undefined && known.account === account) {
      known.state = state;
      return known;
    }
    const of = callerPolicies(caller, account, this.#cache);
    const isWhole = of.policies.identity === 'everything';
    const made: Known = { state, account, of, isWhole, decisions: new Map() };
    this.#known.set(caller, made);
    return made;
  }
}

type Known = {
  /** The state in which the account was last looked up. */
  state: IdentityState;
  readonly account: Account | undefined;
  readonly of: CallerPolicies;
  /** Whether everything in its account is allowed to it. */
  readonly isWhole: boolean;
  /** Decisions that depend on no condition, by action and resource. */
  readonly decisions: Map<string, Map<string, Remembered>>;
};

/** `policy` is the resource's, as it was when this was decided. */
type Remembered = { readonly policy: string | null; readonly decision: Decision };

/** Callers can name as many resources as they like: beyond this, all is forgotten. About 200 bytes each. */
const rememberedMax = 100_000;

/** Whether nothing is denied by the resource itself. */
function isUnguarded(facts: ResourceFacts | undefined): boolean {
  return facts === undefined || (facts.policy === null && facts.isPolicyRequired !== true);
}

/**
 * What anybody may do who has a valid signature, whatever policies say (STS API reference, GetCallerIdentity,
 * GetSessionToken: "No permissions are required").
 */
function isFree(action: string): boolean {
  return action === 'sts:GetCallerIdentity' || action === 'sts:GetSessionToken';
}
