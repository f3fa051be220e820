import type { Caller, Principal } from '../../../src/access/caller.ts';
import type {
  Account,
  IdentityState,
  InlinePolicy,
  ManagedPolicy,
  Role,
  User,
} from '../../../src/access/identity/state.ts';
import { emptyIdentity } from '../../../src/access/identity/state.ts';
import type { Access } from '../../../src/access/policy/access.ts';
import { PolicyAuthorizer } from '../../../src/access/policy/policy-authorizer.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import { ManualClock } from '../../services/kinesis/manual-clock.ts';

export const ours = '111111111111';
export const theirs = '222222222222';
export const orders = `arn:aws:kinesis:us-east-1:${ours}:stream/orders`;

type Statement = Readonly<Record<string, unknown>>;

export function policyOf(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

export const allow = (Action: string | readonly string[], rest: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...rest,
});
export const deny = (Action: string | readonly string[], rest: Statement = {}): Statement => ({
  ...allow(Action, rest),
  Effect: 'Deny',
});

/** Accounts of a test, and who calls from them. */
export class Identities {
  state: IdentityState = emptyIdentity;
  readonly clock = new ManualClock();
  readonly authorizer = new PolicyAuthorizer({ identity: this, clock: this.clock, enforced: true });

  /** Puts a user or a role in place of the one of its name. Answers who it is as a caller. */
  user(name: string, parts: Partial<User> = {}, account = ours): Caller {
    const named = { id: `AIDA${name.toUpperCase()}`, name, path: '/', createdAt: 0 };
    const user: User = {
      ...named,
      inline: [],
      attached: [],
      boundary: null,
      tags: [],
      groups: [],
      ...parts,
    };
    this.#change(account, (found) => ({ ...found, users: new Map(found.users).set(name, user) }));
    return callerOf(account, `arn:aws:iam::${account}:user${user.path}${name}`, {
      kind: 'user',
      id: user.id,
      name,
    });
  }

  role(name: string, parts: Partial<Role> = {}, session: Partial<Session> = {}, account = ours): Caller {
    const named = { id: `AROA${name.toUpperCase()}`, name, path: '/', createdAt: 0 };
    const about = { trust: '{}', description: '', sessionSecondsMax: 3600, inline: [], attached: [] };
    const role: Role = { ...named, ...about, boundary: null, tags: [], ...parts };
    this.#change(account, (found) => ({
      ...found,
      roles: new Map(found.roles).set(name.toLowerCase(), role),
    }));
    const principal = { kind: 'role', id: role.id, name, issuedAt: 0, ...session } as const;
    return callerOf(account, `arn:aws:sts::${account}:assumed-role/${name}/s`, principal);
  }

  /** Of the documents of several versions, each in its turn, the one called `defaultVersion` counts. */
  managed(
    name: string,
    documents: string | readonly string[],
    defaultVersion = 'v1',
    account = ours,
  ): string {
    const named = { id: `ANPA${name}`, name, path: '/', createdAt: 0, description: '', tags: [] };
    const versions = [documents]
      .flat()
      .map((document, index) => ({ id: `v${index + 1}`, document, createdAt: 0 }));
    const policy: ManagedPolicy = { ...named, versions, defaultVersion, nextVersion: versions.length + 1 };
    this.#change(account, (found) => ({
      ...found,
      policies: new Map(found.policies).set(name.toLowerCase(), policy),
    }));
    return `arn:aws:iam::${account}:policy/${name}`;
  }

  group(name: string, inline: readonly InlinePolicy[], account = ours): string {
    const group = { id: `AGPA${name}`, name, path: '/', createdAt: 0, inline, attached: [] };
    this.#change(account, (found) => ({ ...found, groups: new Map(found.groups).set(name, group) }));
    return name;
  }

  /** `allowed`, or why it is not. */
  ask(caller: Caller, action: string, resource = orders, more: Partial<Access> = {}): string {
    const peer = { address: '192.0.2.7', secure: true, listener: '127.0.0.1:4567' };
    try {
      this.authorizer.authorize({ caller, action, resource, peer, ...more });
      return 'allowed';
    } catch (error) {
      if (!(error instanceof ServiceError) || error.type !== 'AccessDeniedException') throw error;
      return error.message.slice(error.message.indexOf(resource) + resource.length + 1);
    }
  }

  #change(id: string, change: (account: Account) => Account): void {
    const none = { id, users: new Map(), groups: new Map(), roles: new Map(), policies: new Map() };
    const account = change(this.state.accounts.get(id) ?? none);
    const { version, accounts } = this.state;
    this.state = { ...this.state, version: version + 1, accounts: new Map(accounts).set(id, account) };
  }
}

type Session = Extract<Principal, { readonly kind: 'role' }>;

export function inline(...statements: readonly Statement[]): { readonly inline: readonly InlinePolicy[] } {
  return { inline: [{ name: 'inline', document: policyOf(...statements) }] };
}

/** A root user of an account, to whom everything in it is allowed. */
export function root(account = ours): Caller {
  return callerOf(account, `arn:aws:iam::${account}:root`, { kind: 'root' });
}

export function callerOf(account: string, arn: string, principal: Principal): Caller {
  const userId = 'id' in principal ? principal.id : account;
  return { account, region: 'us-east-1', arn, userId, accessKeyId: `AKIA${userId}`, principal };
}

/** The facts of a resource with a policy. */
export function shared(...statements: readonly Statement[]) {
  return { facts: { policy: policyOf(...statements), tags: [] } };
}
