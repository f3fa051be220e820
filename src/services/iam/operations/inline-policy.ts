import type { Identity, InlinePolicy } from '../../../access/identity/state.ts';
import { list, required, string, structure } from '../../../wire/shape.ts';
import { noSuchEntity } from '../errors.ts';
import { type IamOperation, operation } from '../operation.ts';
import { boundaryContext } from '../parts/context.ts';
import { change, type Kind, named, nameIn, requireOne, resourceOf } from '../parts/kind.ts';
import { pageOf } from '../parts/page.ts';
import { checkPolicy } from '../parts/policy-document.ts';
import { paged, paging, policyDocument, policyName } from '../parts/shapes.ts';
import { urlText } from '../parts/url-text.ts';

/** The operations on policies that lie in one user, group or role. */
export function inlinePolicyOperations<Thing extends Identity>(kind: Kind<Thing>): IamOperation[] {
  return [putPolicy(kind), getPolicy(kind), deletePolicy(kind), listPolicies(kind)];
}

function putPolicy<Thing extends Identity>(kind: Kind<Thing>): IamOperation {
  return operation({
    name: `Put${kind.noun}Policy`,
    summary: `Puts a policy into a ${kind.word}, in place of one of the same name.`,
    input: structure(`Put${kind.noun}PolicyRequest`, {
      ...named(kind),
      PolicyName: required(policyName),
      PolicyDocument: required(policyDocument),
    }),
    output: undefined,
    prepare: (world, request, caller) => {
      const holder = nameIn(request, kind);
      const policy = { name: request.PolicyName, document: request.PolicyDocument };
      return {
        resource: resourceOf(world, caller, kind, holder),
        context: boundaryContext(world, caller, kind, holder),
        run: async () => {
          requireOne(world.identity.state, caller.account, kind, holder);
          checkPolicy(policy.document, 'identity');
          await change(world, caller, kind, holder, (before) => ({
            ...before,
            inline: [...others(before, policy.name), policy].sort((a, b) => (a.name < b.name ? -1 : 1)),
          }));
        },
      };
    },
  });
}

function getPolicy(kind: Kind): IamOperation {
  return operation({
    name: `Get${kind.noun}Policy`,
    summary: `Answers a policy that lies in a ${kind.word}, as URL-encoded JSON.`,
    input: structure(`Get${kind.noun}PolicyRequest`, { ...named(kind), PolicyName: required(policyName) }),
    output: structure(`Get${kind.noun}PolicyResponse`, {
      ...named(kind),
      PolicyName: required(string()),
      PolicyDocument: required(string()),
    }),
    prepare: (world, request, caller) => {
      const holder = nameIn(request, kind);
      return {
        resource: resourceOf(world, caller, kind, holder),
        run: async () => {
          const found = requireOne(world.identity.state, caller.account, kind, holder);
          const { name, document } = requireInline(found, kind, request.PolicyName);
          return { [kind.member]: found.name, PolicyName: name, PolicyDocument: urlText(document) };
        },
      };
    },
  });
}

function deletePolicy<Thing extends Identity>(kind: Kind<Thing>): IamOperation {
  return operation({
    name: `Delete${kind.noun}Policy`,
    summary: `Deletes a policy that lies in a ${kind.word}.`,
    input: structure(`Delete${kind.noun}PolicyRequest`, { ...named(kind), PolicyName: required(policyName) }),
    output: undefined,
    prepare: (world, request, caller) => {
      const holder = nameIn(request, kind);
      return {
        resource: resourceOf(world, caller, kind, holder),
        context: boundaryContext(world, caller, kind, holder),
        run: () =>
          change(world, caller, kind, holder, (before) => {
            const { name } = requireInline(before, kind, request.PolicyName);
            return { ...before, inline: others(before, name) };
          }),
      };
    },
  });
}

function listPolicies(kind: Kind): IamOperation {
  return operation({
    name: `List${kind.noun}Policies`,
    summary: `Lists the names of the policies that lie in a ${kind.word}.`,
    input: structure(`List${kind.noun}PoliciesRequest`, { ...named(kind), ...paging }),
    output: structure(`List${kind.noun}PoliciesResponse`, {
      PolicyNames: required(list(string())),
      ...paged,
    }),
    prepare: (world, request, caller) => {
      const holder = nameIn(request, kind);
      return {
        resource: resourceOf(world, caller, kind, holder),
        run: async () => {
          const { inline } = requireOne(world.identity.state, caller.account, kind, holder);
          const { items, rest } = pageOf(inline, ({ name }) => name, request);
          return { PolicyNames: items.map(({ name }) => name), ...rest };
        },
      };
    },
  });
}

function others({ inline }: Identity, name: string): InlinePolicy[] {
  return inline.filter((one) => one.name !== name);
}

function requireInline({ inline }: Identity, { word }: Kind, name: string): InlinePolicy {
  const found = inline.find((one) => one.name === name);
  if (found === undefined) throw noSuchEntity(`The ${word} policy with name ${name} cannot be found.`);
  return found;
}
