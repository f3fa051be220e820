import { useSignal } from '@preact/signals';
import { useAsked } from '../../api/asked.ts';
import { mayChange } from '../../api/config.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FilterBox } from '../../parts/filter-box.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { href, queryParameter } from '../../shell/router.ts';
import { format } from '../../text/format.ts';
import { CreateUser } from './create-user.tsx';
import { iamList, secondsOf, type User } from './iam.ts';
import { t } from './text.ts';

const filter = queryParameter('filter');
const sort = queryParameter('sort', 'name');

/** All users of the account. */
export function UsersPage() {
  const users = useAsked((signal) => iamList<User>('ListUsers', 'Users', {}, signal), []);
  const isCreating = useSignal(false);
  const all = users.answer ?? [];
  const words = filter.value.toLowerCase();
  const shown = all.filter(({ UserName, Path }) => `${Path}${UserName}`.toLowerCase().includes(words));
  const create = (
    <Button kind="main" disabled={!mayChange()} onPress={() => (isCreating.value = true)}>
      {t.createUser}
    </Button>
  );
  return (
    <>
      <PageHead title={t.users} actions={create} />
      <Trouble asked={users} />
      <div class="toolbar">
        <FilterBox value={filter} count={t.count(format.number(shown.length), format.number(all.length))} />
      </div>
      <Table
        label={t.users}
        rows={shown}
        columns={columnsNow()}
        keyOf={({ UserName }) => UserName}
        addressOf={({ UserName }) => href(['access', 'users', UserName])}
        sort={sort.value}
        onSort={(chosen) => (sort.value = chosen)}
        isLoading={users.isLoading && users.answer === undefined}
        empty={
          all.length === 0 ? (
            <EmptyState title={t.noUsers}>{t.noUsersText}</EmptyState>
          ) : (
            <EmptyState title={t.noneFound} />
          )
        }
      />
      {isCreating.value && <CreateUser onClose={() => (isCreating.value = false)} />}
    </>
  );
}

function columnsNow(): readonly Column<User>[] {
  return [
    {
      id: 'name',
      title: t.name,
      width: 'minmax(10rem, 2fr)',
      cell: ({ UserName }) => UserName,
      sortBy: ({ UserName }) => UserName,
    },
    { id: 'path', title: t.path, cell: ({ Path }) => Path, sortBy: ({ Path }) => Path },
    {
      id: 'created',
      title: t.created,
      width: 'minmax(13rem, 1fr)',
      cell: ({ CreateDate }) => format.time(secondsOf(CreateDate)),
      sortBy: ({ CreateDate }) => secondsOf(CreateDate),
    },
    {
      id: 'arn',
      title: t.arn,
      width: 'minmax(20rem, 3fr)',
      cell: ({ Arn }) => <span class="mono">{Arn}</span>,
    },
  ];
}
