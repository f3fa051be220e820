import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { SelectField, TextField } from '../../../parts/field.tsx';
import { texts } from '../../../text/text.ts';
import { changeLimits, type LimitName, type LimitsSight, limitNames, wrongLimits } from '../stream-limits.ts';
import { ActionDialog } from './action-dialog.tsx';
import type { StreamDialogProps } from './stream-dialog.ts';

const t = texts({
  en: {
    title: 'What each shard takes and gives in a second',
    verb: 'Change',
    enforced: 'Where no number is given',
    server: 'What holds for the server',
    aws: 'AWS’s limits',
    none: 'No limits',
    WriteRecordsPerSecond: 'Records put',
    WriteBytesPerSecond: 'Bytes put',
    ReadBytesPerSecond: 'Bytes read',
    ReadsPerSecond: 'Calls of GetRecords',
    hint: 'Empty for none of its own.',
    wrong: 'A whole number from 1 on, or empty.',
    will: 'These limits hold at once for every shard, those that will be opened, too, in place of all that was set for this stream before.',
    own: 'This is Millrace’s own: AWS knows one set of limits for all.',
    same: 'It is so already.',
  },
  es: {
    title: 'Qué admite y da cada shard por segundo',
    verb: 'Cambiar',
    enforced: 'Donde no hay número',
    server: 'Lo que vale para el servidor',
    aws: 'Los límites de AWS',
    none: 'Sin límites',
    WriteRecordsPerSecond: 'Registros puestos',
    WriteBytesPerSecond: 'Bytes puestos',
    ReadBytesPerSecond: 'Bytes leídos',
    ReadsPerSecond: 'Llamadas a GetRecords',
    hint: 'Vacío para ninguno propio.',
    wrong: 'Un número entero desde 1, o vacío.',
    will: 'Estos límites valen al momento para todos los shards, también los que se abran, en lugar de todo lo fijado antes para este stream.',
    own: 'Esto es propio de Millrace: AWS tiene los mismos límites para todos.',
    same: 'Ya es así.',
  },
});

export function LimitsDialog({ stream, now, onClose, onDone }: LimitsDialogProps) {
  const fields = useMemo(() => fieldsOf(now), []);
  const typed = {
    enforced: fields.enforced.value,
    ...(Object.fromEntries(limitNames.map((name) => [name, fields[name].value])) as Record<
      LimitName,
      string
    >),
  };
  const wrong = wrongLimits(typed);
  const steps = wrong.length > 0 ? [] : changeLimits(stream, now, typed);
  return (
    <ActionDialog
      title={t.title}
      verb={t.verb}
      stream={stream.name}
      steps={steps}
      will={steps.length === 0 ? [] : [t.will, t.own]}
      trouble={wrong.length > 0 ? '' : steps.length === 0 ? t.same : undefined}
      onClose={onClose}
      onDone={onDone}
    >
      <SelectField
        label={t.enforced}
        value={fields.enforced}
        options={[
          { id: '', title: t.server },
          { id: 'aws', title: t.aws },
          { id: 'none', title: t.none },
        ]}
      />
      <div class="field-row">
        {limitNames.map((name) => (
          <TextField
            key={name}
            label={t[name]}
            value={fields[name]}
            kind="number"
            hint={t.hint}
            error={wrong.includes(name) ? t.wrong : undefined}
          />
        ))}
      </div>
    </ActionDialog>
  );
}

type LimitsDialogProps = StreamDialogProps & { readonly now: LimitsSight };

function fieldsOf(now: LimitsSight) {
  const text = (name: LimitName) => signal(now[name] === undefined ? '' : String(now[name]));
  return {
    enforced: signal<'aws' | 'none' | ''>(now.Enforced ?? ''),
    WriteRecordsPerSecond: text('WriteRecordsPerSecond'),
    WriteBytesPerSecond: text('WriteBytesPerSecond'),
    ReadBytesPerSecond: text('ReadBytesPerSecond'),
    ReadsPerSecond: text('ReadsPerSecond'),
  };
}
