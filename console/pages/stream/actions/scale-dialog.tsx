import { useSignal } from '@preact/signals';
import { TextField } from '../../../parts/field.tsx';
import { format } from '../../../text/format.ts';
import { texts } from '../../../text/text.ts';
import { wholeNumber } from '../../streams/number-input.ts';
import type { HashRange } from '../shards/hash-range.ts';
import { scaleEffect } from '../shards/scale-effect.ts';
import { scale } from '../stream-requests.ts';
import type { SeenStream } from '../use-stream-sight.ts';
import { ActionDialog } from './action-dialog.tsx';
import { afterwards, shardCountText } from './shard-count-text.ts';
import type { StreamDialogProps } from './stream-dialog.ts';

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
    evenly: (target: string) => `The hash keys are shared out evenly over ${target}.`,
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
    evenly: (target: string) => `Las claves hash se reparten por igual entre ${target}.`,
    stays: (count: string) => `${count} se quedan como están.`,
    takes: (records: string, mib: string) =>
      `El stream admite entonces hasta ${records} registros o ${mib} MiB por segundo, si sus claves están bien repartidas.`,
  },
});

/** Changes the number of open shards of a stream whose shards are known. */
export function ScaleDialog({ seen: { sight, family }, onClose, onDone }: ScaleDialogProps) {
  const stream = { name: sight.Stream.Name, arn: sight.Stream.Arn };
  const open = family.open.map((at) => family.shards[at]!);
  return <ScaleByCountDialog {...{ stream, open, onClose, onDone }} nowCount={open.length} />;
}

type ScaleDialogProps = {
  readonly seen: SeenStream;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** The same where only their number is known, or with the ranges of the open ones. */
export function ScaleByCountDialog({ stream, nowCount, open, onClose, onDone }: ScaleByCountDialogProps) {
  const count = useSignal(String(Math.min(shardsMax, nowCount * 2)));
  const target = wholeNumber(count.value, 1);
  const isWrong = target === undefined || target > shardsMax;
  const isSame = target === nowCount;
  return (
    <ActionDialog
      title={t.title}
      verb={t.verb}
      stream={stream.name}
      steps={isWrong ? [] : scale(stream, target)}
      will={isWrong || isSame ? [] : willOf(nowCount, open, target)}
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

type ScaleByCountDialogProps = StreamDialogProps & {
  readonly nowCount: number;
  readonly open?: readonly HashRange[];
};

/** UpdateShardCount goes no further (API reference). */
const shardsMax = 10_000;

function willOf(nowCount: number, open: readonly HashRange[] | undefined, target: number): string[] {
  return [
    open === undefined ? t.evenly(shardCountText(target)) : effectText(open, target),
    t.takes(format.number(target * 1000), format.number(target)),
    ...afterwards(nowCount, target - nowCount),
  ];
}

function effectText(open: readonly HashRange[], target: number): string {
  const { closes, opens, stays } = scaleEffect(open, target);
  const even = t.will(shardCountText(target), format.number(closes), format.number(opens));
  return stays === 0 ? even : `${even} ${t.stays(format.number(stays))}`;
}
