import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AuditSight, ListAuditRecordsAnswer } from '../../../src/services/millrace/sights.ts';
import { useAsked } from '../../api/asked.ts';
import { call } from '../../api/call.ts';
import { detached } from '../../api/detached.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { TextField } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { queryParameter } from '../../shell/router.ts';
import { format } from '../../text/format.ts';
import { readable } from '../access/policy-text.ts';
import { type AuditFilter, auditInput } from './audit-query.ts';
import { t } from './text.ts';

const names = ['caller', 'operation', 'resource', 'outcome', 'since', 'until'] as const;
const asked = Object.fromEntries(names.map((name) => [name, queryParameter(name)])) as Record<
  (typeof names)[number],
  ReturnType<typeof queryParameter>
>;
/** The id of the request whose record is open. */
const opened = queryParameter('request');

/** Who did what, newest first; all that one looks for is in the address. */
export function AuditPage() {
  const filter = filterNow();
  const about = JSON.stringify(filter);
  const first = useAsked((signal) => list(filter, undefined, signal), [about]);
  const older = useSignal<readonly ListAuditRecordsAnswer[]>([]);
  useEffect(() => {
    older.value = [];
  }, [first.answer]);
  const pages = first.answer === undefined ? [] : [first.answer, ...older.value];
  const records = pages.flatMap(({ Records }) => Records);
  const next = pages.at(-1)?.NextToken;
  const more = async () => {
    older.value = [...older.value, await list(filter, next)];
  };
  const record = records.find(({ RequestId }) => RequestId === opened.value);
  return (
    <>
      <PageHead title={t.title} actions={<Button onPress={first.again}>{t.ask}</Button>}>
        {t.lead}
      </PageHead>
      <Filters />
      <Trouble asked={first} />
      {first.answer?.Unavailable !== undefined && (
        <Notice kind="warning" title={t.unavailable}>
          <span lang="en">{first.answer.Unavailable}</span>
        </Notice>
      )}
      <Table
        label={t.title}
        rows={records}
        columns={columnsNow()}
        keyOf={({ RequestId, At, Operation }) => `${RequestId} ${At} ${Operation}`}
        onOpen={({ RequestId }) => (opened.value = RequestId)}
        isLoading={first.isLoading && first.answer === undefined}
        empty={<EmptyState title={t.none}>{t.noneText}</EmptyState>}
      />
      {next !== undefined && (
        <div>
          <Button onPress={() => detached(more())}>{t.more}</Button>
        </div>
      )}
      {record !== undefined && (
        <Dialog title={t.record} onClose={() => (opened.value = '')} wide={true}>
          <CodeBlock samples={[{ title: 'JSON', text: readable(record.Json) }]} />
        </Dialog>
      )}
    </>
  );
}

function filterNow(): AuditFilter {
  const { caller, operation, resource, outcome, since, until } = asked;
  return {
    caller: caller.value,
    operation: operation.value,
    resource: resource.value,
    outcome: outcome.value,
    since: since.value,
    until: until.value,
  };
}

/** A page may be empty and have others follow. */
async function list(
  filter: AuditFilter,
  token: string | undefined,
  signal?: AbortSignal,
): Promise<ListAuditRecordsAnswer> {
  const options = signal === undefined ? {} : { signal };
  for (let nextToken = token; ; ) {
    const input = auditInput(filter, nextToken);
    const page = await call<ListAuditRecordsAnswer>('millrace', 'ListAuditRecords', input, options);
    if (page.Records.length > 0 || page.NextToken === undefined) return page;
    nextToken = page.NextToken;
  }
}

function Filters() {
  return (
    <div class="audit-filters">
      {names.map((name) => (
        <TextField
          key={name}
          label={t[name]}
          value={asked[name]}
          kind={name === 'since' || name === 'until' ? 'datetime-local' : 'text'}
          placeholder={t.any}
        />
      ))}
    </div>
  );
}

function columnsNow(): readonly Column<AuditSight>[] {
  return [
    { id: 'at', title: t.at, width: 'minmax(15rem, 1fr)', cell: ({ At }) => format.time(At) },
    {
      id: 'caller',
      title: t.caller,
      width: 'minmax(9rem, 1fr)',
      cell: ({ Caller }) => <span title={Caller}>{lastOf(Caller)}</span>,
    },
    { id: 'operation', title: t.operation, width: 'minmax(14rem, 2fr)', cell: ({ Operation }) => Operation },
    {
      id: 'resource',
      title: t.resource,
      width: 'minmax(14rem, 3fr)',
      cell: ({ Resource = '' }) => (
        <span class="mono" title={Resource}>
          {lastOf(Resource)}
        </span>
      ),
    },
    {
      id: 'outcome',
      title: t.outcome,
      width: 'minmax(9rem, 1fr)',
      cell: ({ Outcome }) => <Badge kind={Outcome === 'ok' ? 'good' : 'bad'}>{Outcome}</Badge>,
    },
    { id: 'peer', title: t.peer, width: 'minmax(8rem, 1fr)', cell: ({ Peer }) => Peer ?? '' },
  ];
}

/** What an ARN names, without where it is: `user/ada`, `stream/orders`. The whole ARN is in the record. */
function lastOf(arn: string): string {
  return arn.startsWith('arn:') ? arn.split(':').slice(5).join(':') : arn;
}
