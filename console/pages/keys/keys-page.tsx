import { useSignal } from '@preact/signals';
import { useAsked } from '../../api/asked.ts';
import { mayChange } from '../../api/config.ts';
import { region } from '../../api/session.ts';
import { Badge, type Kind } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { TextField } from '../../parts/field.tsx';
import { FilterBox } from '../../parts/filter-box.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { toast } from '../../parts/toasts.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { go, href, queryParameter } from '../../shell/router.ts';
import { format } from '../../text/format.ts';
import { type Key, kms, type NamedKey, namedKeys } from './kms.ts';
import { t } from './text.ts';

const filter = queryParameter('filter');
const sort = queryParameter('sort', '-created');

/** All keys of the region. */
export function KeysPage() {
  const keys = useAsked(namedKeys, [region.value]);
  const isCreating = useSignal(false);
  const all = keys.answer ?? [];
  const words = filter.value.toLowerCase();
  const rows = all.filter(({ key, aliases }) =>
    [key.KeyId, key.Description, ...aliases].join(' ').toLowerCase().includes(words),
  );
  const create = (
    <Button kind="main" disabled={!mayChange()} onPress={() => (isCreating.value = true)}>
      {t.create}
    </Button>
  );
  return (
    <>
      <PageHead title={t.title} actions={create} />
      <Trouble asked={keys} />
      <div class="toolbar">
        <FilterBox value={filter} count={t.count(format.number(rows.length), format.number(all.length))} />
      </div>
      <Table
        label={t.title}
        rows={rows}
        columns={columnsNow()}
        keyOf={({ key }) => key.KeyId}
        addressOf={({ key }) => href(['keys', key.KeyId])}
        sort={sort.value}
        onSort={(chosen) => (sort.value = chosen)}
        isLoading={keys.isLoading && keys.answer === undefined}
        empty={
          all.length > 0 ? (
            <EmptyState title={t.noneFound} />
          ) : (
            <EmptyState title={t.none}>{t.noneText}</EmptyState>
          )
        }
      />
      {isCreating.value && <CreateKey onClose={() => (isCreating.value = false)} />}
    </>
  );
}

const kinds: Readonly<Record<Key['KeyState'], Kind>> = {
  Enabled: 'good',
  Disabled: 'warning',
  PendingDeletion: 'bad',
};

/** A key's state by AWS's word for it. */
export function KeyState({ state }: { readonly state: Key['KeyState'] }) {
  return <Badge kind={kinds[state] ?? 'neutral'}>{state}</Badge>;
}

function columnsNow(): readonly Column<NamedKey>[] {
  return [
    {
      id: 'aliases',
      title: t.aliases,
      width: 'minmax(12rem, 2fr)',
      cell: ({ key, aliases }) => (aliases.length === 0 ? key.KeyId : aliases.join(', ')),
      sortBy: ({ key, aliases }) => aliases[0] ?? key.KeyId,
    },
    {
      id: 'id',
      title: t.id,
      width: 'minmax(20rem, 2fr)',
      cell: ({ key }) => <span class="mono">{key.KeyId}</span>,
    },
    {
      id: 'state',
      title: t.state,
      width: 'minmax(9rem, auto)',
      cell: ({ key }) => <KeyState state={key.KeyState} />,
      sortBy: ({ key }) => key.KeyState,
    },
    {
      id: 'manager',
      title: t.manager,
      cell: ({ key }) => (key.KeyManager === 'AWS' ? t.aws : t.customer),
      sortBy: ({ key }) => key.KeyManager,
    },
    {
      id: 'created',
      title: t.created,
      width: 'minmax(15rem, 1fr)',
      cell: ({ key }) => format.time(key.CreationDate),
      sortBy: ({ key }) => key.CreationDate,
    },
    {
      id: 'description',
      title: t.description,
      width: 'minmax(10rem, 2fr)',
      cell: ({ key }) => key.Description ?? '',
    },
  ];
}

function CreateKey({ onClose }: { readonly onClose: () => void }) {
  const description = useSignal('');
  const alias = useSignal('');
  const run = async () => {
    const input = description.value === '' ? {} : { Description: description.value };
    const { KeyMetadata: key } = await kms<{ readonly KeyMetadata: Key }>('CreateKey', input);
    const name = alias.value.trim();
    if (name !== '') await kms('CreateAlias', { AliasName: name, TargetKeyId: key.KeyId });
    toast('good', t.made);
    go(href(['keys', key.KeyId]));
  };
  return (
    <FormDialog title={t.create} action={t.createAction} run={run} onClose={onClose}>
      <TextField label={t.description} hint={t.descriptionHint} value={description} />
      <TextField label={t.alias} hint={t.aliasHint} value={alias} placeholder="alias/orders" isMono={true} />
    </FormDialog>
  );
}
