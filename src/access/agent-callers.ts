import type { Caller } from './caller.ts';

/**
 * Callers who need not prove who they are, with what their clients say that they are: a caller for each of
 * both, made once. Mostly a request comes from where the last one did.
 */
export class AgentCallers {
  #known = new WeakMap<Caller, Map<string, Caller>>();
  #count = 0;
  #latest: { readonly plain: Caller; readonly agent: string; readonly caller: Caller } | undefined;

  of(plain: Caller, agent: string | undefined): Caller {
    if (agent === undefined || plain.principal.kind !== 'anyone') return plain;
    const latest = this.#latest;
    if (latest?.plain === plain && latest.agent === agent) return latest.caller;
    const caller = this.#find(plain, agent.slice(0, agentLengthMax));
    this.#latest = { plain, agent, caller };
    return caller;
  }

  #find(plain: Caller, agent: string): Caller {
    const known = this.#known.get(plain)?.get(agent);
    if (known !== undefined) return known;
    if (this.#count >= agentsMax) {
      this.#known = new WeakMap();
      this.#count = 0;
    }
    const caller = { ...plain, agent };
    const agents = this.#known.get(plain);
    if (agents === undefined) this.#known.set(plain, new Map([[agent, caller]]));
    else agents.set(agent, caller);
    this.#count += 1;
    return caller;
  }
}

/** Forgotten all at once. */
const agentsMax = 1_000;

/** Enough for what an SDK says of itself, its language and its application. */
const agentLengthMax = 256;
