import { policyNamed } from '../../../access/identity/lookup.ts';
import type { Identity } from '../../../access/identity/state.ts';
import { list, required, structure } from '../../../wire/shape.ts';
import { noSuchEntity } from '../errors.ts';
import { type IamOperation, operation } from '../operation.ts';
import { keptArn } from '../parts/arn.ts';
import { boundaryContext } from '../parts/context.ts';
import { change, type Kind, named, nameIn, requireOne, resourceOf } from '../parts/kind.ts';
import { pageOf } from '../parts/page.ts';
import { attachable, meantPolicy, requirePolicyArn } from '../parts/policy.ts';
import { arn, attachedPolicy, paged, paging, policyPath } from '../parts/shapes.ts';
import { viewAttached } from '../parts/view.ts';

/** The operations on managed policies that are attached to one user, group or role. */
export function attachedPolicyOperations<Thing extends Identity>(kind: Kind<Thing>): IamOperation[] {
  return [attachPolicy(kind), detachPolicy(kind), listAttached(kind)];
}

function attachPolicy<Thing extends Identity>(kind: Kind<Thing>): IamOperation {
  return operation({
    name: `Attach${kind.noun}Policy`,
    summary: `Attaches a managed policy to a ${kind.word}. AWS's own that are not known here allow nothing here.`,
    input: structure(`Attach${kind.noun}PolicyRequest`, {
      ...named(kind, kind.attachedName),
      PolicyArn: required(arn),
    }),
    output: undefined,
    prepare: (world, request, caller) => {
      const holder = nameIn(request, kind);
      return {
        resource: resourceOf(world, caller, kind, holder),
        context: boundaryContext(world, caller, kind, holder, request.PolicyArn),
        run: () =>
          change(world, caller, kind, holder, (before, state) => {
            const added = attachable(state.accounts.get(caller.account), request.PolicyArn, 'Policy');
            if (before.attached.includes(added)) return before;
            return { ...before, attached: [...before.attached, added].sort() };
          }),
      };
    },
  });
}

function detachPolicy<Thing extends Identity>(kind: Kind<Thing>): IamOperation {
  return operation({
    name: `Detach${kind.noun}Policy`,
    summary: `Takes a managed policy away from a ${kind.word}.`,
    input: structure(`Detach${kind.noun}PolicyRequest`, {
      ...named(kind, kind.attachedName),
      PolicyArn: required(arn),
    }),
    output: undefined,
    prepare: (world, request, caller) => {
      const holder = nameIn(request, kind);
      return {
        resource: resourceOf(world, caller, kind, holder),
        context: boundaryContext(world, caller, kind, holder, request.PolicyArn),
        run: () =>
          change(world, caller, kind, holder, (before) => {
            requirePolicyArn(request.PolicyArn);
            const kept = keptArn(meantPolicy(world, request.PolicyArn, caller));
            const attached = before.attached.filter((one) => one !== kept);
            if (attached.length < before.attached.length) return { ...before, attached };
            throw noSuchEntity(`Policy ${request.PolicyArn} was not found.`);
          }),
      };
    },
  });
}

function listAttached(kind: Kind): IamOperation {
  return operation({
    name: `ListAttached${kind.noun}Policies`,
    summary: `Lists the managed policies that are attached to a ${kind.word}.`,
    input: structure(`ListAttached${kind.noun}PoliciesRequest`, {
      ...named(kind, kind.attachedName),
      PathPrefix: policyPath,
      ...paging,
    }),
    output: structure(`ListAttached${kind.noun}PoliciesResponse`, {
      AttachedPolicies: list(attachedPolicy),
      ...paged,
    }),
    prepare: (world, request, caller) => {
      const holder = nameIn(request, kind);
      return {
        resource: resourceOf(world, caller, kind, holder),
        run: async () => {
          const { attached } = requireOne(world.identity.state, caller.account, kind, holder);
          const { PathPrefix = '/' } = request;
          const below = attached.filter((one) => policyNamed(one)!.path.startsWith(PathPrefix));
          const { items, rest } = pageOf(below, (one) => one.slice(one.lastIndexOf('/') + 1) + one, request);
          return { AttachedPolicies: items.map((one) => viewAttached(one, caller)), ...rest };
        },
      };
    },
  });
}
