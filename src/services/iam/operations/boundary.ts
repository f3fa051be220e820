import type { Role, User } from '../../../access/identity/state.ts';
import { required, structure } from '../../../wire/shape.ts';
import { type IamOperation, operation } from '../operation.ts';
import { boundaryContext, contextOf } from '../parts/context.ts';
import { change, type Kind, named, nameIn, resourceOf } from '../parts/kind.ts';
import { attachable, meantPolicy } from '../parts/policy.ts';
import { arn } from '../parts/shapes.ts';

/** The operations on the permissions boundaries of users, or of roles. */
export function boundaryOperations<Thing extends User | Role>(kind: Kind<Thing>): IamOperation[] {
  return [putBoundary(kind), deleteBoundary(kind)];
}

function putBoundary<Thing extends User | Role>(kind: Kind<Thing>): IamOperation {
  return operation({
    name: `Put${kind.noun}PermissionsBoundary`,
    summary: `Bounds what a ${kind.word} may do by a managed policy.`,
    input: structure(`Put${kind.noun}PermissionsBoundaryRequest`, {
      ...named(kind),
      PermissionsBoundary: required(arn),
    }),
    output: undefined,
    prepare: (world, request, caller) => {
      const holder = nameIn(request, kind);
      return {
        resource: resourceOf(world, caller, kind, holder),
        context: contextOf({ boundary: meantPolicy(world, request.PermissionsBoundary, caller) }),
        run: () =>
          change(world, caller, kind, holder, (before, state) => {
            const account = state.accounts.get(caller.account);
            return { ...before, boundary: attachable(account, request.PermissionsBoundary, 'Scope ARN:') };
          }),
      };
    },
  });
}

function deleteBoundary<Thing extends User | Role>(kind: Kind<Thing>): IamOperation {
  return operation({
    name: `Delete${kind.noun}PermissionsBoundary`,
    summary: `Takes the permissions boundary of a ${kind.word} away.`,
    input: structure(`Delete${kind.noun}PermissionsBoundaryRequest`, named(kind)),
    output: undefined,
    prepare: (world, request, caller) => {
      const holder = nameIn(request, kind);
      return {
        resource: resourceOf(world, caller, kind, holder),
        context: boundaryContext(world, caller, kind, holder),
        run: () =>
          change(world, caller, kind, holder, (before) =>
            before.boundary === null ? before : { ...before, boundary: null },
          ),
      };
    },
  });
}
