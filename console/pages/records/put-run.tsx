import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { detached } from '../../api/detached.ts';
import { serverNow } from '../../api/server-clock.ts';
import { Button } from '../../parts/button.tsx';
import { href } from '../../shell/router.ts';
import { type InputFormat, type KeyChoice, recordsIn } from './produce-input.ts';
import { ProgressView } from './progress-view.tsx';
import { putAll } from './put-all.ts';
import type { PutSource } from './put-source.ts';
import { nothingPut, puttingInto, randomKey } from './putting.ts';
import { w } from './text-work.ts';

/** Puts what a source has, shows how far it is, and can be cancelled. Leaving the page cancels it. */
export function PutRun({ stream, source, format, recordKey, rate, onAgain }: PutRunProps) {
  const progress = useSignal(nothingPut);
  const bytesRead = useSignal(0);
  const seconds = useSignal(0);
  const state = useSignal<'working' | 'done' | 'cancelled'>('working');
  const begun = useMemo(
    () => ({ cancel: new AbortController(), at: serverNow(), tick: performance.now() }),
    [],
  );
  useEffect(() => {
    const run = async () => {
      const pieces = source.pieces((bytes) => {
        bytesRead.value = bytes;
      });
      const records = recordsIn(pieces, format, recordKey, randomKey);
      const putting = puttingInto(stream, {
        signal: begun.cancel.signal,
        rate,
        onProgress: (now) => {
          progress.value = now;
          seconds.value = (performance.now() - begun.tick) / 1000;
        },
      });
      progress.value = await putAll(records, putting);
      state.value = begun.cancel.signal.aborted ? 'cancelled' : 'done';
    };
    detached(run());
    return () => begun.cancel.abort();
  }, []);
  // Records are read a little before they are put, so a share of the bytes alone would say too much.
  const share = source.size ? Math.min(0.99, bytesRead.value / source.size) : undefined;
  return (
    <div class="put-run">
      <p>
        <strong class="breaks">{source.name}</strong>
      </p>
      <ProgressView progress={progress.value} seconds={seconds.value} share={share} state={state.value}>
        <div class="actions">
          {state.value === 'working' ? (
            <Button onPress={() => begun.cancel.abort()}>{w.cancel}</Button>
          ) : (
            <>
              <a
                class="button main"
                href={href(['streams', stream, 'records'], { from: new Date(begun.at - 1000).toISOString() })}
              >
                {w.seeAll}
              </a>
              <Button onPress={onAgain}>{w.again}</Button>
            </>
          )}
        </div>
      </ProgressView>
    </div>
  );
}

type PutRunProps = {
  readonly stream: string;
  readonly source: PutSource;
  readonly format: InputFormat;
  readonly recordKey: KeyChoice;
  readonly rate: number | undefined;
  readonly onAgain: () => void;
};
