import { texts } from '../../../text/text.ts';
import { changeMode } from '../stream-requests.ts';
import { ActionDialog } from './action-dialog.tsx';
import type { StreamDialogProps } from './stream-dialog.ts';

const t = texts({
  en: {
    toOnDemand: 'Switch to on-demand',
    toProvisioned: 'Switch to provisioned',
    verb: 'Switch',
    onDemand: [
      'Shards are added as more is put, up to twice what was the most in 30 days; you split and merge no more.',
      'On AWS shard hours are not billed any more, but what goes in and out is, by the GB. The Cost page says which is cheaper.',
    ],
    provisioned: [
      'The stream keeps the shards that it has, and you split, merge and scale them.',
      'What only on-demand streams have is gone: warm throughput, and records spread by the service.',
    ],
    keeps: 'Its shards stay as they are for now, and no record is lost.',
    often: 'AWS allows it twice a day.',
  },
  es: {
    toOnDemand: 'Pasar a bajo demanda',
    toProvisioned: 'Pasar a aprovisionado',
    verb: 'Cambiar',
    onDemand: [
      'Se añaden shards según lo que se ponga, hasta el doble del máximo en 30 días; ya no se dividen ni unen a mano.',
      'En AWS ya no se cobran horas de shard, sino lo que entra y sale, por GB. La página de coste dice qué es más barato.',
    ],
    provisioned: [
      'El stream conserva los shards que tiene, y usted los divide, une y escala.',
      'Se pierde lo que solo tienen los streams bajo demanda: la capacidad reservada y el reparto por el servicio.',
    ],
    keeps: 'De momento sus shards se quedan como están, y no se pierde ningún registro.',
    often: 'AWS lo permite dos veces al día.',
  },
});

/** Switches a stream to the other mode. */
export function ModeDialog({ stream, nowMode, onClose, onDone }: ModeDialogProps) {
  const isOnDemand = nowMode === 'ON_DEMAND';
  return (
    <ActionDialog
      title={isOnDemand ? t.toProvisioned : t.toOnDemand}
      verb={t.verb}
      stream={stream.name}
      steps={changeMode(stream, isOnDemand ? 'PROVISIONED' : 'ON_DEMAND')}
      will={[t.keeps, ...(isOnDemand ? t.provisioned : t.onDemand), t.often]}
      onClose={onClose}
      onDone={onDone}
    />
  );
}

type ModeDialogProps = StreamDialogProps & { readonly nowMode: 'PROVISIONED' | 'ON_DEMAND' };
