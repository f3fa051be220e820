import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { CallError } from '../api/call.ts';
import { texts } from '../text/text.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { errorText } from './error-text.ts';
import { TextField } from './field.tsx';
import { Notice } from './notice.tsx';

const t = texts({
  en: { cancel: 'Cancel', type: (word: string) => `To confirm, type ${word}` },
  es: { cancel: 'Cancelar', type: (word: string) => `Para confirmar, escriba ${word}` },
});

/**
 * Asks before something is done: `run` does it, and the dialog closes when it was done, or shows why not.
 * With `word`, which is to be typed, for what cannot be undone.
 */
export function Confirm({ title, children, word, action, kind = 'danger', run, onClose }: ConfirmProps) {
  const typed = useSignal('');
  const isBusy = useSignal(false);
  const error = useSignal<CallError | undefined>(undefined);
  const mayRun = word === undefined || typed.value === word;
  const submit = async () => {
    if (!mayRun || isBusy.value) return;
    isBusy.value = true;
    try {
      await run();
      onClose();
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown;
      error.value = thrown;
    } finally {
      isBusy.value = false;
    }
  };
  const actions = (
    <>
      <Button onPress={onClose}>{t.cancel}</Button>
      <Button kind={kind} submits={true} disabled={!mayRun} busy={isBusy.value}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} onSubmit={submit} actions={actions}>
      {children}
      {word !== undefined && <TextField label={t.type(word)} value={typed} isMono={true} />}
      {error.value !== undefined && <Notice kind="bad">{errorText(error.value)}</Notice>}
    </Dialog>
  );
}

export type ConfirmProps = {
  readonly title: string;
  /** What will happen. */
  readonly children?: ComponentChildren;
  /** What has to be typed, such as the name of what will be gone. */
  readonly word?: string | undefined;
  /** What the button says: the verb. */
  readonly action: string;
  readonly kind?: 'main' | 'danger';
  /** Rejects with `CallError` where it was refused. */
  readonly run: () => Promise<unknown>;
  readonly onClose: () => void;
};
