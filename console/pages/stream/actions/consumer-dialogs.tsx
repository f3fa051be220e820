import { useSignal } from '@preact/signals';
import { TextField } from '../../../parts/field.tsx';
import { texts } from '../../../text/text.ts';
import { nameTrouble } from '../../streams/create-stream.ts';
import { deregisterConsumer, registerConsumer } from '../stream-requests.ts';
import { ActionDialog } from './action-dialog.tsx';
import type { StreamDialogProps } from './stream-dialog.ts';

const t = texts({
  en: {
    register: 'Register a consumer',
    verb: 'Register',
    name: 'Name',
    form: 'Letters, digits, dots, dashes and underscores, at most 128.',
    taken: 'There is a consumer of this name.',
    registers: [
      'The consumer has 2 MiB a second of each shard for itself, and is sent records as they come: it does not compete with other readers.',
      'AWS bills it by shard and hour from now on, whether it reads or not, and by what it reads.',
    ],
    deregister: (name: string) => `Deregister ${name}`,
    deregisterVerb: 'Deregister',
    deregisters: 'Its subscriptions end at once. It can be registered again, under another ARN.',
  },
  es: {
    register: 'Registrar un consumidor',
    verb: 'Registrar',
    name: 'Nombre',
    form: 'Letras, cifras, puntos, guiones y guiones bajos, 128 como máximo.',
    taken: 'Ya hay un consumidor con este nombre.',
    registers: [
      'El consumidor tiene para sí 2 MiB por segundo de cada shard, y recibe los registros según llegan: no compite con otros lectores.',
      'AWS lo cobra por shard y hora desde ahora, lea o no, y por lo que lea.',
    ],
    deregister: (name: string) => `Dar de baja ${name}`,
    deregisterVerb: 'Dar de baja',
    deregisters: 'Sus suscripciones terminan al momento. Se puede volver a registrar, con otro ARN.',
  },
});

export function RegisterDialog({ stream, taken, onClose, onDone }: RegisterDialogProps) {
  const name = useSignal('');
  const trouble = nameTrouble(name.value, (one) => taken.includes(one));
  const error = trouble === 'form' ? t.form : trouble === 'taken' ? t.taken : undefined;
  return (
    <ActionDialog
      title={t.register}
      verb={t.verb}
      stream={stream.name}
      steps={trouble === undefined ? registerConsumer(stream, name.value) : []}
      will={t.registers}
      trouble={trouble === undefined ? undefined : ''}
      onClose={onClose}
      onDone={onDone}
    >
      <TextField label={t.name} value={name} isMono={true} hint={t.form} error={error} />
    </ActionDialog>
  );
}

type RegisterDialogProps = StreamDialogProps & { readonly taken: readonly string[] };

export function DeregisterDialog({ stream, consumer, onClose, onDone }: DeregisterDialogProps) {
  return (
    <ActionDialog
      title={t.deregister(consumer)}
      verb={t.deregisterVerb}
      stream={stream.name}
      steps={deregisterConsumer(stream, consumer)}
      will={[t.deregisters]}
      kind="danger"
      onClose={onClose}
      onDone={onDone}
    />
  );
}

type DeregisterDialogProps = StreamDialogProps & { readonly consumer: string };
