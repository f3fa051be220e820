import { useSignal } from '@preact/signals';
import { SelectField } from '../../../parts/field.tsx';
import { texts } from '../../../text/text.ts';
import { neighbours } from '../shards/genealogy.ts';
import { limitUse } from '../shards/heat.ts';
import { keysText, shareText, shortId } from '../shards/shard-text.ts';
import { mergeShards } from '../stream-requests.ts';
import type { SeenStream } from '../use-stream-sight.ts';
import { ActionDialog } from './action-dialog.tsx';
import { afterwards } from './shard-count-text.ts';

const t = texts({
  en: {
    title: (id: string) => `Merge shard ${id}`,
    verb: 'Merge',
    with: 'With',
    lower: (id: string) => `Shard ${id}, which has the hash keys below`,
    upper: (id: string) => `Shard ${id}, which has the hash keys above`,
    will: (lower: string, upper: string, keys: string) =>
      `Shards ${lower} and ${upper} close, and one opens in their place, with ${keys} of all hash keys.`,
    use: (use: string) => `What came to both lately is ${use} of what one shard takes.`,
    over: 'One shard would not take what both get now: records would be throttled.',
    alone: 'There is no open shard beside it.',
  },
  es: {
    title: (id: string) => `Unir el shard ${id}`,
    verb: 'Unir',
    with: 'Con',
    lower: (id: string) => `El shard ${id}, que tiene las claves hash anteriores`,
    upper: (id: string) => `El shard ${id}, que tiene las claves hash siguientes`,
    will: (lower: string, upper: string, keys: string) =>
      `Los shards ${lower} y ${upper} se cierran, y en su lugar se abre uno, con el ${keys} de todas las claves hash.`,
    use: (use: string) => `Lo que llegó a ambos últimamente es el ${use} de lo que admite un shard.`,
    over: 'Un solo shard no admitiría lo que ahora reciben ambos: se limitarían registros.',
    alone: 'No hay ningún shard abierto a su lado.',
  },
});

/** Merges a shard with one of those beside it. */
export function MergeDialog({ seen, at, onClose, onDone }: MergeDialogProps) {
  const { family, sight } = seen;
  const beside = neighbours(family, at);
  const side = useSignal<'lower' | 'upper'>(beside.upper === undefined ? 'lower' : 'upper');
  const other = beside[side.value];
  const pair = other === undefined ? undefined : side.value === 'lower' ? [other, at] : [at, other];
  const named = { name: sight.Stream.Name, arn: sight.Stream.Arn };
  const [lower, upper] = (pair ?? []).map((place) => family.shards[place]!);
  return (
    <ActionDialog
      title={t.title(shortId(family.shards[at]!.id))}
      verb={t.verb}
      stream={named.name}
      steps={lower === undefined ? [] : mergeShards(named, lower.id, upper!.id)}
      will={lower === undefined ? [] : willOf(seen, lower.at, upper!.at)}
      trouble={pair === undefined ? t.alone : undefined}
      onClose={onClose}
      onDone={onDone}
    >
      {pair !== undefined && (
        <SelectField
          label={t.with}
          value={side}
          options={(['lower', 'upper'] as const).flatMap((id) => {
            const place = beside[id];
            return place === undefined ? [] : [{ id, title: t[id](shortId(family.shards[place]!.id)) }];
          })}
        />
      )}
    </ActionDialog>
  );
}

export type MergeDialogProps = {
  readonly seen: SeenStream;
  readonly at: number;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

function willOf({ family, shardRates, limits }: SeenStream, lowerAt: number, upperAt: number): string[] {
  const lower = family.shards[lowerAt]!;
  const upper = family.shards[upperAt]!;
  const both = {
    recordsIn: shardRates[lowerAt]!.recordsIn + shardRates[upperAt]!.recordsIn,
    bytesIn: shardRates[lowerAt]!.bytesIn + shardRates[upperAt]!.bytesIn,
  };
  const use = limitUse(both, limits);
  return [
    t.will(shortId(lower.id), shortId(upper.id), keysText({ first: lower.first, last: upper.last })),
    t.use(shareText(use)),
    ...(use > 1 ? [t.over] : []),
    ...afterwards(family.open.length, -1),
  ];
}
