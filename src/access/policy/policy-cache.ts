import { type CompiledPolicy, compilePolicy } from './compiled-policy.ts';
import { PolicyError, type PolicyKind } from './policy-document.ts';

/** Compiles each text once. The texts were checked when they were put. */
export class PolicyCache {
  readonly #policies: Readonly<Record<PolicyKind, Map<string, CompiledPolicy | 'unreadable'>>> = {
    identity: new Map(),
    resource: new Map(),
    trust: new Map(),
  };
  /** Of all texts whose policies are kept. */
  #characters = 0;

  /** The policy in a text. One that cannot be read any more denies all. */
  compile(text: string, kind: PolicyKind): CompiledPolicy {
    return this.read(text, kind) ?? compilePolicy(denials[kind], kind);
  }

  /** The same; undefined for one that cannot be read any more. */
  read(text: string, kind: PolicyKind): CompiledPolicy | undefined {
    const policy = this.#policies[kind].get(text) ?? this.#add(text, kind);
    return policy === 'unreadable' ? undefined : policy;
  }

  #add(text: string, kind: PolicyKind): CompiledPolicy | 'unreadable' {
    this.#characters += text.length;
    if (this.#characters > charactersMax) {
      for (const policies of Object.values(this.#policies)) policies.clear();
      this.#characters = text.length;
    }
    const policy = readable(text, kind) ?? 'unreadable';
    this.#policies[kind].set(text, policy);
    return policy;
  }
}

/** Beyond this, all is compiled again. A compiled policy takes about 20 bytes for a character of its text. */
const charactersMax = 2 * 1024 * 1024;

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
