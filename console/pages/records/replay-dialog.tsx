import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { useAsked } from '../../api/asked.ts';
import { call } from '../../api/call.ts';
import { CallError } from '../../api/call-error.ts';
import { detached } from '../../api/detached.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { errorText } from '../../parts/error-text.ts';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { format } from '../../text/format.ts';
import { ProgressView } from './progress-view.tsx';
import { type PutProgress, putAll } from './put-all.ts';
import { nothingPut, puttingInto } from './putting.ts';
import { RangeFields, readRange, useTypedRange } from './range-fields.tsx';
import { type RangeProgress, replayedRecords, textsOfRange } from './range-records.ts';
import { rangeEvents } from './save-dialog.tsx';
import { w } from './text-work.ts';
import { tailQuery, type ViewState } from './view-state.ts';

/** Puts a range of a stream into another one, in this tab: it reads by the tail and puts by PutRecords. */
export function ReplayDialog({ stream, view, onClose }: ReplayDialogProps) {
  const range = useTypedRange(view.from);
  const target = useSignal('');
  const where = useSignal(view.where);
  const rate = useSignal('');
  const replay = useReplay();
  const { from, until } = readRange(range);
  const rateNumber = rate.value === '' ? undefined : Number(rate.value);
  const isRateRight = rateNumber === undefined || rateNumber >= 1;
  const mayStart = target.value !== '' && from !== undefined && until !== undefined && isRateRight;
  const start = () => {
    if (!mayStart || replay.isBusy) return;
    const query = tailQuery({ ...view, from, where: where.value }, { until, isRaw: true });
    replay.start(stream, query, target.value, rateNumber);
  };
  return (
    <Dialog
      wide={true}
      title={w.replayTitle}
      onClose={onClose}
      onSubmit={start}
      actions={
        <>
          <Button onPress={replay.isBusy ? replay.cancel : onClose}>
            {replay.isBusy ? w.cancel : w.close}
          </Button>
          <Button kind="main" submits={true} busy={replay.isBusy} disabled={!mayStart}>
            {w.replayStart}
          </Button>
        </>
      }
    >
      <p>{w.replayLead(stream)}</p>
      <RangeFields range={range} />
      <TargetField target={target} />
      {target.value === stream && <Notice kind="warning">{w.sameTarget}</Notice>}
      <TextField label={w.where} value={where} isMono={true} placeholder="body.delay > 60" />
      <TextField label={w.rate} value={rate} kind="number" error={isRateRight ? undefined : w.badRate} />
      <ReplayState replay={replay} />
    </Dialog>
  );
}

type ReplayDialogProps = {
  readonly stream: string;
  readonly view: ViewState;
  readonly onClose: () => void;
};

function TargetField({ target }: { readonly target: Signal<string> }) {
  const streams = useAsked(allStreams, []);
  const names = streams.answer ?? [];
  return (
    <SelectField
      label={w.into}
      value={target}
      options={[{ id: '', title: w.noTarget }, ...names.map((name) => ({ id: name, title: name }))]}
      error={streams.error === undefined ? undefined : errorText(streams.error)}
    />
  );
}

async function allStreams(signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  for (let hasMore = true; hasMore; ) {
    const last = names.at(-1);
    const asked = last === undefined ? {} : { ExclusiveStartStreamName: last };
    const answer = await call<{ StreamNames: string[]; HasMoreStreams: boolean }>(
      'kinesis',
      'ListStreams',
      { ...asked, Limit: 100 },
      { signal },
    );
    names.push(...answer.StreamNames);
    hasMore = answer.HasMoreStreams && answer.StreamNames.length > 0;
  }
  return names;
}

type ReplayNow = {
  readonly state: 'none' | 'working' | 'done' | 'cancelled';
  readonly progress: PutProgress;
  readonly looked: number;
  readonly seconds: number;
  readonly error: string | undefined;
  readonly isComplete: boolean;
};

type Replay = ReplayNow & {
  readonly isBusy: boolean;
  readonly start: (
    stream: string,
    query: ReturnType<typeof tailQuery>,
    target: string,
    rate: number | undefined,
  ) => void;
  readonly cancel: () => void;
};

function useReplay(): Replay {
  const now = useSignal<ReplayNow>(notReplaying);
  const running = useMemo(() => ({ cancel: new AbortController() }), []);
  useEffect(() => () => running.cancel.abort(), []);
  const run = async (...[stream, query, target, rate]: Parameters<Replay['start']>) => {
    running.cancel = new AbortController();
    const { signal } = running.cancel;
    const begun = performance.now();
    const range: RangeProgress = { read: 0, looked: 0, isComplete: false, trouble: undefined };
    const told = (changed: Partial<ReplayNow>) => {
      const seconds = (performance.now() - begun) / 1000;
      now.value = { ...now.value, ...changed, seconds, looked: range.looked, isComplete: range.isComplete };
    };
    now.value = { ...notReplaying, state: 'working' };
    try {
      const records = replayedRecords(textsOfRange(rangeEvents(stream, query, signal), range));
      const onProgress = (progress: PutProgress) => told({ progress });
      const progress = await putAll(records, puttingInto(target, { signal, rate, onProgress }));
      told({ progress, state: signal.aborted ? 'cancelled' : 'done', error: range.trouble });
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown;
      told({ state: 'cancelled', error: errorText(thrown) });
    }
  };
  return {
    ...now.value,
    isBusy: now.value.state === 'working',
    start: (...what) => detached(run(...what)),
    cancel: () => running.cancel.abort(),
  };
}

const notReplaying: ReplayNow = {
  ...{ state: 'none', progress: nothingPut, looked: 0, seconds: 0, error: undefined, isComplete: false },
};

function ReplayState({ replay }: { readonly replay: Replay }) {
  const { state, progress, looked, seconds, error, isComplete } = replay;
  if (state === 'none') return null;
  return (
    <ProgressView progress={progress} seconds={seconds} share={undefined} state={state}>
      {looked > progress.read && (
        <p class="quiet-text">
          {w.looked}: {format.number(looked)}
        </p>
      )}
      {state === 'done' && !isComplete && <Notice kind="bad">{w.incomplete}</Notice>}
      {error !== undefined && <Notice kind="bad">{error}</Notice>}
    </ProgressView>
  );
}
