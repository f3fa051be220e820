import { useSignal } from '@preact/signals';
import { useAsked } from '../../api/asked.ts';
import { SelectField } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Trouble } from '../../parts/trouble.tsx';

/** A dialog in which one of several is chosen, and something is done with it. */
export function ChooseOne({ title, label, action, list, run, onClose }: ChooseOneProps) {
  const options = useAsked(list, []);
  const chosen = useSignal('');
  const id = chosen.value || options.answer?.[0]?.id;
  return (
    <FormDialog
      title={title}
      action={action}
      run={async () => run(id!)}
      onClose={onClose}
      isReady={id !== undefined}
    >
      <Trouble asked={options} />
      {options.answer !== undefined && <SelectField label={label} value={chosen} options={options.answer} />}
      {options.answer === undefined && options.error === undefined && <Skeleton lines={1} />}
    </FormDialog>
  );
}

type ChooseOneProps = {
  readonly title: string;
  readonly label: string;
  readonly action: string;
  readonly list: () => Promise<readonly { readonly id: string; readonly title: string }[]>;
  readonly run: (id: string) => Promise<unknown>;
  readonly onClose: () => void;
};
