import { managedPolicy } from '../../access/identity/lookup.ts';
import { type Account, type IdentityTag, keyOf } from '../../access/identity/state.ts';
import type { ResourceFacts } from '../../access/policy/access.ts';
import { lateService } from '../../rpc/late-service.ts';
import type { Service } from '../../rpc/service.ts';
import { queryProtocol } from '../../wire/query/query-protocol.ts';
import { unserved } from './unserved.ts';
import type { IamWorld } from './world.ts';

export const protocols = [
  queryProtocol({
    scope: 'iam',
    version: '2010-05-08',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    unserved,
  }),
] as const;

/** Identity and Access Management, as far as users, groups, roles and policies go. */
export function iam(world: IamWorld): Service<IamWorld> {
  return lateService({ name: 'iam', scopes: ['iam'], protocols, factsOf, world }, async () => {
    const { operations } = await import('./operations.ts');
    return { operations, unserved };
  });
}

/** The tags of what an ARN names. */
function factsOf({ identity }: IamWorld, resource: string): ResourceFacts | undefined {
  const [, id, type, name] = resourceArn.exec(resource) ?? [];
  const account = id === undefined ? undefined : identity.state.accounts.get(id);
  const tags = account && tagsOf(account, type!, name!, resource);
  return tags === undefined || tags.length === 0 ? undefined : { policy: null, tags };
}

const resourceArn = /^arn:aws[a-z-]*:iam::(\d{12}):(user|role|policy)\/(?:.*\/)?([^/]+)$/;

function tagsOf(
  account: Account,
  type: string,
  name: string,
  arn: string,
): readonly IdentityTag[] | undefined {
  if (type === 'user') return account.users.get(keyOf(name))?.tags;
  if (type === 'role') return account.roles.get(keyOf(name))?.tags;
  return managedPolicy(account, arn)?.tags;
}
