import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { mayChange } from '../../api/config.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Facts } from '../../parts/facts.tsx';
import { FilterBox } from '../../parts/filter-box.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Table } from '../../parts/table.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { href, queryParameter } from '../../shell/router.ts';
import { format } from '../../text/format.ts';
import { language } from '../../text/text.ts';
import { readOnlyWhy } from '../stream/actions/read-only.ts';
import { CreateDialog } from './create-dialog.tsx';
import { FirstStream } from './first-stream.tsx';
import { streamColumns } from './stream-columns.tsx';
import { streamFilter } from './stream-filter.ts';
import { lossDanger, type StreamRow } from './stream-row.ts';
import { t } from './text.ts';
import { useStreams } from './use-streams.ts';

const filter = queryParameter('filter');
const sort = queryParameter('sort', 'name');

/** All streams of the account. */
export function StreamsPage() {
  const asked = useStreams();
  const { answer: rows, error, isLoading } = asked;
  const isCreating = useSignal(false);
  const create = () => {
    isCreating.value = true;
  };
  const actions = (
    <Button kind="main" onPress={create} disabled={!mayChange()} {...readOnlyWhy()}>
      {t.create}
    </Button>
  );
  return (
    <>
      <PageHead title={t.title} actions={actions} />
      <Trouble asked={asked} />
      {rows?.length === 0 ? (
        <FirstStream onCreate={create} />
      ) : (
        (rows !== undefined || error === undefined) && (
          <Streams rows={rows ?? []} isLoading={isLoading && rows === undefined} />
        )
      )}
      {isCreating.value && (
        <CreateDialog
          taken={new Set(rows?.map(({ sight }) => sight.Name))}
          onClose={() => {
            isCreating.value = false;
          }}
        />
      )}
    </>
  );
}

function Streams({ rows, isLoading }: { readonly rows: readonly StreamRow[]; readonly isLoading: boolean }) {
  const fits = useMemo(() => streamFilter(filter.value), [filter.value]);
  const shown = useMemo(() => rows.filter(fits), [rows, fits]);
  const columns = useMemo(streamColumns, [language.value]);
  return (
    <>
      {rows.length > 0 && <Totals rows={rows} />}
      <div class="toolbar">
        <FilterBox
          value={filter}
          label={t.filter}
          count={t.count(format.number(shown.length), format.number(rows.length))}
        />
      </div>
      <Table
        label={t.title}
        rows={shown}
        columns={columns}
        keyOf={({ sight }) => sight.Arn}
        addressOf={({ sight }) => href(['streams', sight.Name])}
        sort={sort.value}
        onSort={(chosen) => {
          sort.value = chosen;
        }}
        isLoading={isLoading}
        empty={<NothingFits />}
      />
    </>
  );
}

function NothingFits() {
  const show = () => {
    filter.value = '';
  };
  return <EmptyState title={t.nothingFits} actions={<Button onPress={show}>{t.showAll}</Button>} />;
}

function Totals({ rows }: { readonly rows: readonly StreamRow[] }) {
  const sum = (value: (row: StreamRow) => number) => rows.reduce((all, row) => all + value(row), 0);
  const flow = (records: number, bytes: number) => `${format.short(records)}/s · ${format.bytes(bytes)}/s`;
  const inDanger = sum(({ sight }) => (lossDanger(sight) === 'now' ? 1 : 0));
  const throttled = sum(({ rates }) => (rates.recordsThrottled + rates.readsThrottled > 0 ? 1 : 0));
  return (
    <Facts
      facts={[
        [
          t.allIn,
          flow(
            sum(({ rates }) => rates.recordsIn),
            sum(({ rates }) => rates.bytesIn),
          ),
        ],
        [
          t.allOut,
          flow(
            sum(({ rates }) => rates.recordsOut),
            sum(({ rates }) => rates.bytesOut),
          ),
        ],
        [t.throttledStreams, counted(throttled)],
        [t.danger, counted(inDanger)],
      ]}
    />
  );
}

function counted(count: number) {
  return count === 0 ? (
    <span class="quiet-text">0</span>
  ) : (
    <strong class="alarming">{format.number(count)}</strong>
  );
}
