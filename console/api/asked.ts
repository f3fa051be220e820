import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { detached } from './detached.ts';
import { poll } from './poller.ts';

/** Something that was asked of the server, as far as it is known. */
export type Asked<Answer> = {
  /** The last answer; undefined before the first. It stays while it is asked again, and after an error. */
  readonly answer: Answer | undefined;
  /** Why the last time failed. */
  readonly error: Error | undefined;
  readonly isLoading: boolean;
  /** Asks again now: after something was changed, and for "Try again". */
  readonly again: () => void;
};

/**
 * Asks when a component is first drawn, and anew when one of `about` changes; with `everyMs` again and again
 * while the window is seen. `ask` is given up with its signal when the component goes.
 *
 *     const users = useAsked((signal) => callQuery<Users>('iam', 'ListUsers', {}, { signal }), []);
 */
export function useAsked<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  about: readonly unknown[],
  { everyMs }: { readonly everyMs?: number } = {},
): Asked<Answer> {
  const answer = useSignal<Answer | undefined>(undefined);
  const error = useSignal<Error | undefined>(undefined);
  const isLoading = useSignal(true);
  const turn = useSignal(0);
  // Asked at once, not after what is drawn meanwhile has been painted.
  useLayoutEffect(() => {
    const ended = new AbortController();
    const run = async (signal: AbortSignal) => {
      isLoading.value = true;
      try {
        answer.value = await ask(signal);
        error.value = undefined;
      } catch (thrown) {
        if (signal.aborted) return;
        error.value = thrown instanceof Error ? thrown : new Error(String(thrown));
      }
      isLoading.value = false;
    };
    detached(everyMs === undefined ? run(ended.signal) : poll(run, everyMs, ended.signal));
    return () => ended.abort();
  }, [...about, turn.value]);
  useLayoutEffect(() => {
    answer.value = undefined;
  }, about as unknown[]);
  return shown({ answer, error, isLoading }, () => {
    turn.value += 1;
  });
}

function shown<Answer>(
  signals: {
    readonly answer: ReadonlySignal<Answer | undefined>;
    readonly error: ReadonlySignal<Error | undefined>;
    readonly isLoading: ReadonlySignal<boolean>;
  },
  again: () => void,
): Asked<Answer> {
  return {
    answer: signals.answer.value,
    error: signals.error.value,
    isLoading: signals.isLoading.value,
    again,
  };
}
