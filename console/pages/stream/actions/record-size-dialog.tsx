import { useSignal } from '@preact/signals';
import { TextField } from '../../../parts/field.tsx';
import { format } from '../../../text/format.ts';
import { texts } from '../../../text/text.ts';
import { wholeNumber } from '../../streams/number-input.ts';
import { changeRecordSize } from '../stream-requests.ts';
import { ActionDialog } from './action-dialog.tsx';
import type { StreamDialogProps } from './stream-dialog.ts';

const t = texts({
  en: {
    title: 'How large a record may be',
    verb: 'Change',
    size: 'KiB',
    hint: '1,024 to 10,240, data and partition key together.',
    same: 'It is so already.',
    will: (size: string) => `Records of up to ${size} are taken. Larger ones that are there stay.`,
    limit:
      'A shard takes 1 MiB a second all the same, in bursts: large records are throttled when they come often.',
  },
  es: {
    title: 'Qué tamaño puede tener un registro',
    verb: 'Cambiar',
    size: 'KiB',
    hint: 'De 1.024 a 10.240, datos y clave de partición juntos.',
    same: 'Ya es así.',
    will: (size: string) => `Se admiten registros de hasta ${size}. Los mayores que ya hay se quedan.`,
    limit:
      'Un shard sigue admitiendo 1 MiB por segundo, con ráfagas: los registros grandes y frecuentes se limitan.',
  },
});

export function RecordSizeDialog({ stream, nowKiB, onClose, onDone }: RecordSizeDialogProps) {
  const size = useSignal(String(nowKiB));
  const kibibytes = wholeNumber(size.value, 1024);
  const isWrong = kibibytes === undefined || kibibytes > 10_240;
  const isSame = kibibytes === nowKiB;
  return (
    <ActionDialog
      title={t.title}
      verb={t.verb}
      stream={stream.name}
      steps={isWrong || isSame ? [] : changeRecordSize(stream, kibibytes)}
      will={isWrong || isSame ? [] : [t.will(format.bytes(kibibytes * 1024)), t.limit]}
      trouble={isWrong ? '' : isSame ? t.same : undefined}
      onClose={onClose}
      onDone={onDone}
    >
      <TextField
        label={t.size}
        value={size}
        kind="number"
        hint={t.hint}
        error={isWrong ? t.hint : undefined}
      />
    </ActionDialog>
  );
}

type RecordSizeDialogProps = StreamDialogProps & { readonly nowKiB: number };
