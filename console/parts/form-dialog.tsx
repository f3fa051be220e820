import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { CallError } from '../api/call-error.ts';
import { detached } from '../api/detached.ts';
import { texts } from '../text/text.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { errorText } from './error-text.ts';
import { Notice } from './notice.tsx';

const t = texts({ en: { cancel: 'Cancel' }, es: { cancel: 'Cancelar' } });

/**
 * A dialog with fields whose button does something: `run`. It closes when that was done, or shows why it was
 * refused. Fields show what is wrong with them themselves; `isReady` says whether it may be tried.
 */
export function FormDialog({
  title,
  children,
  action,
  kind = 'main',
  wide,
  run,
  onClose,
  isReady,
}: FormDialogProps) {
  const isBusy = useSignal(false);
  const error = useSignal<CallError | undefined>(undefined);
  const mayRun = isReady !== false;
  const submit = async () => {
    if (!mayRun || isBusy.value) return;
    isBusy.value = true;
    error.value = undefined;
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
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={() => detached(submit())}
      actions={actions}
      wide={wide === true}
    >
      {children}
      {error.value !== undefined && <Notice kind="bad">{errorText(error.value)}</Notice>}
    </Dialog>
  );
}

export type FormDialogProps = {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** What the button says: the verb. */
  readonly action: string;
  readonly kind?: 'main' | 'danger';
  readonly wide?: boolean;
  /** Rejects with `CallError` where it was refused. */
  readonly run: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly isReady?: boolean;
};
