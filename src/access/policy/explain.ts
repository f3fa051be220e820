import type { Millis } from '../../env/clock.ts';
import type { RequestContext } from './access.ts';
import { type CompiledPolicy, compilePolicy } from './compiled-policy.ts';
import type { Unknown } from './condition.ts';
import { accountIn, type CallerValues, valuesOf } from './condition-values.ts';
import { type Decision, decide, type Found, type PolicyType } from './decision.ts';
import { reasonOf } from './denial.ts';
import { inOnePartition } from './one-partition.ts';
import { PolicyError, type PolicyKind } from './policy-document.ts';
import type { ValuesOf } from './policy-variables.ts';

/** A policy and what it is called: a file, or a policy's name. */
export type NamedPolicy = { readonly source: string; readonly text: string };

/** The policies of a request that nobody made. */
export type Simulated = {
  readonly caller: CallerValues;
  readonly identity: readonly NamedPolicy[];
  /** Undefined where nothing bounds the caller. */
  readonly boundary?: readonly NamedPolicy[] | undefined;
  /** Undefined without a session whose permissions were narrowed. */
  readonly session?: readonly NamedPolicy[] | undefined;
  readonly resource?: NamedPolicy | undefined;
  /** As in `ResourceFacts`. */
  readonly isPolicyRequired?: boolean;
};

export type Asked = {
  readonly action: string;
  readonly resource: string;
  /** Condition keys in lower case. */
  readonly context: RequestContext;
};

export type Explanation = {
  readonly action: string;
  readonly resource: string;
  /** As IAM's simulator says it (IAM API reference, EvaluationResult). */
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  readonly type: PolicyType | undefined;
  /** Why it is denied, as a message to the caller would say it; empty when it is allowed. */
  readonly reason: string;
  /** What decided; undefined when no statement did. */
  readonly statement: StatementName | undefined;
  /** Condition keys that were looked for and had no value, sorted. */
  readonly missingKeys: readonly string[];
};

export type StatementName = {
  readonly source: string;
  /** The first is 0. */
  readonly index: number;
  readonly sid: string | undefined;
};

/** Tells what policies decide, and which statement does. */
export class Simulator {
  /** What in the policies is not known here, and where. */
  readonly unknown: readonly (Unknown & { readonly source: string })[];
  readonly #simulated: Simulated;
  readonly #policies: {
    readonly identity: readonly CompiledPolicy[];
    readonly boundary: readonly CompiledPolicy[] | undefined;
    readonly session: readonly CompiledPolicy[] | undefined;
    readonly resource: CompiledPolicy | undefined;
  };
  readonly #sources = new Map<CompiledPolicy, string>();

  /** Throws a `PolicyError` whose message begins with the source of the policy that is none. */
  constructor(simulated: Simulated) {
    const compile = (kind: PolicyKind) => (named: NamedPolicy) => this.#compile(named, kind);
    this.#simulated = simulated;
    this.#policies = {
      identity: simulated.identity.map(compile('identity')),
      boundary: simulated.boundary?.map(compile('identity')),
      session: simulated.session?.map(compile('identity')),
      resource: simulated.resource && compile('resource')(simulated.resource),
    };
    this.unknown = [...this.#sources].flatMap(([{ unknown }, source]) =>
      unknown.map((each) => ({ ...each, source })),
    );
  }

  explain(asked: Asked, now: Millis): Explanation {
    const { action, resource } = asked;
    const { caller, isPolicyRequired = false } = this.#simulated;
    const missing = new Set<string>();
    const isRoot = caller.type === 'Account' && this.#simulated.identity.length === 0;
    const owner = accountIn(resource);
    const decision = decide(
      { ...this.#policies, identity: isRoot ? 'everything' : this.#policies.identity },
      {
        ...{ caller: caller.names, action, resource, isPolicyRequired },
        isOwn: owner === undefined || owner === '' || owner === caller.names.account,
        valuesOf: noting(simulatedValues(asked, caller, now), missing),
      },
    );
    return {
      ...{ action, resource, type: decision.type },
      decision: decision.isAllowed ? 'allowed' : `${decision.kind as 'explicit' | 'implicit'}Deny`,
      reason: decision.isAllowed ? '' : reasonOf(action, decision, isPolicyRequired),
      statement: this.#name(decision),
      missingKeys: [...missing].sort(),
    };
  }

  #compile({ source, text }: NamedPolicy, kind: PolicyKind): CompiledPolicy {
    try {
      const policy = compilePolicy(text, kind);
      this.#sources.set(policy, source);
      return policy;
    } catch (error) {
      if (error instanceof PolicyError) throw new PolicyError(`${source} is not a policy: ${error.message}`);
      throw error;
    }
  }

  #name({ statement: found }: Decision): StatementName | undefined {
    return found && nameOf(found, this.#sources.get(found.policy)!);
  }
}

function nameOf({ statement: { index, sid } }: Found, source: string): StatementName {
  return { source, index, sid };
}

/**
 * The values of a request of which only the caller, the resource and the given context are known: what a
 * connection would say is not made up.
 */
function simulatedValues({ action, resource, context }: Asked, caller: CallerValues, now: Millis): ValuesOf {
  const { names, type } = caller;
  const { account, arn, id } = names;
  const principal = { kind: 'anyone' } as const;
  const userId = type === 'Account' ? account : (id ?? '');
  const signed = { account, region: '', arn, userId, accessKeyId: '', principal };
  const peer = { address: '', secure: false, listener: '' };
  const values = valuesOf({ caller: signed, action, resource, peer, context }, caller, now);
  return (key) => (ofConnections.has(key) && !context.has(key) ? undefined : values(key));
}

const ofConnections: ReadonlySet<string> = new Set(['aws:securetransport']);

function noting(values: ValuesOf, missing: Set<string>): ValuesOf {
  return (key) => {
    const found = values(key);
    if (found === undefined) missing.add(key);
    return found;
  };
}

/**
 * A caller as its ARN alone tells: a user, a root user, a session of a role, or a role, which stands for any
 * of its sessions. Undefined for any other ARN.
 */
export function callerOfArn(written: string): CallerValues | undefined {
  const arn = inOnePartition(written);
  const match = callerForm.exec(arn);
  if (match === null) return undefined;
  const [partition, account, said] = [match[1]!, match[2]!, match[3]!];
  const names = { account, arn, roleArn: undefined, id: undefined };
  const [kind, ...path] = said.split('/');
  const none = { userName: undefined, tags: [] };
  if (said === 'root') return { ...none, names, type: 'Account' };
  if (kind === 'user' && path.length > 0) return { ...none, names, userName: path.at(-1)!, type: 'User' };
  if (kind === 'role' && path.length > 0) {
    return { ...none, names: { ...names, roleArn: arn }, type: 'AssumedRole' };
  }
  if (kind !== 'assumed-role' || path.length !== 2) return undefined;
  const roleArn = `arn:${partition}:iam::${account}:role/${path[0]}`;
  return { ...none, names: { ...names, roleArn }, type: 'AssumedRole' };
}

const callerForm = /^arn:(aws[a-z-]*):(?:iam|sts)::(\d{12}):([\w+=,.@/-]+)$/;
