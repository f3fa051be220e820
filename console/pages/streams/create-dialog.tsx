import { signal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { CheckField, SelectField, TextField } from '../../parts/field.tsx';
import { go, href } from '../../shell/router.ts';
import { format } from '../../text/format.ts';
import { texts } from '../../text/text.ts';
import { ActionDialog } from '../stream/actions/action-dialog.tsx';
import { createSteps, type NewStream, nameTrouble, suggestedStream } from './create-stream.ts';
import { retentionTrouble, wholeNumber } from './number-input.ts';
import { TagEditor } from './tag-editor.tsx';
import { type TagRow, tagsOf, tagTrouble } from './tag-rows.ts';
import { modeName, t as shared } from './text.ts';

const t = texts({
  en: {
    title: 'Create a stream',
    name: 'Name',
    nameHint: 'Letters, digits, dots, dashes and underscores.',
    nameForm: 'Only letters, digits, dots, dashes and underscores, at most 128.',
    nameTaken: 'There is a stream of this name.',
    mode: 'Mode',
    provisioned: 'Provisioned, by shards',
    onDemand: 'On-demand, by load',
    shards: 'Shards',
    shardsHint: 'Each takes 1,000 records or 1 MiB a second, and gives 2 MiB. It can be changed any time.',
    shardsWrong: 'A whole number from 1 on.',
    retention: 'Retention in hours',
    retentionHint: 'How long records are kept: 24 hours to 8,760, which is a year.',
    encrypt: 'Encrypt records with a KMS key',
    key: 'Key',
    keyHint: 'An id, an ARN or an alias. The alias that is there is a key that every account has.',
    willProvisioned: (shards: string, records: string, mib: string) =>
      `A stream of ${shards} that takes up to ${records} records or ${mib} MiB a second.`,
    willOnDemand: 'A stream of four shards to begin with; more are added as more is put.',
    shardCount: (count: number) => (count === 1 ? 'one shard' : `${format.number(count)} shards`),
    willKeep: (time: string) => `Records can be read for ${time} after they were put, as often as wanted.`,
    willEncrypt: 'Records are encrypted from when the stream is ACTIVE again after its creation.',
  },
  es: {
    title: 'Crear un stream',
    name: 'Nombre',
    nameHint: 'Letras, cifras, puntos, guiones y guiones bajos.',
    nameForm: 'Solo letras, cifras, puntos, guiones y guiones bajos, 128 como máximo.',
    nameTaken: 'Ya hay un stream con este nombre.',
    mode: 'Modo',
    provisioned: 'Aprovisionado, por shards',
    onDemand: 'Bajo demanda, por carga',
    shards: 'Shards',
    shardsHint:
      'Cada uno admite 1.000 registros o 1 MiB por segundo, y da 2 MiB. Se puede cambiar cuando sea.',
    shardsWrong: 'Un número entero, al menos 1.',
    retention: 'Retención en horas',
    retentionHint: 'Cuánto se guardan los registros: de 24 horas a 8.760, que es un año.',
    encrypt: 'Cifrar los registros con una clave de KMS',
    key: 'Clave',
    keyHint: 'Un id, un ARN o un alias. El alias que aparece es una clave que tiene toda cuenta.',
    willProvisioned: (shards: string, records: string, mib: string) =>
      `Un stream de ${shards} que admite hasta ${records} registros o ${mib} MiB por segundo.`,
    willOnDemand: 'Un stream de cuatro shards al principio; se añaden más según lo que se ponga.',
    shardCount: (count: number) => (count === 1 ? 'un shard' : `${format.number(count)} shards`),
    willKeep: (time: string) => `Los registros se pueden leer durante ${time}, tantas veces como se quiera.`,
    willEncrypt: 'Los registros se cifran en cuanto el stream vuelve a estar ACTIVE tras crearse.',
  },
});

/** Asks for a new stream, makes it, and goes to its page. */
export function CreateDialog({ taken, onClose }: CreateDialogProps) {
  const fields = useMemo(newFields, []);
  const isEncrypted = useSignal(false);
  const stream: NewStream = {
    name: fields.name.value,
    mode: fields.mode.value,
    shards: wholeNumber(fields.shards.value, 1) ?? 1,
    retentionHours: wholeNumber(fields.retention.value, 24) ?? 24,
    keyId: isEncrypted.value ? fields.key.value.trim() : '',
    tags: tagsOf(fields.tags.value),
  };
  const nameWrong = nameTrouble(stream.name, (name) => taken.has(name));
  const shardsWrong = stream.mode === 'PROVISIONED' && wholeNumber(fields.shards.value, 1) === undefined;
  const hoursWrong = retentionTrouble(fields.retention.value);
  const tagsWrong = tagTrouble(fields.tags.value) !== undefined;
  const isWrong = nameWrong !== undefined || shardsWrong || hoursWrong || tagsWrong;
  return (
    <ActionDialog
      title={t.title}
      verb={shared.create}
      stream={stream.name}
      steps={createSteps(stream)}
      will={willOf(stream)}
      trouble={isWrong ? '' : undefined}
      onClose={onClose}
      onDone={() => go(href(['streams', stream.name]))}
    >
      <TextField
        label={t.name}
        value={fields.name}
        isMono={true}
        hint={t.nameHint}
        error={nameWrong === 'form' ? t.nameForm : nameWrong === 'taken' ? t.nameTaken : undefined}
      />
      <div class="field-row">
        <SelectField
          label={t.mode}
          value={fields.mode}
          options={[
            { id: 'PROVISIONED', title: t.provisioned },
            { id: 'ON_DEMAND', title: t.onDemand },
          ]}
        />
        {stream.mode === 'PROVISIONED' && (
          <TextField
            label={t.shards}
            value={fields.shards}
            kind="number"
            hint={t.shardsHint}
            error={shardsWrong ? t.shardsWrong : undefined}
          />
        )}
        <TextField
          label={t.retention}
          value={fields.retention}
          kind="number"
          hint={t.retentionHint}
          error={hoursWrong ? t.retentionHint : undefined}
        />
      </div>
      <CheckField label={t.encrypt} value={isEncrypted} />
      {isEncrypted.value && <TextField label={t.key} value={fields.key} isMono={true} hint={t.keyHint} />}
      <TagEditor rows={fields.tags} />
    </ActionDialog>
  );
}

type CreateDialogProps = {
  /** Names that there are. */
  readonly taken: ReadonlySet<string>;
  readonly onClose: () => void;
};

function newFields() {
  return {
    name: signal(''),
    mode: signal(suggestedStream.mode),
    shards: signal(String(suggestedStream.shards)),
    retention: signal(String(suggestedStream.retentionHours)),
    key: signal('alias/aws/kinesis'),
    tags: signal<readonly TagRow[]>([]),
  };
}

function willOf({ mode, shards, retentionHours, keyId }: NewStream): string[] {
  const size =
    mode === 'ON_DEMAND'
      ? t.willOnDemand
      : t.willProvisioned(t.shardCount(shards), format.number(shards * 1000), format.number(shards));
  return [
    `${modeName(mode)}. ${size}`,
    t.willKeep(format.duration(retentionHours * 3_600_000)),
    ...(keyId === '' ? [] : [t.willEncrypt]),
  ];
}
