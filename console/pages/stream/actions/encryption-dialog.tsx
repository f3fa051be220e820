import { useSignal } from '@preact/signals';
import { CheckField, TextField } from '../../../parts/field.tsx';
import { texts } from '../../../text/text.ts';
import { changeEncryption } from '../stream-requests.ts';
import { ActionDialog } from './action-dialog.tsx';
import type { StreamDialogProps } from './stream-dialog.ts';

const t = texts({
  en: {
    title: 'Encryption of records',
    verb: 'Change',
    encrypt: 'Encrypt records with a KMS key',
    key: 'Key',
    hint: 'An id, an ARN or an alias. alias/aws/kinesis is a key that every account has.',
    noKey: 'A key is needed.',
    same: 'It is so already.',
    on: 'Records that are put from when the stream is ACTIVE again are encrypted with this key. Those that are there stay as they are.',
    who: 'Whoever puts needs kms:GenerateDataKey for the key, whoever reads kms:Decrypt.',
    off: 'New records are stored as they are. Those that were encrypted stay so, and can be read as long as the key is there.',
  },
  es: {
    title: 'Cifrado de registros',
    verb: 'Cambiar',
    encrypt: 'Cifrar los registros con una clave de KMS',
    key: 'Clave',
    hint: 'Un id, un ARN o un alias. alias/aws/kinesis es una clave que tiene toda cuenta.',
    noKey: 'Hace falta una clave.',
    same: 'Ya es así.',
    on: 'Los registros que se pongan desde que el stream vuelva a estar ACTIVE se cifran con esta clave. Los que hay se quedan como están.',
    who: 'Quien pone necesita kms:GenerateDataKey para la clave; quien lee, kms:Decrypt.',
    off: 'Los registros nuevos se guardan tal cual. Los cifrados siguen así, y se pueden leer mientras exista la clave.',
  },
});

export function EncryptionDialog({ stream, nowKeyId, onClose, onDone }: EncryptionDialogProps) {
  const isOn = useSignal(true);
  const key = useSignal(nowKeyId ?? 'alias/aws/kinesis');
  const wanted = isOn.value ? key.value.trim() : undefined;
  const steps = wanted === '' ? [] : changeEncryption(stream, nowKeyId, wanted);
  const trouble = wanted === '' ? t.noKey : steps.length === 0 ? t.same : undefined;
  return (
    <ActionDialog
      title={t.title}
      verb={t.verb}
      stream={stream.name}
      steps={steps}
      will={trouble !== undefined ? [] : isOn.value ? [t.on, t.who] : [t.off]}
      trouble={trouble}
      onClose={onClose}
      onDone={onDone}
    >
      <CheckField label={t.encrypt} value={isOn} />
      {isOn.value && <TextField label={t.key} value={key} isMono={true} hint={t.hint} />}
    </ActionDialog>
  );
}

type EncryptionDialogProps = StreamDialogProps & { readonly nowKeyId: string | undefined };
