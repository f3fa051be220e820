import { Bounded } from '../../env/bounded.ts';
import { type CompiledPolicy, compilePolicy } from './compiled-policy.ts';
import { PolicyError, type PolicyKind } from './policy-document.ts';

/** Compiles each text once. */
export class PolicyCache {
  readonly #policies = new Bounded<string, CompiledPolicy>(policiesMax);

  /** The policy in a text that was checked when it was put. One that cannot be read any more denies all. */
  compile(text: string, kind: PolicyKind): CompiledPolicy {
    const name = `${kind} ${text}`;
    let policy = this.#policies.get(name);
    if (policy === undefined) {
      policy = readable(text, kind);
      this.#policies.set(name, policy);
    }
    return policy;
  }
}

/** Texts of up to 20 KiB each. */
const policiesMax = 2000;

function readable(text: string, kind: PolicyKind): CompiledPolicy {
  try {
    return compilePolicy(text, kind);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return compilePolicy(JSON.stringify({ Statement: { ...denial, ...denialOf[kind] } }), kind);
  }
}

const denial = { Effect: 'Deny', Action: '*' };
const denialOf = {
  identity: { Resource: '*' },
  resource: { Resource: '*', Principal: '*' },
  trust: { Principal: '*' },
};
