import { format } from '../../../text/format.ts';
import { texts } from '../../../text/text.ts';
import { deleteStream } from '../stream-requests.ts';
import { ActionDialog } from './action-dialog.tsx';
import type { StreamDialogProps } from './stream-dialog.ts';

const t = texts({
  en: {
    title: (name: string) => `Delete ${name}`,
    verb: 'Delete for good',
    will: 'The stream is deleted with all its records. Nobody can bring them back.',
    readers: 'Whoever still puts or reads gets ResourceNotFoundException.',
    consumers: (count: string) => `Its registered consumers (${count}) go with it.`,
  },
  es: {
    title: (name: string) => `Borrar ${name}`,
    verb: 'Borrar para siempre',
    will: 'El stream se borra con todos sus registros. Nadie puede recuperarlos.',
    readers: 'Quien aún ponga o lea recibe ResourceNotFoundException.',
    consumers: (count: string) => `Sus consumidores registrados (${count}) se van con él.`,
  },
});

export function DeleteDialog({ stream, consumers, onClose, onDone }: DeleteDialogProps) {
  return (
    <ActionDialog
      title={t.title(stream.name)}
      verb={t.verb}
      stream={stream.name}
      steps={deleteStream(stream, consumers > 0)}
      will={[t.will, t.readers, ...(consumers === 0 ? [] : [t.consumers(format.number(consumers))])]}
      word={stream.name}
      kind="danger"
      onClose={onClose}
      onDone={onDone}
    />
  );
}

type DeleteDialogProps = StreamDialogProps & {
  /** How many are registered. */
  readonly consumers: number;
};
