import { useSignal } from '@preact/signals';
import { TextField } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { toast } from '../../parts/toasts.tsx';
import { go, href } from '../../shell/router.ts';
import { iam } from './iam.ts';
import { t } from './text.ts';

/** Makes a user, and goes to its page. */
export function CreateUser({ onClose }: { readonly onClose: () => void }) {
  const name = useSignal('');
  const run = async () => {
    await iam('CreateUser', { UserName: name.value.trim() });
    toast('good', t.userMade(name.value.trim()));
    go(href(['access', 'users', name.value.trim()]));
  };
  return (
    <FormDialog
      title={t.createUser}
      action={t.create}
      run={run}
      onClose={onClose}
      isReady={name.value.trim() !== ''}
    >
      <TextField label={t.userName} hint={t.userNameHint} value={name} isRequired={true} isMono={true} />
    </FormDialog>
  );
}
