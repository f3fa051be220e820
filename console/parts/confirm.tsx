import { useSignal } from '@preact/signals';
import { texts } from '../text/text.ts';
import { TextField } from './field.tsx';
import { FormDialog, type FormDialogProps } from './form-dialog.tsx';

const t = texts({
  en: { type: (word: string) => `To confirm, type ${word}` },
  es: { type: (word: string) => `Para confirmar, escriba ${word}` },
});

/**
 * Asks before something is done: `run` does it, and the dialog closes when it was done, or shows why not. Its
 * children say what will happen. With `word`, which is to be typed, for what cannot be undone.
 */
export function Confirm({ word, children, kind = 'danger', ...dialog }: ConfirmProps) {
  const typed = useSignal('');
  const isReady = word === undefined || typed.value === word;
  return (
    <FormDialog {...dialog} kind={kind} isReady={isReady}>
      {children}
      {word !== undefined && <TextField label={t.type(word)} value={typed} isMono={true} />}
    </FormDialog>
  );
}

export type ConfirmProps = Omit<FormDialogProps, 'isReady'> & {
  /** What has to be typed, such as the name of what will be gone. */
  readonly word?: string | undefined;
};
