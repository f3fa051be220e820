import { useSignal } from '@preact/signals';
import { useAsked } from '../../api/asked.ts';
import { mayChange } from '../../api/config.ts';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { ItemList } from '../../parts/item-list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { href } from '../../shell/router.ts';
import { ChooseOne } from './choose-one.tsx';
import { type Group, iam, iamList, type User } from './iam.ts';
import { t } from './text.ts';

/** The groups of a user, or the users of a group. */
export function Memberships({ of }: { readonly of: Whose }) {
  const others = useAsked((signal) => othersOf(of, signal), [of.user, of.group]);
  const isAdding = useSignal(false);
  const leaving = useSignal<string | undefined>(undefined);
  const change = async (operation: string, other: string) => {
    await iam(operation, { UserName: of.user ?? other, GroupName: of.group ?? other });
    others.again();
  };
  const folder = of.user === undefined ? 'users' : 'groups';
  const add = (
    <Button disabled={!mayChange()} onPress={() => (isAdding.value = true)}>
      {t.add}
    </Button>
  );
  return (
    <Panel title={of.user === undefined ? t.members : t.memberOf} actions={add}>
      <Trouble asked={others} />
      <ItemList
        items={others.answer ?? []}
        keyOf={(name) => name}
        none={others.answer === undefined ? '…' : t.noMembers}
        show={(name) => <a href={href(['access', folder, name])}>{name}</a>}
        actions={(name) => (
          <Button disabled={!mayChange()} onPress={() => (leaving.value = name)}>
            {t.remove}
          </Button>
        )}
      />
      {isAdding.value && (
        <ChooseOne
          title={t.add}
          label={of.user === undefined ? t.whichUser : t.whichGroup}
          action={t.add}
          list={() => choices(of)}
          run={(other) => change('AddUserToGroup', other)}
          onClose={() => (isAdding.value = false)}
        />
      )}
      {leaving.value !== undefined && (
        <Confirm
          title={`${t.remove}: ${leaving.value}`}
          action={t.remove}
          run={() => change('RemoveUserFromGroup', leaving.value!)}
          onClose={() => (leaving.value = undefined)}
        />
      )}
    </Panel>
  );
}

type Whose =
  | { readonly user: string; readonly group?: undefined }
  | { readonly group: string; readonly user?: undefined };

async function othersOf({ user, group }: Whose, signal: AbortSignal): Promise<readonly string[]> {
  if (user !== undefined) {
    const groups = await iamList<Group>('ListGroupsForUser', 'Groups', { UserName: user }, signal);
    return groups.map(({ GroupName }) => GroupName);
  }
  const users = await iamList<User>('GetGroup', 'Users', { GroupName: group }, signal);
  return users.map(({ UserName }) => UserName);
}

async function choices({ user }: Whose) {
  const names =
    user === undefined
      ? (await iamList<User>('ListUsers', 'Users')).map(({ UserName }) => UserName)
      : (await iamList<Group>('ListGroups', 'Groups')).map(({ GroupName }) => GroupName);
  return names.map((name) => ({ id: name, title: name }));
}
