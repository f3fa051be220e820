import type { Caller } from '../../../access/caller.ts';
import type { IdentityTag, Role, User } from '../../../access/identity/state.ts';
import { required } from '../../../wire/shape.ts';
import type { IamWorld } from '../world.ts';
import { change, type Kind, named, nameIn, requireOne, resourceOf } from './kind.ts';
import { policyResource, requireOwn, requirePolicy } from './policy.ts';
import { arn } from './shapes.ts';

/** What has tags, and how requests name one of it. */
export type Tagged = {
  /** As operations are called: `TagUser`. */
  readonly noun: string;
  readonly word: string;
  /** The member of requests that names one. */
  readonly member: Record<never, never>;
  resourceOf(world: IamWorld, request: object, caller: Caller): string;
  tagsOf(world: IamWorld, request: object, caller: Caller): readonly IdentityTag[];
  change(world: IamWorld, request: object, caller: Caller, changed: Change): Promise<void>;
};

type Change = (tags: readonly IdentityTag[]) => readonly IdentityTag[];

/** Users or roles. */
export function taggedKind<Thing extends User | Role>(kind: Kind<Thing>): Tagged {
  return {
    noun: kind.noun,
    word: kind.word,
    member: named(kind),
    resourceOf: (world, request, caller) => resourceOf(world, caller, kind, nameIn(request, kind)),
    tagsOf: ({ identity }, request, { account }) =>
      requireOne(identity.state, account, kind, nameIn(request, kind)).tags,
    change: (world, request, caller, changed) =>
      change(world, caller, kind, nameIn(request, kind), (before) => ({
        ...before,
        tags: changed(before.tags),
      })),
  };
}

export const taggedPolicies: Tagged = {
  noun: 'Policy',
  word: 'managed policy',
  member: { PolicyArn: required(arn) },
  resourceOf: (world, request, caller) => policyResource(world, arnIn(request), caller),
  tagsOf: ({ identity }, request, { account }) => requirePolicy(identity.state, account, arnIn(request)).tags,
  change: async ({ identity }, request, { account }, changed) => {
    requireOwn(arnIn(request));
    await identity.commit((state) => {
      const before = requirePolicy(state, account, arnIn(request));
      return [{ kind: 'policy-changed', account, policy: { ...before, tags: changed(before.tags) } }];
    });
  },
};

function arnIn(request: object): string {
  return String(Reflect.get(request, 'PolicyArn'));
}
