import { useSignal } from '@preact/signals';
import { texts } from '../../../text/text.ts';
import { TagEditor } from '../../streams/tag-editor.tsx';
import { rowsOf, type TagRow, type Tags, tagsOf, tagTrouble } from '../../streams/tag-rows.ts';
import { changeTags } from '../stream-requests.ts';
import { ActionDialog } from './action-dialog.tsx';
import type { StreamDialogProps } from './stream-dialog.ts';

const t = texts({
  en: {
    title: 'Tags',
    verb: 'Save',
    will: 'Tags only say something about the stream; policies may ask for them, so that this may change who has access.',
    same: 'Nothing is changed yet.',
  },
  es: {
    title: 'Etiquetas',
    verb: 'Guardar',
    will: 'Las etiquetas solo dicen algo del stream; hay políticas que las consultan, así que esto puede cambiar quién tiene acceso.',
    same: 'Todavía no se ha cambiado nada.',
  },
});

export function TagsDialog({ stream, now, onClose, onDone }: TagsDialogProps) {
  const rows = useSignal<readonly TagRow[]>([...rowsOf(now), { key: '', value: '' }]);
  const isWrong = tagTrouble(rows.value) !== undefined;
  const steps = isWrong ? [] : changeTags(stream, now, tagsOf(rows.value));
  return (
    <ActionDialog
      title={t.title}
      verb={t.verb}
      stream={stream.name}
      steps={steps}
      will={steps.length === 0 ? [] : [t.will]}
      trouble={isWrong ? '' : steps.length === 0 ? t.same : undefined}
      onClose={onClose}
      onDone={onDone}
    >
      <TagEditor rows={rows} />
    </ActionDialog>
  );
}

type TagsDialogProps = StreamDialogProps & { readonly now: Tags };
