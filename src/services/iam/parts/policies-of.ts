import { managedPolicy } from '../../../access/identity/lookup.ts';
import type { Account, Identity, User } from '../../../access/identity/state.ts';
import { awsManagedPolicy } from '../../../access/policy/aws-managed.ts';
import type { NamedPolicy } from '../../../access/policy/explain.ts';
import { defaultVersionOf } from './policy.ts';

/** The policies of a user with those of its groups, of a group, or of a role. */
export function policiesOf(account: Account, identity: Identity | User): NamedPolicy[] {
  const groups =
    'groups' in identity ? identity.groups.flatMap((name) => account.groups.get(name) ?? []) : [];
  return [identity, ...groups].flatMap((holder) => [
    ...holder.inline.map(({ name, document }) => ({ source: `${holder.name}_${name}`, text: document })),
    ...holder.attached.flatMap((arn) => managedDocument(account, arn)),
  ]);
}

/** The version that counts of a managed policy; empty for one of AWS's that is not known here. */
export function managedDocument(account: Account, arn: string): NamedPolicy[] {
  const own = managedPolicy(account, arn);
  const text = own === undefined ? awsManagedPolicy(arn)?.document : defaultVersionOf(own);
  return text === undefined ? [] : [{ source: arn.slice(arn.lastIndexOf('/') + 1), text }];
}
