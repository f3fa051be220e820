import { useAsked } from '../../api/asked.ts';
import { Facts } from '../../parts/facts.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import type { Parameters } from '../../shell/page.ts';
import { format } from '../../text/format.ts';
import { AccessKeys } from './access-keys.tsx';
import { Entity } from './entity.ts';
import { EntityHead } from './entity-head.tsx';
import { type AccessKey, type Group, iam, iamList, secondsOf, type User } from './iam.ts';
import { Memberships } from './memberships.tsx';
import { AttachedPolicies, InlinePolicies } from './policies-panel.tsx';
import { t } from './text.ts';

/** One user: what it signs with, and what says what it may do. */
export function UserPage({ parameters }: { readonly parameters: Parameters }) {
  const name = parameters['user']!;
  const asked = useAsked(
    (signal) => iam<{ readonly User: User }>('GetUser', { UserName: name }, signal),
    [name],
  );
  const user = asked.answer?.User;
  const entity = new Entity('User', name);
  return (
    <>
      <EntityHead
        name={name}
        folder="users"
        arn={user?.Arn}
        text={t.deleteText}
        remove={() => removeUser(entity)}
      />
      <Trouble asked={asked} />
      {user !== undefined && (
        <>
          <Facts
            facts={[
              [t.arn, <span class="mono">{user.Arn}</span>],
              [t.path, user.Path],
              [t.created, format.time(secondsOf(user.CreateDate))],
            ]}
          />
          <AccessKeys user={name} />
          <Memberships of={{ user: name }} />
          <AttachedPolicies entity={entity} />
          <InlinePolicies entity={entity} />
        </>
      )}
    </>
  );
}

/** IAM deletes no user that has something. */
async function removeUser(entity: Entity): Promise<void> {
  const named = { UserName: entity.name };
  for (const { AccessKeyId } of await iamList<AccessKey>('ListAccessKeys', 'AccessKeyMetadata', named)) {
    await iam('DeleteAccessKey', { ...named, AccessKeyId });
  }
  for (const { GroupName } of await iamList<Group>('ListGroupsForUser', 'Groups', named)) {
    await iam('RemoveUserFromGroup', { ...named, GroupName });
  }
  await entity.clear();
  await entity.delete();
}
