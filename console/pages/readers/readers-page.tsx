import type { ReaderSight } from '../../../src/services/millrace/sights.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FilterBox } from '../../parts/filter-box.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { href, queryParameter } from '../../shell/router.ts';
import { addressOf } from './reader-address.ts';
import { durationOf, Loss, Name, State } from './reader-cells.tsx';
import { t } from './text.ts';
import { useReaders } from './use-readers.ts';

const filter = queryParameter('filter');
const sort = queryParameter('sort', '-lag');

/** Who reads, how far behind, and when it loses records. */
export function ReadersPage() {
  const asked = useReaders();
  const all = asked.answer?.Readers ?? [];
  const wanted = filter.value.toLowerCase();
  const readers = all.filter(({ Name, StreamName }) =>
    `${Name} ${StreamName}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <PageHead title={t.title}>{t.lead}</PageHead>
      <Trouble asked={asked} />
      <div class="toolbar">
        <FilterBox value={filter} label={t.filter} count={t.of(readers.length, all.length)} />
      </div>
      <Table
        label={t.title}
        rows={readers}
        columns={columnsNow()}
        keyOf={addressOf}
        addressOf={addressOf}
        sort={sort.value}
        onSort={(by) => (sort.value = by)}
        isLoading={asked.answer === undefined && asked.isLoading}
        empty={<Nobody isFiltered={all.length > 0} isKnown={asked.answer !== undefined} />}
      />
    </>
  );
}

function Nobody({ isFiltered, isKnown }: { readonly isFiltered: boolean; readonly isKnown: boolean }) {
  if (!isKnown) return null;
  if (!isFiltered) return <EmptyState title={t.none}>{t.noneText}</EmptyState>;
  return <EmptyState title={t.noneFits} actions={<Button onPress={showAll}>{t.showAll}</Button>} />;
}

function showAll(): void {
  filter.value = '';
}

function columnsNow(): readonly Column<ReaderSight>[] {
  return [
    {
      ...{ id: 'name', title: t.name, width: 'minmax(12rem, 2fr)', sortBy: ({ Name }) => Name },
      cell: ({ Name: whole }) => <Name whole={whole} />,
    },
    { id: 'kind', title: t.kind, width: '12rem', sortBy: ({ Kind }) => Kind, cell: ({ Kind }) => t[Kind] },
    {
      ...{
        id: 'stream',
        title: t.stream,
        width: 'minmax(8rem, 1fr)',
        sortBy: ({ StreamName }) => StreamName,
      },
      cell: ({ StreamName }) => <a href={href(['streams', StreamName])}>{StreamName}</a>,
    },
    { id: 'state', title: t.state, width: '8rem', cell: (reader) => <State reader={reader} /> },
    {
      ...{ id: 'lag', title: t.lag, align: 'end', width: '6rem' },
      sortBy: ({ LagMillis }) => LagMillis ?? -1,
      cell: ({ LagMillis }) => durationOf(LagMillis),
    },
    {
      ...{ id: 'loss', title: t.loss, align: 'end', width: '10rem' },
      sortBy: ({ TimeToLossMillis }) => TimeToLossMillis ?? Number.MAX_SAFE_INTEGER,
      cell: (reader) => <Loss reader={reader} />,
    },
    {
      ...{ id: 'failures', title: t.failures, align: 'end', width: '6rem' },
      sortBy: ({ Failures }) => Failures ?? 0,
      cell: ({ Failures }) => Failures ?? '–',
    },
    {
      id: 'to',
      title: t.to,
      width: 'minmax(8rem, 1fr)',
      cell: ({ To }) => (To === undefined ? '–' : <Name whole={To} />),
    },
  ];
}
