import { href } from '../../shell/router.ts';
import { columnsOf } from './columns.tsx';
import { CreateNamed } from './create-named.tsx';
import { EntityList } from './entity-list.tsx';
import { type Group, iam, iamList } from './iam.ts';
import { t } from './text.ts';

/** All groups of the account. */
export function GroupsPage() {
  return (
    <EntityList
      title={t.groups}
      list={(signal) => iamList<Group>('ListGroups', 'Groups', {}, signal)}
      columns={columnsOf<Group>(({ GroupName }) => GroupName)}
      nameOf={({ GroupName }) => GroupName}
      addressOf={({ GroupName }) => href(['access', 'groups', GroupName])}
      create={t.createGroup}
      dialog={(onClose) => (
        <CreateNamed
          title={t.createGroup}
          folder="groups"
          make={(name) => iam('CreateGroup', { GroupName: name })}
          onClose={onClose}
        />
      )}
      none={t.noGroups}
      noneText={t.noGroupsText}
    />
  );
}
