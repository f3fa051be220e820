import { useSignal } from '@preact/signals';
import { TextField } from '../../../parts/field.tsx';
import { format } from '../../../text/format.ts';
import { texts } from '../../../text/text.ts';
import { wholeNumber } from '../../streams/number-input.ts';
import { scaleEffect } from '../shards/scale-effect.ts';
import { scale } from '../stream-requests.ts';
import type { SeenStream } from '../use-stream-sight.ts';
import { ActionDialog } from './action-dialog.tsx';
import { afterwards, shardCountText } from './shard-count-text.ts';

const t = texts({
  en: {
    title: 'Scale the stream',
    verb: 'Scale',
    target: 'Open shards',
    hint: 'AWS lets this be at most double and at least half of what it is, ten times a day; a server without its limits takes any number.',
    wrong: 'A whole number from 1 to 10,000.',
    same: 'So many shards are open already: nothing would change.',
    will: (target: string, closes: string, opens: string) =>
      `The hash keys are shared out evenly over ${target}: ${closes} close and ${opens} open.`,
    stays: (count: string) => `${count} stay as they are.`,
    takes: (records: string, mib: string) =>
      `The stream then takes up to ${records} records or ${mib} MiB a second, if its keys are spread evenly.`,
  },
  es: {
    title: 'Escalar el stream',
    verb: 'Escalar',
    target: 'Shards abiertos',
    hint: 'AWS deja como máximo el doble y como mínimo la mitad de los que hay, diez veces al día; un servidor sin sus límites admite cualquier número.',
    wrong: 'Un número entero de 1 a 10.000.',
    same: 'Ya hay tantos shards abiertos: no cambiaría nada.',
    will: (target: string, closes: string, opens: string) =>
      `Las claves hash se reparten por igual entre ${target}: se cierran ${closes} y se abren ${opens}.`,
    stays: (count: string) => `${count} se quedan como están.`,
    takes: (records: string, mib: string) =>
      `El stream admite entonces hasta ${records} registros o ${mib} MiB por segundo, si sus claves están bien repartidas.`,
  },
});

/** Changes the number of open shards. */
export function ScaleDialog({ seen, onClose, onDone }: ScaleDialogProps) {
  const { sight, family } = seen;
  const count = useSignal(String(Math.min(shardsMax, family.open.length * 2)));
  const target = wholeNumber(count.value, 1);
  const isWrong = target === undefined || target > shardsMax;
  const isSame = target === family.open.length;
  const named = { name: sight.Stream.Name, arn: sight.Stream.Arn };
  return (
    <ActionDialog
      title={t.title}
      verb={t.verb}
      stream={named.name}
      steps={isWrong ? [] : scale(named, target)}
      will={isWrong || isSame ? [] : willOf(seen, target)}
      trouble={isWrong ? '' : isSame ? t.same : undefined}
      onClose={onClose}
      onDone={onDone}
    >
      <TextField
        label={t.target}
        value={count}
        kind="number"
        hint={t.hint}
        error={isWrong ? t.wrong : undefined}
      />
    </ActionDialog>
  );
}

export type ScaleDialogProps = {
  readonly seen: SeenStream;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** UpdateShardCount goes no further (API reference). */
const shardsMax = 10_000;

function willOf({ family }: SeenStream, target: number): string[] {
  const { closes, opens, stays } = scaleEffect(
    family.open.map((at) => family.shards[at]!),
    target,
  );
  const even = t.will(shardCountText(target), format.number(closes), format.number(opens));
  return [
    stays === 0 ? even : `${even} ${t.stays(format.number(stays))}`,
    t.takes(format.number(target * 1000), format.number(target)),
    ...afterwards(family.open.length, target - family.open.length),
  ];
}
