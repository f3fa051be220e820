import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useAsked } from '../../api/asked.ts';
import { mayChange } from '../../api/config.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FilterBox } from '../../parts/filter-box.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { queryParameter } from '../../shell/router.ts';
import { format } from '../../text/format.ts';
import { t } from './text.ts';

const filter = queryParameter('filter');
const sort = queryParameter('sort', 'name');

/** A page that lists all of one kind, with a button to make another one. */
export function EntityList<Row>({ title, list, columns, nameOf, addressOf, ...about }: EntityListProps<Row>) {
  const listed = useAsked(list, [title]);
  const isCreating = useSignal(false);
  const all = listed.answer ?? [];
  const words = filter.value.toLowerCase();
  const rows = all.filter((row) => nameOf(row).toLowerCase().includes(words));
  const create = (
    <Button kind="main" disabled={!mayChange()} onPress={() => (isCreating.value = true)}>
      {about.create}
    </Button>
  );
  return (
    <>
      <PageHead title={title} actions={create} />
      <Trouble asked={listed} />
      <div class="toolbar">
        <FilterBox value={filter} count={t.count(format.number(rows.length), format.number(all.length))} />
        {about.tools}
      </div>
      <Table
        label={title}
        rows={rows}
        columns={columns}
        keyOf={nameOf}
        addressOf={addressOf}
        sort={sort.value}
        onSort={(chosen) => (sort.value = chosen)}
        isLoading={listed.isLoading && listed.answer === undefined}
        empty={
          all.length > 0 ? (
            <EmptyState title={t.noneFound} />
          ) : (
            <EmptyState title={about.none}>{about.noneText}</EmptyState>
          )
        }
      />
      {isCreating.value && about.dialog(() => (isCreating.value = false))}
    </>
  );
}

export type EntityListProps<Row> = {
  readonly title: string;
  readonly list: (signal: AbortSignal) => Promise<readonly Row[]>;
  readonly columns: readonly Column<Row>[];
  readonly nameOf: (row: Row) => string;
  readonly addressOf: (row: Row) => string;
  /** What the button says that makes another one, and the dialog that does. */
  readonly create: string;
  readonly dialog: (onClose: () => void) => ComponentChildren;
  /** What is said where there are none. */
  readonly none: string;
  readonly noneText: string;
  readonly tools?: ComponentChildren;
};
