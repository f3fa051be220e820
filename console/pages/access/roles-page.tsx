import { href } from '../../shell/router.ts';
import { columnsOf } from './columns.tsx';
import { CreateNamed } from './create-named.tsx';
import { EntityList } from './entity-list.tsx';
import { iam, iamList, type Role } from './iam.ts';
import { newTrust } from './policy-text.ts';
import { t } from './text.ts';

/** All roles of the account. */
export function RolesPage() {
  return (
    <EntityList
      title={t.roles}
      list={(signal) => iamList<Role>('ListRoles', 'Roles', {}, signal)}
      columns={columnsOf<Role>(({ RoleName }) => RoleName)}
      nameOf={({ RoleName }) => RoleName}
      addressOf={({ RoleName }) => href(['access', 'roles', RoleName])}
      create={t.createRole}
      dialog={(onClose) => (
        <CreateNamed
          title={t.createRole}
          folder="roles"
          document={{ label: t.trust, hint: t.trustHint, first: newTrust }}
          make={(name, document) => iam('CreateRole', { RoleName: name, AssumeRolePolicyDocument: document })}
          onClose={onClose}
        />
      )}
      none={t.noRoles}
      noneText={t.noRolesText}
    />
  );
}
