import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useAsked } from '../../api/asked.ts';
import { callRest } from '../../api/call.ts';
import { mayChange } from '../../api/config.ts';
import { detached } from '../../api/detached.ts';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { errorText } from '../../parts/error-text.ts';
import { Panel } from '../../parts/panel.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { toast } from '../../parts/toasts.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { format } from '../../text/format.ts';
import { t } from './text.ts';

/** A batch that a mapping gave up. */
type Failure = {
  readonly Number: number;
  readonly Timestamp: number;
  readonly ShardId: string;
  readonly Condition: string;
  readonly RecordCount: number;
  readonly Error: string;
  readonly RedriveTimestamp?: number;
};

/** What a mapping gave up, its records, and calling the function with it again. */
export function FailuresPanel({ uuid }: { readonly uuid: string }) {
  const path = `/millrace/2026-11-01/mappings/${encodeURIComponent(uuid)}`;
  const asked = useAsked((signal) => listFailures(path, signal), [path]);
  const isBusy = useSignal(false);
  const opened = useSignal<string | undefined>(undefined);
  const waiting = (asked.answer ?? []).filter(({ RedriveTimestamp: at }) => at === undefined);
  const redrive = async (numbers: readonly number[]) => {
    isBusy.value = true;
    try {
      toast('info', t.redriven(await redriveAll(path, numbers), numbers.length));
    } catch (error) {
      toast('bad', errorText(error as Error));
    }
    isBusy.value = false;
    asked.again();
  };
  const show = async ({ Number: number }: Failure) => {
    const failure = await callRest<object>('GET', `${path}/failures/${number}`);
    opened.value = JSON.stringify(failure, undefined, 2);
  };
  const redriveButton = (numbers: readonly number[], text: string) => (
    <Button
      busy={isBusy.value}
      disabled={!mayChange()}
      {...(mayChange() ? {} : { why: t.readOnly })}
      onPress={() => detached(redrive(numbers))}
    >
      {text}
    </Button>
  );
  if (asked.answer !== undefined && waiting.length === 0) return null;
  const all = redriveButton(
    waiting.map(({ Number: number }) => number),
    t.redriveAll,
  );
  return (
    <Panel title={t.failed} actions={all}>
      <p class="quiet-text">{t.failedLead}</p>
      <Trouble asked={asked} />
      <Table
        label={t.failed}
        rows={waiting}
        keyOf={({ Number: number }) => String(number)}
        columns={columnsNow(({ Number: number }) => redriveButton([number], t.redrive))}
        onOpen={(failure) => detached(show(failure))}
        rowsShown={8}
        isLoading={asked.answer === undefined && asked.isLoading}
      />
      {opened.value !== undefined && (
        <Dialog title={t.open} wide={true} onClose={() => (opened.value = undefined)}>
          <CodeBlock samples={[{ title: 'JSON', text: opened.value }]} />
        </Dialog>
      )}
    </Panel>
  );
}

async function listFailures(path: string, signal: AbortSignal): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  let marker: string | null | undefined;
  do {
    const query = marker ? `?Marker=${encodeURIComponent(marker)}` : '';
    const page = await callRest<{
      readonly Failures: readonly Failure[];
      readonly NextMarker?: string | null;
    }>('GET', `${path}/failures${query}`, undefined, { signal });
    failures.push(...page.Failures);
    marker = page.NextMarker;
  } while (marker);
  return failures;
}

/** One after the other, so that no call takes longer than a function may. Answers how many succeeded. */
async function redriveAll(path: string, numbers: readonly number[]): Promise<number> {
  let done = 0;
  for (const number of numbers) {
    const { Results } = await callRest<{ readonly Results: readonly { readonly Outcome: string }[] }>(
      'POST',
      `${path}/redrive`,
      { Numbers: [number] },
    );
    done += Results.filter(({ Outcome }) => Outcome === 'Succeeded').length;
  }
  return done;
}

function columnsNow(action: (failure: Failure) => ComponentChildren): readonly Column<Failure>[] {
  return [
    { id: 'at', title: t.at, width: '15rem', cell: ({ Timestamp }) => format.time(Timestamp) },
    {
      id: 'shard',
      title: t.shard,
      width: '13rem',
      cell: ({ ShardId }) => <span class="mono">{ShardId}</span>,
    },
    { id: 'count', title: t.count, align: 'end', width: '6rem', cell: ({ RecordCount }) => RecordCount },
    {
      id: 'condition',
      title: t.condition,
      width: '12rem',
      cell: ({ Condition }) => <span lang="en">{Condition}</span>,
    },
    {
      id: 'error',
      title: t.error,
      width: 'minmax(12rem, 2fr)',
      cell: (failure) => (
        <span lang="en" title={failure.Error}>
          {failure.Error}
        </span>
      ),
    },
    { id: 'again', title: '', width: '8rem', cell: action },
  ];
}
