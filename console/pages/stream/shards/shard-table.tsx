import { Badge } from '../../../parts/badge.tsx';
import { type Column, Table } from '../../../parts/table.tsx';
import { queryParameter } from '../../../shell/router.ts';
import { format } from '../../../text/format.ts';
import { texts } from '../../../text/text.ts';
import type { Rates } from '../../streams/rates.ts';
import type { SeenStream } from '../use-stream-sight.ts';
import type { FamilyShard } from './genealogy.ts';
import { shareOf, wholeRange } from './hash-range.ts';
import { limitUse } from './heat.ts';
import { recordsIn } from './map-heat.ts';
import { keysText, t as shared, shareText, shortId } from './shard-text.ts';

const t = texts({
  en: {
    state: 'State',
    keys: 'Hash keys',
    records: 'Of records',
    limit: 'Of limit',
    recordsIn: 'Records in/s',
    bytesIn: 'Bytes in/s',
    recordsOut: 'Records out/s',
    throttled: 'Throttled/s',
    hot: 'Hottest key',
    from: 'First hash key',
    parents: 'Came from',
    generation: 'Generation',
  },
  es: {
    state: 'Estado',
    keys: 'Claves hash',
    records: 'De los registros',
    limit: 'De su límite',
    recordsIn: 'Registros entran/s',
    bytesIn: 'Bytes entran/s',
    recordsOut: 'Registros salen/s',
    throttled: 'Limitado/s',
    hot: 'Clave más frecuente',
    from: 'Primera clave hash',
    parents: 'Viene de',
    generation: 'Generación',
  },
});

const sort = queryParameter('sort', 'shard');

/** What the map draws, as a table. */
export function ShardTable({ seen, onChoose }: ShardTableProps) {
  return (
    <Table
      label={shared.shards}
      rows={seen.family.shards}
      columns={columnsOf(seen)}
      keyOf={({ id }) => id}
      onOpen={({ at }) => onChoose(at)}
      sort={sort.value}
      onSort={(chosen) => {
        sort.value = chosen;
      }}
      rowsShown={12}
    />
  );
}

type ShardTableProps = { readonly seen: SeenStream; readonly onChoose: (at: number) => void };

function columnsOf(seen: SeenStream): readonly Column<FamilyShard>[] {
  const all = recordsIn(seen);
  const rates = ({ at }: FamilyShard): Rates => seen.shardRates[at]!;
  const number = (id: string, title: string, value: (shard: FamilyShard) => number, text = format.short) => ({
    ...({ id, title, align: 'end', width: 'minmax(max-content, 1fr)' } as const),
    sortBy: value,
    cell: (shard: FamilyShard) => text(value(shard)),
  });
  return [
    {
      ...{ id: 'shard', title: shared.shard, align: 'end', width: '5rem' },
      sortBy: ({ at }) => at,
      cell: ({ id }) => <span title={id}>{shortId(id)}</span>,
    },
    {
      ...{ id: 'state', title: t.state, width: '6rem' },
      sortBy: ({ isOpen }) => (isOpen ? 0 : 1),
      cell: ({ isOpen }) => (
        <Badge kind={isOpen ? 'good' : 'neutral'}>{isOpen ? shared.open : shared.closed}</Badge>
      ),
    },
    {
      ...{ id: 'keys', title: t.keys, align: 'end', width: 'max-content' },
      sortBy: (shard) => shareOf(shard, wholeRange),
      cell: (shard) => keysText(shard),
    },
    number('records', t.records, (shard) => (all === 0 ? 0 : rates(shard).recordsIn / all), shareText),
    number('limit', t.limit, (shard) => limitUse(rates(shard), seen.limits), shareText),
    number('recordsIn', t.recordsIn, (shard) => rates(shard).recordsIn),
    number('bytesIn', t.bytesIn, (shard) => rates(shard).bytesIn, format.bytes),
    number('recordsOut', t.recordsOut, (shard) => rates(shard).recordsOut),
    number('throttled', t.throttled, (shard) => rates(shard).recordsThrottled + rates(shard).readsThrottled),
    ...familyColumns(seen),
  ];
}

function familyColumns({ sight, family }: SeenStream): readonly Column<FamilyShard>[] {
  const hottest = ({ at }: FamilyShard) => sight.Shards[at]!.HotKeys[0];
  return [
    {
      ...{ id: 'hot', title: t.hot, width: 'minmax(12rem, 2fr)' },
      sortBy: (shard) => hottest(shard)?.Share ?? 0,
      cell: (shard) => {
        const hot = hottest(shard);
        return hot === undefined ? (
          ''
        ) : (
          <span class="mono clipped">{`${shareText(hot.Share)} ${hot.Key}`}</span>
        );
      },
    },
    {
      ...{ id: 'generation', title: t.generation, align: 'end', width: 'max-content' },
      sortBy: ({ top }) => top,
      cell: ({ top }) => format.number(top),
    },
    {
      ...{ id: 'parents', title: t.parents, width: 'max-content' },
      cell: ({ parents }) => parents.map((place) => shortId(family.shards[place]!.id)).join(', '),
    },
    {
      ...{ id: 'from', title: t.from, align: 'end', width: '24rem' },
      sortBy: ({ first }) => first,
      cell: ({ first }) => <span class="mono">{String(first)}</span>,
    },
  ];
}
