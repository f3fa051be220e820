import type { GetServerSightAnswer, OperationSight } from '../../../src/services/millrace/sights.ts';
import type { Column } from '../../parts/table.tsx';
import { format } from '../../text/format.ts';
import { callerName } from '../readers/caller-name.ts';
import { t } from './text.ts';

type RowOf<Name extends 'Threads' | 'Gateways' | 'SlowRequests' | 'LimitsHit'> =
  GetServerSightAnswer[Name][number];

/** `rates` are calls a second, by operation. */
export function operationColumns(rates: ReadonlyMap<string, number>): readonly Column<OperationSight>[] {
  const rateOf = ({ Operation }: OperationSight) => rates.get(Operation) ?? 0;
  return [
    {
      ...{ id: 'operation', title: t.operation, width: 'minmax(13rem, 2fr)' },
      sortBy: ({ Operation }) => Operation,
      cell: ({ Operation }) => <span class="mono">{Operation}</span>,
    },
    numbers('calls', t.calls, ({ Calls }) => Calls),
    {
      ...{ id: 'rate', title: t.perSecond, align: 'end', width: '7rem', sortBy: rateOf },
      cell: (row) => format.number(rateOf(row), 1),
    },
    millis('p50', t.p50, ({ P50Millis }) => P50Millis),
    millis('p99', t.p99, ({ P99Millis }) => P99Millis),
    numbers('client', t.clientErrors, ({ ClientErrors }) => ClientErrors),
    numbers('throttled', t.throttled, ({ Throttled }) => Throttled),
    numbers('server', t.serverErrors, ({ ServerErrors }) => ServerErrors),
  ];
}

function numbers(id: string, title: string, of: (row: OperationSight) => number): Column<OperationSight> {
  return { id, title, align: 'end', width: '7rem', sortBy: of, cell: (row) => format.number(of(row)) };
}

function millis<Row>(id: string, title: string, of: (row: Row) => number): Column<Row> {
  return {
    id,
    title,
    align: 'end',
    width: '7rem',
    sortBy: of,
    cell: (row) => `${format.number(of(row), 1)} ms`,
  };
}

export function slowColumns(): readonly Column<RowOf<'SlowRequests'>>[] {
  return [
    { id: 'at', title: t.at, width: '15rem', sortBy: ({ At }) => At, cell: ({ At }) => format.time(At) },
    {
      ...{ id: 'operation', title: t.operation, width: '17rem', sortBy: ({ Operation }) => Operation },
      cell: ({ Operation }) => <span class="mono">{Operation}</span>,
    },
    millis('took', t.took, ({ Millis }) => Millis),
    short('resource', t.resource, ({ Resource }) => Resource),
    short('caller', t.caller, ({ Caller }) => Caller),
    {
      ...{ id: 'request', title: t.request, width: '21rem' },
      cell: ({ RequestId }) => <span class="mono">{RequestId}</span>,
    },
  ];
}

export function hitColumns(): readonly Column<RowOf<'LimitsHit'>>[] {
  return [
    text('limit', t.limit, ({ Limit }) => Limit),
    short('resource', t.resource, ({ Resource }) => Resource),
    {
      ...{ id: 'count', title: t.count, align: 'end', width: '7rem', sortBy: ({ Count }) => Count },
      cell: ({ Count }) => format.number(Count),
    },
    {
      id: 'last',
      title: t.last,
      width: '15rem',
      sortBy: ({ LastAt }) => LastAt,
      cell: ({ LastAt }) => format.time(LastAt),
    },
  ];
}

export function threadColumns(): readonly Column<RowOf<'Threads'>>[] {
  return [
    {
      ...{ id: 'thread', title: t.thread, width: 'minmax(10rem, 1fr)', sortBy: ({ Name }) => Name },
      cell: ({ Name }) => <span class="mono">{Name}</span>,
    },
    { id: 'busy', title: t.busy, align: 'end', width: '7rem', cell: ({ Busy }) => format.percent(Busy) },
    {
      ...{ id: 'pause', title: t.pause, align: 'end', width: '12rem' },
      cell: ({ PauseMillis }) => (PauseMillis === undefined ? '–' : `${format.number(PauseMillis, 1)} ms`),
    },
  ];
}

export function gatewayColumns(): readonly Column<RowOf<'Gateways'>>[] {
  return [
    text('gateway', t.gateway, ({ Id }) => Id),
    text('zone', t.zone, ({ Zone }) => Zone),
    text('state', t.state, ({ State }) => State),
    text('address', t.address, ({ Address }) => Address),
  ];
}

/** A caller, or an ARN, by its end. */
function short<Row>(id: string, title: string, of: (row: Row) => string | undefined): Column<Row> {
  const nameOf = (row: Row) => callerName(of(row) ?? '–');
  return {
    ...{ id, title, width: 'minmax(12rem, 1fr)', sortBy: nameOf },
    cell: (row) => (
      <span title={of(row)} translate={false}>
        {nameOf(row)}
      </span>
    ),
  };
}

function text<Row>(id: string, title: string, of: (row: Row) => string | undefined): Column<Row> {
  return {
    ...{ id, title, width: 'minmax(10rem, 1fr)', sortBy: (row) => of(row) ?? '' },
    cell: (row) => <span title={of(row)}>{of(row) ?? '–'}</span>,
  };
}
