import { useSignal } from '@preact/signals';
import { TextArea, TextField } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { toast } from '../../parts/toasts.tsx';
import type { Entity } from './entity.ts';
import { newPolicy } from './policy-text.ts';
import { t } from './text.ts';

/** Writes a policy of one user, group or role; what is wrong with it, IAM says. */
export function InlinePolicy({ entity, before, onDone, onClose }: InlinePolicyProps) {
  const name = useSignal(before?.name ?? '');
  const document = useSignal(before?.document ?? newPolicy);
  const run = async () => {
    await entity.putInline(name.value.trim(), document.value);
    toast('good', t.saved);
    onDone();
  };
  return (
    <FormDialog
      title={before?.name ?? t.addInline}
      action={t.save}
      run={run}
      onClose={onClose}
      isReady={name.value.trim() !== ''}
      wide={true}
    >
      {before === undefined && <TextField label={t.name} hint={t.nameHint} value={name} isMono={true} />}
      <TextArea label={t.document} hint={t.documentHint} value={document} lines={18} />
    </FormDialog>
  );
}

type InlinePolicyProps = {
  readonly entity: Entity;
  readonly before: { readonly name: string; readonly document: string } | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
};
