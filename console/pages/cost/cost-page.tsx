import { type Cost, costOf, type StreamCost, setUpAs, usagesByTag } from '../../../src/cost/cost-of.ts';
import { pricesOf } from '../../../src/cost/price-table.ts';
import type { Usage } from '../../../src/cost/usage.ts';
import { usageOfSight } from '../../../src/cost/usage-of-sight.ts';
import type { ListStreamSightsAnswer, StreamSight } from '../../../src/services/millrace/sights.ts';
import { type Asked, useAsked } from '../../api/asked.ts';
import { call } from '../../api/call.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Facts } from '../../parts/facts.tsx';
import { TextField } from '../../parts/field.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Panel } from '../../parts/panel.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { href, queryParameter } from '../../shell/router.ts';
import { format } from '../../text/format.ts';
import { amountOf, BillView } from './bill-view.tsx';
import { dollars } from './dollars.ts';
import { PlannedPanel } from './planned-panel.tsx';
import { t } from './text.ts';

const tag = queryParameter('by');

/** What the streams here would cost on AWS, by mode, stream and tag; and what a load would. */
export function CostPage() {
  const asked = useMeasured();
  const { since, usages } = asked.answer ?? { since: undefined, usages: [] };
  return (
    <>
      <PageHead title={t.title}>{t.lead}</PageHead>
      <Trouble asked={asked} />
      {usages.length > 0 && <Measured cost={costOf(usages)} since={since!} />}
      {asked.answer !== undefined && usages.length === 0 && <EmptyState title={t.noStreams} />}
      <PlannedPanel />
      <p class="quiet-text">{t.prices(pricesOf.date, pricesOf.region)}</p>
    </>
  );
}

type Measurement = { readonly since: number; readonly usages: readonly Usage[] };

/** Rates are those since counting began. */
function useMeasured(): Asked<Measurement> {
  return useAsked(
    async (signal) => {
      const sights: StreamSight[] = [];
      let page: ListStreamSightsAnswer | undefined;
      do {
        const input = page?.NextToken === undefined ? {} : { NextToken: page.NextToken };
        page = await call<ListStreamSightsAnswer>('millrace', 'ListStreamSights', input, { signal });
        sights.push(...page.Streams);
      } while (page.NextToken !== undefined);
      const { At, CountedSince } = page;
      return { since: CountedSince, usages: sights.map((sight) => usageOfSight(sight, At - CountedSince)) };
    },
    [],
    { everyMs },
  );
}

const everyMs = 5_000;

function Measured({ cost, since }: { readonly cost: Cost; readonly since: number }) {
  const [cheapest] = cost.bills;
  return (
    <>
      <p class="cost-total">{t.total(amountOf(cheapest!), t.modeNames[cheapest!.mode])}</p>
      <Facts
        facts={[
          [t.asSetUp, dollars(cost.usdAsSetUp)],
          [t.mixed, dollars(cost.usdMixed)],
          [t.since, format.time(since)],
        ]}
      />
      <Panel title={t.modes}>
        <BillView bills={cost.bills} />
      </Panel>
      <Panel title={t.streams} actions={<TextField label={t.by} value={tag} placeholder="team" />}>
        {tag.value === '' ? <Streams streams={cost.streams} /> : <Tags streams={cost.streams} />}
      </Panel>
    </>
  );
}

function Streams({ streams }: Pick<Cost, 'streams'>) {
  const setUp = ({ usage, bills }: StreamCost) => bills.find(({ mode }) => mode === setUpAs(usage))!;
  const columns: readonly Column<StreamCost>[] = [
    {
      ...{ id: 'stream', title: t.stream, width: 'minmax(10rem, 2fr)', sortBy: ({ usage }) => usage.name },
      cell: ({ usage: { name } }) => <a href={href(['streams', name])}>{name}</a>,
    },
    {
      ...{ id: 'set-up', title: t.setUp, align: 'end', width: '10rem' },
      sortBy: (row) => setUp(row).usdPerMonth,
      cell: (row) => dollars(setUp(row).usdPerMonth),
    },
    {
      ...{ id: 'cheapest', title: t.cheapest, width: 'minmax(13rem, 1fr)' },
      cell: ({ bills }) => cheapestOf(bills),
    },
  ];
  const keyOf = ({ usage }: StreamCost) => usage.name;
  return <Table label={t.streams} rows={streams} columns={columns} keyOf={keyOf} sort="-set-up" />;
}

/** Advantage is for all streams of an account or none, so it is no stream's own choice. */
function cheapestOf(bills: StreamCost['bills']): string {
  const bill = bills.find(({ mode }) => mode !== 'on-demand-advantage')!;
  return `${t.modeNames[bill.mode]}, ${amountOf(bill)}`;
}

function Tags({ streams }: Pick<Cost, 'streams'>) {
  const groups = [
    ...usagesByTag(
      streams.map(({ usage }) => usage),
      tag.value,
    ),
  ];
  const rows = groups.map(([value, usages]) => ({ value, cost: costOf(usages) }));
  type Row = (typeof rows)[number];
  const columns: readonly Column<Row>[] = [
    { id: 'tag', title: tag.value, width: 'minmax(10rem, 2fr)', cell: ({ value }) => value || t.none },
    {
      ...{ id: 'set-up', title: t.setUp, align: 'end', width: '10rem' },
      sortBy: ({ cost }) => cost.usdAsSetUp,
      cell: ({ cost }) => dollars(cost.usdAsSetUp),
    },
    {
      ...{ id: 'mixed', title: t.mixed, align: 'end', width: '13rem' },
      cell: ({ cost }) => dollars(cost.usdMixed),
    },
  ];
  return <Table label={t.tag} rows={rows} columns={columns} keyOf={({ value }) => value} sort="-set-up" />;
}
