import { useAsked } from '../../api/asked.ts';
import { Facts } from '../../parts/facts.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import type { Parameters } from '../../shell/page.ts';
import { format } from '../../text/format.ts';
import { Entity } from './entity.ts';
import { EntityHead } from './entity-head.tsx';
import { type Group, iam, iamList, secondsOf, type User } from './iam.ts';
import { Memberships } from './memberships.tsx';
import { AttachedPolicies, InlinePolicies } from './policies-panel.tsx';
import { t } from './text.ts';

/** One group: who is in it, and what all of them may do. */
export function GroupPage({ parameters }: { readonly parameters: Parameters }) {
  const name = parameters['group']!;
  const asked = useAsked(
    (signal) => iam<{ readonly Group: Group }>('GetGroup', { GroupName: name }, signal),
    [name],
  );
  const group = asked.answer?.Group;
  const entity = new Entity('Group', name);
  return (
    <>
      <EntityHead
        name={name}
        folder="groups"
        arn={group?.Arn}
        text={t.deleteText}
        remove={() => removeGroup(entity)}
      />
      <Trouble asked={asked} />
      {group !== undefined && (
        <>
          <Facts
            facts={[
              [t.arn, <span class="mono">{group.Arn}</span>],
              [t.path, group.Path],
              [t.created, format.time(secondsOf(group.CreateDate))],
            ]}
          />
          <Memberships of={{ group: name }} />
          <AttachedPolicies entity={entity} />
          <InlinePolicies entity={entity} />
        </>
      )}
    </>
  );
}

/** IAM deletes no group that has something. */
async function removeGroup(entity: Entity): Promise<void> {
  const named = { GroupName: entity.name };
  for (const { UserName } of await iamList<User>('GetGroup', 'Users', named)) {
    await iam('RemoveUserFromGroup', { ...named, UserName });
  }
  await entity.clear();
  await entity.delete();
}
