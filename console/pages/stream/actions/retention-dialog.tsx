import { useSignal } from '@preact/signals';
import { TextField } from '../../../parts/field.tsx';
import { format } from '../../../text/format.ts';
import { texts } from '../../../text/text.ts';
import { retentionTrouble, wholeNumber } from '../../streams/number-input.ts';
import { changeRetention } from '../stream-requests.ts';
import { ActionDialog } from './action-dialog.tsx';
import type { StreamDialogProps } from './stream-dialog.ts';

const t = texts({
  en: {
    title: 'How long records are kept',
    verb: 'Keep so long',
    hours: 'Hours',
    hint: '24 to 8,760, which is a year.',
    same: 'They are kept so long already.',
    longer: (time: string) => `Records are kept for ${time}. What has expired does not come back.`,
    shorter: (time: string) =>
      `Records are kept for ${time}. Older ones are gone at once, also for readers that have not read them yet.`,
    cost: 'AWS bills retention above 24 hours by shard and hour; above seven days by what is stored.',
  },
  es: {
    title: 'Cuánto se guardan los registros',
    verb: 'Guardar así',
    hours: 'Horas',
    hint: 'De 24 a 8.760, que es un año.',
    same: 'Ya se guardan ese tiempo.',
    longer: (time: string) => `Los registros se guardan durante ${time}. Los que ya caducaron no vuelven.`,
    shorter: (time: string) =>
      `Los registros se guardan durante ${time}. Los más antiguos se van al momento, también para lectores que aún no los han leído.`,
    cost: 'AWS cobra la retención de más de 24 horas por shard y hora; la de más de siete días, por lo almacenado.',
  },
});

export function RetentionDialog({ stream, nowHours, onClose, onDone }: RetentionDialogProps) {
  const hours = useSignal(String(nowHours));
  const isWrong = retentionTrouble(hours.value);
  const wanted = wholeNumber(hours.value, 24) ?? nowHours;
  const time = format.duration(wanted * 3_600_000);
  const will = [wanted > nowHours ? t.longer(time) : t.shorter(time), t.cost];
  return (
    <ActionDialog
      title={t.title}
      verb={t.verb}
      stream={stream.name}
      steps={isWrong ? [] : changeRetention(stream, nowHours, wanted)}
      will={isWrong || wanted === nowHours ? [] : will}
      trouble={isWrong ? '' : wanted === nowHours ? t.same : undefined}
      kind={wanted < nowHours ? 'danger' : 'main'}
      onClose={onClose}
      onDone={onDone}
    >
      <TextField
        label={t.hours}
        value={hours}
        kind="number"
        hint={t.hint}
        error={isWrong ? t.hint : undefined}
      />
    </ActionDialog>
  );
}

type RetentionDialogProps = StreamDialogProps & { readonly nowHours: number };
