import { href } from '../../shell/router.ts';
import { columnsOf } from './columns.tsx';
import { CreateNamed } from './create-named.tsx';
import { EntityList } from './entity-list.tsx';
import { iam, iamList, type User } from './iam.ts';
import { t } from './text.ts';

/** All users of the account. */
export function UsersPage() {
  return (
    <EntityList
      title={t.users}
      list={(signal) => iamList<User>('ListUsers', 'Users', {}, signal)}
      columns={columnsOf<User>(({ UserName }) => UserName)}
      nameOf={({ UserName }) => UserName}
      addressOf={({ UserName }) => href(['access', 'users', UserName])}
      create={t.createUser}
      dialog={(onClose) => (
        <CreateNamed
          title={t.createUser}
          folder="users"
          make={(name) => iam('CreateUser', { UserName: name })}
          onClose={onClose}
        />
      )}
      none={t.noUsers}
      noneText={t.noUsersText}
    />
  );
}
