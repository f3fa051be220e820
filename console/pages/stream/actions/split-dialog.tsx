import { useSignal } from '@preact/signals';
import { SelectField, TextField } from '../../../parts/field.tsx';
import { texts } from '../../../text/text.ts';
import { shareOf } from '../shards/hash-range.ts';
import { shareText, shortId } from '../shards/shard-text.ts';
import { halfOf, indivisibleKey, loadBelow, splitFrom } from '../shards/where-to-split.ts';
import { splitShard } from '../stream-requests.ts';
import type { SeenStream } from '../use-stream-sight.ts';
import { ActionDialog } from './action-dialog.tsx';
import { afterwards } from './shard-count-text.ts';

const t = texts({
  en: {
    title: (id: string) => `Split shard ${id}`,
    verb: 'Split',
    where: 'Where',
    load: 'Where it halves the records that came lately',
    half: 'In the middle of its hash keys',
    own: 'At a hash key that I choose',
    at: 'First hash key of the upper shard',
    atHint: (first: string, last: string) => `The shard has ${first} to ${last}.`,
    wrong: { 'no number': 'A number of at most 39 digits.', 'too low': 'Too low.', 'too high': 'Too high.' },
    will: (id: string, at: string) =>
      `Shard ${id} closes, and two open in its place: one for the hash keys below ${at}, one for the others.`,
    keys: (lower: string, upper: string) =>
      `Of its hash keys the lower one gets ${lower}, the upper one ${upper}.`,
    lately: (lower: string, upper: string) =>
      `Of the records that came lately, about ${lower} would have gone to the lower one, ${upper} to the upper one.`,
    indivisible: (key: string, share: string) =>
      `The key ${key} alone is ${share} of the shard’s records. All records of a key go to one shard: only more partition keys would spread them.`,
    narrow: 'The shard has too few hash keys to be split.',
  },
  es: {
    title: (id: string) => `Dividir el shard ${id}`,
    verb: 'Dividir',
    where: 'Dónde',
    load: 'Donde divide por la mitad los registros recientes',
    half: 'En medio de sus claves hash',
    own: 'En la clave hash que yo elija',
    at: 'Primera clave hash del shard superior',
    atHint: (first: string, last: string) => `El shard tiene de ${first} a ${last}.`,
    wrong: {
      'no number': 'Un número de 39 cifras como máximo.',
      'too low': 'Demasiado baja.',
      'too high': 'Demasiado alta.',
    },
    will: (id: string, at: string) =>
      `El shard ${id} se cierra, y en su lugar se abren dos: uno para las claves hash menores que ${at}, otro para las demás.`,
    keys: (lower: string, upper: string) =>
      `De sus claves hash, el inferior recibe ${lower} y el superior ${upper}.`,
    lately: (lower: string, upper: string) =>
      `De los registros recientes, cerca del ${lower} habría ido al inferior y el ${upper} al superior.`,
    indivisible: (key: string, share: string) =>
      `La clave ${key} sola es el ${share} de los registros del shard. Todos los registros de una clave van a un shard: solo más claves de partición los repartirían.`,
    narrow: 'El shard tiene muy pocas claves hash para dividirlo.',
  },
});

export type SplitPlace = 'load' | 'half' | 'own';

/** Splits a shard where its load, its hash keys or whoever looks says. */
export function SplitDialog({ seen, at: shardAt, place, onClose, onDone }: SplitDialogProps) {
  const { sight, family } = seen;
  const shard = family.shards[shardAt]!;
  const { HotKeys: hotKeys, SplitAt: splitAt } = sight.Shards[shardAt]!;
  const half = halfOf(shard);
  const where = useSignal<SplitPlace>(place === 'load' && splitAt === undefined ? 'half' : place);
  const own = useSignal(splitAt ?? String(half ?? ''));
  const typed = splitFrom(own.value, shard);
  const at = where.value === 'own' ? typed : where.value === 'load' ? BigInt(splitAt!) : half;
  const isSplittable = typeof at === 'bigint';
  const named = { name: sight.Stream.Name, arn: sight.Stream.Arn };
  return (
    <ActionDialog
      title={t.title(shortId(shard.id))}
      verb={t.verb}
      stream={named.name}
      steps={isSplittable ? splitShard(named, shard.id, at) : []}
      will={isSplittable ? willOf(seen, shardAt, at) : []}
      trouble={half === undefined ? t.narrow : isSplittable ? undefined : ''}
      onClose={onClose}
      onDone={onDone}
    >
      <SelectField
        label={t.where}
        value={where}
        options={[
          ...(splitAt === undefined ? [] : [{ id: 'load' as const, title: t.load }]),
          { id: 'half', title: t.half },
          { id: 'own', title: t.own },
        ]}
      />
      {where.value === 'own' && (
        <TextField
          label={t.at}
          value={own}
          isMono={true}
          hint={t.atHint(String(shard.first), String(shard.last))}
          error={typeof typed === 'bigint' ? undefined : t.wrong[typed]}
        />
      )}
      {indivisibleKey(hotKeys) !== undefined && (
        <p class="field-trouble">
          {t.indivisible(indivisibleKey(hotKeys)!.Key, shareText(indivisibleKey(hotKeys)!.Share))}
        </p>
      )}
    </ActionDialog>
  );
}

export type SplitDialogProps = {
  readonly seen: SeenStream;
  /** The place of the shard. */
  readonly at: number;
  /** What is chosen at first. */
  readonly place: SplitPlace;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

function willOf({ sight, family }: SeenStream, shardAt: number, at: bigint): string[] {
  const shard = family.shards[shardAt]!;
  const keys = shareOf({ first: shard.first, last: at - 1n }, shard);
  const { HotKeys: hotKeys } = sight.Shards[shardAt]!;
  const below = loadBelow(shard, hotKeys, at);
  const parts = (lower: number) => [shareText(lower), shareText(1 - lower)] as const;
  return [
    t.will(shortId(shard.id), String(at)),
    t.keys(...parts(keys)),
    ...(hotKeys.length === 0 ? [] : [t.lately(...parts(below))]),
    ...afterwards(family.open.length, 1),
  ];
}
