import { Bounded } from '../../env/bounded.ts';
import { type CompiledPolicy, compilePolicy } from './compiled-policy.ts';
import { PolicyError, type PolicyKind } from './policy-document.ts';

/** Compiles each text once. The texts were checked when they were put. */
export class PolicyCache {
  readonly #policies: Readonly<Record<PolicyKind, Bounded<string, CompiledPolicy | 'unreadable'>>> = {
    identity: new Bounded(policiesMax),
    resource: new Bounded(policiesMax),
    trust: new Bounded(policiesMax),
  };

  /** The policy in a text. One that cannot be read any more denies all. */
  compile(text: string, kind: PolicyKind): CompiledPolicy {
    return this.read(text, kind) ?? compilePolicy(denials[kind], kind);
  }

  /** The same; undefined for one that cannot be read any more. */
  read(text: string, kind: PolicyKind): CompiledPolicy | undefined {
    let policy = this.#policies[kind].get(text);
    if (policy === undefined) {
      policy = readable(text, kind) ?? 'unreadable';
      this.#policies[kind].set(text, policy);
    }
    return policy === 'unreadable' ? undefined : policy;
  }
}

/** Of each kind; texts of up to 20 KiB each. */
const policiesMax = 2000;

function readable(text: string, kind: PolicyKind): CompiledPolicy | undefined {
  try {
    return compilePolicy(text, kind);
  } catch (error) {
    if (error instanceof PolicyError) return undefined;
    throw error;
  }
}

const denials: Readonly<Record<PolicyKind, string>> = {
  identity: '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}',
  resource: '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Principal":"*"}}',
  trust: '{"Statement":{"Effect":"Deny","Action":"*","Principal":"*"}}',
};
