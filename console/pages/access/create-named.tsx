import { useSignal } from '@preact/signals';
import { TextArea, TextField } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { toast } from '../../parts/toasts.tsx';
import { go, href } from '../../shell/router.ts';
import { t } from './text.ts';

/** Makes something that has a name, and maybe a policy, and goes to its page. */
export function CreateNamed({ title, folder, document, make, onClose }: CreateNamedProps) {
  const name = useSignal('');
  const text = useSignal(document?.first ?? '');
  const run = async () => {
    const made = name.value.trim();
    const id = await make(made, text.value);
    toast('good', t.made(made));
    go(href(['access', folder, typeof id === 'string' ? id : made]));
  };
  return (
    <FormDialog
      title={title}
      action={t.create}
      run={run}
      onClose={onClose}
      isReady={name.value.trim() !== ''}
      wide={document !== undefined}
    >
      <TextField label={t.name} hint={t.nameHint} value={name} isRequired={true} isMono={true} />
      {document !== undefined && (
        <TextArea label={document.label} hint={document.hint} value={text} lines={16} />
      )}
    </FormDialog>
  );
}

type CreateNamedProps = {
  readonly title: string;
  /** Where its page is below `access/`. */
  readonly folder: string;
  readonly document?: { readonly label: string; readonly hint: string; readonly first: string };
  /** A text that it answers is the name in the address of the page. */
  readonly make: (name: string, document: string) => Promise<unknown>;
  readonly onClose: () => void;
};
