import type { ReaderShardSight, ReaderSight } from '../../../src/services/millrace/sights.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Facts } from '../../parts/facts.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import type { Parameters } from '../../shell/page.ts';
import { href } from '../../shell/router.ts';
import { format } from '../../text/format.ts';
import { callerName } from './caller-name.ts';
import { FailuresPanel } from './failures-panel.tsx';
import { isAt } from './reader-address.ts';
import { durationOf, Loss, Name, State } from './reader-cells.tsx';
import { t } from './text.ts';
import { useReaders } from './use-readers.ts';

/** One reader, where it stands in each shard, and what it gave up. */
export function ReaderPage({ parameters }: { readonly parameters: Parameters }) {
  const asked = useReaders();
  const reader = asked.answer?.Readers.find((one) => isAt(one, parameters));
  return (
    <>
      <PageHead
        title={callerName(reader?.Name ?? parameters['name']!)}
        badges={reader && <State reader={reader} />}
      />
      <Trouble asked={asked} />
      {reader !== undefined && <Known reader={reader} />}
      {asked.answer === undefined && asked.error === undefined && <Skeleton />}
      {reader === undefined && asked.answer !== undefined && <EmptyState title={t.gone} />}
    </>
  );
}

function Known({ reader }: { readonly reader: ReaderSight }) {
  const { Kind, StreamName, LagMillis, Records, Bytes, To, Reason, Shards, Id } = reader;
  return (
    <>
      <Facts
        facts={[
          [t.kind, t[Kind]],
          [t.stream, <a href={href(['streams', StreamName])}>{StreamName}</a>],
          [t.lag, durationOf(LagMillis)],
          [t.loss, <Loss reader={reader} />],
          [t.records, Records === undefined ? '–' : format.number(Records)],
          [t.bytes, Bytes === undefined ? '–' : format.bytes(Bytes)],
          [t.to, To === undefined ? '–' : <Name whole={To} />],
          ...(Id === undefined ? [] : [[t.id, <span class="mono">{Id}</span>] as const]),
          ...(Reason === undefined ? [] : [[t.reason, <span lang="en">{Reason}</span>] as const]),
        ]}
      />
      {Kind === 'mapping' && Id !== undefined && <FailuresPanel uuid={Id} />}
      <Panel title={t.shards}>
        <Table
          label={t.shards}
          rows={Shards}
          columns={columnsNow()}
          keyOf={({ ShardId }) => ShardId}
          sort="shard"
        />
      </Panel>
    </>
  );
}

function columnsNow(): readonly Column<ReaderShardSight>[] {
  return [
    {
      ...{ id: 'shard', title: t.shard, width: '13rem', sortBy: ({ ShardId }) => ShardId },
      cell: ({ ShardId }) => <span class="mono">{ShardId}</span>,
    },
    {
      ...{ id: 'lag', title: t.lag, align: 'end', width: '6rem' },
      sortBy: ({ LagMillis }) => LagMillis ?? -1,
      cell: ({ LagMillis }) => durationOf(LagMillis),
    },
    {
      ...{ id: 'behind', title: t.behind, align: 'end', width: '9rem' },
      sortBy: ({ RecordsBehind }) => RecordsBehind ?? -1,
      cell: ({ RecordsBehind }) => (RecordsBehind === undefined ? '–' : format.number(RecordsBehind)),
    },
    {
      ...{ id: 'owner', title: t.owner, width: 'minmax(10rem, 1fr)', sortBy: ({ Owner }) => Owner ?? '' },
      cell: ({ Owner }) => Owner ?? '–',
    },
    {
      ...{ id: 'checkpoint', title: t.checkpoint, width: 'minmax(16rem, 2fr)' },
      cell: ({ Checkpoint }) => <span class="mono">{Checkpoint ?? '–'}</span>,
    },
  ];
}
