import { useSignal } from '@preact/signals';
import { Button } from '../../../parts/button.tsx';
import { TextArea } from '../../../parts/field.tsx';
import { texts } from '../../../text/text.ts';
import { changePolicy } from '../stream-requests.ts';
import { ActionDialog } from './action-dialog.tsx';
import { examplePolicy, prettyPolicy } from './policy-text.ts';
import type { StreamDialogProps } from './stream-dialog.ts';

const t = texts({
  en: {
    title: 'Resource policy',
    verb: 'Save',
    policy: 'Policy as JSON',
    hint: 'Empty for none. The server checks it, and says what is wrong.',
    put: 'From then on this policy counts together with those of users: for other accounts both have to allow, a Deny in either denies.',
    remove: 'The policy is gone; who was let in by it alone is let in no more.',
    same: 'Nothing is changed yet.',
    example: 'Begin with an example',
  },
  es: {
    title: 'Política de recurso',
    verb: 'Guardar',
    policy: 'Política en JSON',
    hint: 'Vacía para ninguna. El servidor la comprueba y dice qué está mal.',
    put: 'Desde entonces esta política cuenta junto con las de los usuarios: para otras cuentas tienen que permitir las dos, y un Deny en cualquiera deniega.',
    remove: 'La política desaparece; quien solo entraba por ella ya no entra.',
    same: 'Todavía no se ha cambiado nada.',
    example: 'Empezar con un ejemplo',
  },
});

export function PolicyDialog({ stream, now, onClose, onDone }: PolicyDialogProps) {
  const text = useSignal(prettyPolicy(now));
  const isSame = text.value.trim() === prettyPolicy(now).trim();
  return (
    <ActionDialog
      title={t.title}
      verb={t.verb}
      stream={stream.name}
      steps={isSame ? [] : changePolicy(stream, text.value)}
      will={isSame ? [] : [text.value.trim() === '' ? t.remove : t.put]}
      trouble={isSame ? t.same : undefined}
      onClose={onClose}
      onDone={onDone}
    >
      <TextArea label={t.policy} value={text} lines={14} hint={t.hint} />
      {text.value.trim() === '' && (
        <Button kind="quiet" onPress={() => (text.value = examplePolicy(stream.arn))}>
          {t.example}
        </Button>
      )}
    </ActionDialog>
  );
}

type PolicyDialogProps = StreamDialogProps & {
  /** Empty without one. */
  readonly now: string;
};
