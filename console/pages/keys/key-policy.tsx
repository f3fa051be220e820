import { useSignal } from '@preact/signals';
import { useAsked } from '../../api/asked.ts';
import { mayChange } from '../../api/config.ts';
import { Button } from '../../parts/button.tsx';
import { TextArea } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { toast } from '../../parts/toasts.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { readable } from '../access/policy-text.ts';
import { kms } from './kms.ts';
import { t } from './text.ts';

/** A key's policy, which has a fixed name (KMS API reference, GetKeyPolicy). */
export function KeyPolicy({ id, isEditable }: { readonly id: string; readonly isEditable: boolean }) {
  const named = { KeyId: id, PolicyName: 'default' };
  const asked = useAsked(
    async (signal) =>
      readable((await kms<{ readonly Policy: string }>('GetKeyPolicy', named, signal)).Policy),
    [id],
  );
  const isEditing = useSignal(false);
  const text = useSignal('');
  const run = async () => {
    await kms('PutKeyPolicy', { ...named, Policy: text.value });
    toast('good', t.saved);
    asked.again();
  };
  const edit = () => {
    text.value = asked.answer ?? '';
    isEditing.value = true;
  };
  const actions = isEditable && (
    <Button disabled={!mayChange() || asked.answer === undefined} onPress={edit}>
      {t.edit}
    </Button>
  );
  return (
    <Panel title={t.policy} actions={actions}>
      <Trouble asked={asked} />
      {asked.answer === undefined && asked.error === undefined && <Skeleton />}
      {asked.answer !== undefined && <pre class="document mono">{asked.answer}</pre>}
      {isEditing.value && (
        <FormDialog
          title={t.policy}
          action={t.save}
          run={run}
          onClose={() => (isEditing.value = false)}
          wide={true}
        >
          <TextArea label={t.policy} value={text} lines={20} />
        </FormDialog>
      )}
    </Panel>
  );
}
