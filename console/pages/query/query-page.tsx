import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { detached } from '../../api/detached.ts';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import type { Parameters } from '../../shell/page.ts';
import { go, href, place } from '../../shell/router.ts';
import { byFrame } from '../records/events-world.ts';
import { RangeFields, readRange, type TypedRange } from '../records/range-fields.tsx';
import { addressOf, queryOfAddress } from './query-address.ts';
import { QueryAnswer } from './query-answer.tsx';
import { QueryRun } from './query-run.ts';
import { SqlField } from './sql-field.tsx';
import { t } from './text.ts';

/** SQL over a time of a stream. What was run is in the address; leaving the page cancels it. */
export function QueryPage({ parameters }: { readonly parameters: Parameters }) {
  const stream = parameters['stream']!;
  const begun = addressOf(place.peek().query);
  const sql = useSignal(begun.sql);
  const range: TypedRange = { from: useSignal(begun.from), until: useSignal(begun.until) };
  const frame = useSignal(0);
  const running = useRef<QueryRun | undefined>(undefined);
  useEffect(() => () => running.current?.cancel(), []);
  const { from, until } = readRange(range);
  const mayRun = from !== undefined && until !== undefined && sql.value.trim() !== '';
  const isBusy = running.current?.result.state === 'running';
  const run = () => {
    if (from === undefined || until === undefined || !mayRun) return;
    running.current?.cancel();
    const address = { sql: sql.value, from: range.from.value, until: range.until.value };
    go(href(['streams', stream, 'query'], queryOfAddress(address)), { replace: true });
    const started = new QueryRun();
    running.current = started;
    const draw = byFrame(() => {
      frame.value += 1;
    });
    detached(started.run({ stream, sql: sql.value, from, until }, draw));
    draw();
  };
  return (
    <div class="query-page" data-frame={frame.value}>
      <PageHead title={t.title}>{t.lead}</PageHead>
      <form
        class="query-form"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <SqlField sql={sql} wrong={running.current?.result.error} onRun={run} />
        <RangeFields range={range} />
        <QueryButtons isBusy={isBusy} mayRun={mayRun} onCancel={() => running.current?.cancel()} />
      </form>
      {running.current !== undefined && (
        <QueryAnswer stream={stream} run={running.current} frame={frame.value} />
      )}
    </div>
  );
}

type QueryButtonsProps = {
  readonly isBusy: boolean;
  readonly mayRun: boolean;
  readonly onCancel: () => void;
};

function QueryButtons({ isBusy, mayRun, onCancel }: QueryButtonsProps) {
  return (
    <div class="query-buttons">
      <Button kind="main" submits={true} disabled={!mayRun} busy={isBusy}>
        {t.run}
      </Button>
      {isBusy && <Button onPress={onCancel}>{t.cancel}</Button>}
      <span class="quiet-text query-keys">{t.runKeys}</span>
      <CopyButton label={t.copyLink} text={location.href} />
    </div>
  );
}
