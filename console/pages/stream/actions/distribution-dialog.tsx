import { texts } from '../../../text/text.ts';
import { changeDistribution } from '../stream-requests.ts';
import { ActionDialog } from './action-dialog.tsx';
import type { StreamDialogProps } from './stream-dialog.ts';

const t = texts({
  en: {
    toAuto: 'Spread records evenly',
    toKey: 'Spread records by partition key',
    verb: 'Change',
    auto: [
      'The service chooses the shard of each record, so that none is hot, whatever the keys.',
      'Records of the same key are in no order any more.',
    ],
    key: [
      'The partition key chooses the shard: records of the same key are in order, and a key that comes often makes its shard hot.',
    ],
  },
  es: {
    toAuto: 'Repartir los registros por igual',
    toKey: 'Repartir los registros por clave de partición',
    verb: 'Cambiar',
    auto: [
      'El servicio elige el shard de cada registro, de modo que ninguno se calienta, sean cuales sean las claves.',
      'Los registros de una misma clave dejan de estar en orden.',
    ],
    key: [
      'La clave de partición elige el shard: los registros de una clave están en orden, y una clave muy frecuente calienta su shard.',
    ],
  },
});

/** Changes what chooses the shard of a record, in an on-demand stream. */
export function DistributionDialog({ stream, isAuto, onClose, onDone }: DistributionDialogProps) {
  return (
    <ActionDialog
      title={isAuto ? t.toKey : t.toAuto}
      verb={t.verb}
      stream={stream.name}
      steps={changeDistribution(stream, isAuto ? 'USER_PARTITION_KEY' : 'AUTO')}
      will={isAuto ? t.key : t.auto}
      onClose={onClose}
      onDone={onDone}
    />
  );
}

type DistributionDialogProps = StreamDialogProps & { readonly isAuto: boolean };
