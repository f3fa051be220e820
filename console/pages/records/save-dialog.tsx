import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { CallError } from '../../api/call-error.ts';
import { detached } from '../../api/detached.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { errorText } from '../../parts/error-text.ts';
import { CheckField, SelectField } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { format } from '../../text/format.ts';
import { Download, fileName } from './download.ts';
import { canRetry, openTail, pauseBefore } from './events-world.ts';
import { RangeFields, readRange, useTypedRange } from './range-fields.tsx';
import { linesInPieces, type RangeProgress, textsOfRange } from './range-records.ts';
import { resumedEvents } from './resumed-events.ts';
import type { TailBuffer } from './tail-buffer.ts';
import { t } from './text.ts';
import { w } from './text-work.ts';
import { tailQuery, type ViewState } from './view-state.ts';

/** Saves what the list has, or a range of the stream, a record a line. */
export function SaveDialog({ stream, view, buffer, onClose }: SaveDialogProps) {
  const what = useSignal<'shown' | 'range'>('shown');
  const isRaw = useSignal(false);
  const range = useTypedRange(view.from);
  const saving = useSaving();
  const { from, until } = readRange(range);
  const isRange = what.value === 'range';
  const mayStart = !saving.isBusy && (!isRange || (from !== undefined && until !== undefined));
  const start = () => {
    if (!mayStart) return;
    const ranged = { ...view, from: from! };
    const query = tailQuery(ranged, { until, isRaw: isRaw.value });
    saving.start(stream, (signal, progress) =>
      isRange ? textsOfRange(rangeEvents(stream, query, signal), progress) : textsOfBuffer(buffer, progress),
    );
  };
  return (
    <Dialog
      title={w.saveTitle}
      onClose={onClose}
      onSubmit={start}
      actions={
        <>
          <Button onPress={saving.isBusy ? saving.cancel : onClose}>
            {saving.isBusy ? w.cancel : w.close}
          </Button>
          <Button kind="main" submits={true} busy={saving.isBusy} disabled={!mayStart}>
            {w.saveStart}
          </Button>
        </>
      }
    >
      <SelectField
        label={w.saveWhat}
        value={what}
        options={[
          { id: 'shown', title: w.saveShown(format.number(buffer.end - buffer.first)) },
          { id: 'range', title: w.saveRange },
        ]}
      />
      {isRange && <RangeFields range={range} />}
      {isRange && <CheckField label={w.saveBytes} value={isRaw} />}
      <SavingState saving={saving} />
    </Dialog>
  );
}

type SaveDialogProps = {
  readonly stream: string;
  readonly view: ViewState;
  readonly buffer: TailBuffer;
  readonly onClose: () => void;
};

type Texts = (signal: AbortSignal, progress: RangeProgress) => AsyncIterable<string>;

type Saving = {
  readonly isBusy: boolean;
  readonly count: number;
  readonly bytes: number;
  readonly end: 'none' | 'saved' | 'cancelled' | 'incomplete';
  readonly error: string | undefined;
  readonly start: (stream: string, texts: Texts) => void;
  readonly cancel: () => void;
};

/** Collects a file and offers it at the end, also of what came until it was cancelled. */
function useSaving(): Saving {
  const now = useSignal<Omit<Saving, 'start' | 'cancel'>>(notSaving);
  const running = useMemo(() => ({ cancel: new AbortController() }), []);
  useEffect(() => () => running.cancel.abort('left'), []);
  const run = async (stream: string, texts: Texts) => {
    running.cancel = new AbortController();
    const { signal } = running.cancel;
    const progress: RangeProgress = { read: 0, looked: 0, isComplete: false, trouble: undefined };
    const file = new Download();
    const told = (changed: Partial<Saving>) => {
      now.value = { ...now.value, ...changed, count: progress.read, bytes: file.bytes };
    };
    now.value = { ...notSaving, isBusy: true };
    try {
      for await (const piece of linesInPieces(texts(signal, progress))) {
        file.write(piece);
        told({});
      }
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown;
      return told({ isBusy: false, error: errorText(thrown) });
    }
    if (signal.reason === 'left') return;
    if (progress.read > 0) file.save(fileName(stream, new Date(), 'ndjson'), 'application/x-ndjson');
    const end = signal.aborted ? 'cancelled' : progress.isComplete ? 'saved' : 'incomplete';
    told({ isBusy: false, end, error: progress.trouble });
  };
  return {
    ...now.value,
    start: (stream, texts) => detached(run(stream, texts)),
    cancel: () => running.cancel.abort(),
  };
}

const notSaving: Omit<Saving, 'start' | 'cancel'> = {
  ...{ isBusy: false, count: 0, bytes: 0, end: 'none', error: undefined },
};

function SavingState({ saving }: { readonly saving: Saving }) {
  const { isBusy, count, bytes, end, error } = saving;
  return (
    <>
      {isBusy && <progress aria-label={w.working} />}
      {(isBusy || end !== 'none') && (
        <p role="status">
          {end === 'cancelled' && `${w.cancelled}. `}
          {w.saved(format.number(count), format.bytes(bytes))}
        </p>
      )}
      {end === 'saved' && count === 0 && <Notice>{t.noRecords}</Notice>}
      {end === 'incomplete' && <Notice kind="bad">{w.incomplete}</Notice>}
      {error !== undefined && <Notice kind="bad">{error}</Notice>}
    </>
  );
}

/** The events of a range, however often the connection breaks. */
export function rangeEvents(stream: string, query: ReturnType<typeof tailQuery>, signal: AbortSignal) {
  const pause = (attempt: number) => pauseBefore(attempt, signal);
  return resumedEvents({ open: openTail(stream, query), signal, canRetry, pause });
}

async function* textsOfBuffer(buffer: TailBuffer, progress: RangeProgress): AsyncGenerator<string> {
  const { end } = buffer;
  for (let place = buffer.first; place < end; place++) {
    const text = buffer.at(place);
    // The list goes on meanwhile, and may let go of its oldest.
    if (text === undefined) continue;
    progress.read++;
    yield text;
  }
  progress.isComplete = true;
}
