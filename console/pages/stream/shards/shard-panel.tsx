import { useSignal } from '@preact/signals';
import { mayChange } from '../../../api/config.ts';
import { Badge } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { Facts } from '../../../parts/facts.tsx';
import { href } from '../../../shell/router.ts';
import { format } from '../../../text/format.ts';
import { texts } from '../../../text/text.ts';
import { MergeDialog } from '../actions/merge-dialog.tsx';
import { readOnlyWhy } from '../actions/read-only.ts';
import { SplitDialog, type SplitPlace } from '../actions/split-dialog.tsx';
import type { SeenStream } from '../use-stream-sight.ts';
import { neighbours } from './genealogy.ts';
import { limitUse } from './heat.ts';
import { HotKeys } from './hot-keys.tsx';
import { keysText, t as shared, shareText, shortId } from './shard-text.ts';

const t = texts({
  en: {
    title: (id: string) => `Shard ${id}`,
    keys: 'Hash keys',
    range: (first: string, last: string) => `Hash keys ${first} to ${last}`,
    in: 'In',
    out: 'Out',
    use: 'Use of its write limit',
    throttled: 'Throttled',
    created: 'Opened',
    closed: 'Closed',
    parents: 'Came from',
    children: 'Went on as',
    first: 'none that is still there',
    split: 'Split here',
    splitHalf: 'Split in half',
    merge: 'Merge …',
    records: 'Its records',
    provisionedOnly: 'An on-demand stream splits and merges by itself.',
    notActive: 'The stream is being changed.',
    noNeighbour: 'There is no open shard beside it.',
    here: 'Where it would halve what came lately.',
    unknown: 'Where to split is known once enough records of several keys came.',
    copy: 'Copy id',
  },
  es: {
    title: (id: string) => `Shard ${id}`,
    keys: 'Claves hash',
    range: (first: string, last: string) => `Claves hash de ${first} a ${last}`,
    in: 'Entrada',
    out: 'Salida',
    use: 'Uso de su límite de escritura',
    throttled: 'Limitado',
    created: 'Abierto',
    closed: 'Cerrado',
    parents: 'Viene de',
    children: 'Sigue en',
    first: 'ninguno que aún exista',
    split: 'Dividir aquí',
    splitHalf: 'Dividir por la mitad',
    merge: 'Unir …',
    records: 'Sus registros',
    provisionedOnly: 'Un stream bajo demanda se divide y se une solo.',
    notActive: 'El stream está cambiando.',
    noNeighbour: 'No hay ningún shard abierto a su lado.',
    here: 'Donde dividiría por la mitad lo que llegó últimamente.',
    unknown: 'Dónde dividir se sabe cuando han llegado bastantes registros de varias claves.',
    copy: 'Copiar id',
  },
});

/** All that is known of one shard, and what can be done with it. */
export function ShardPanel({ seen, at, onChoose, onDone }: ShardPanelProps) {
  const dialog = useSignal<SplitPlace | 'merge' | undefined>(undefined);
  const shard = seen.family.shards[at]!;
  const sight = seen.sight.Shards[at]!;
  const close = () => {
    dialog.value = undefined;
  };
  return (
    <section class="shard-panel" aria-label={t.title(shortId(shard.id))}>
      <header class="shard-head">
        <h3>{t.title(shortId(shard.id))}</h3>
        <Badge kind={shard.isOpen ? 'good' : 'neutral'}>{shard.isOpen ? shared.open : shared.closed}</Badge>
        <CopyButton text={shard.id} label={t.copy} />
        <a href={href(['streams', seen.sight.Stream.Name, 'records'], { shard: shard.id })}>{t.records}</a>
      </header>
      {shard.isOpen && (
        <ShardActions
          {...{ seen, at }}
          onAction={(action) => {
            dialog.value = action;
          }}
        />
      )}
      <ShardFacts {...{ seen, at, onChoose }} />
      <p class="quiet-text shard-range">{t.range(String(shard.first), String(shard.last))}</p>
      <HotKeys stream={seen.sight.Stream.Name} sight={sight} />
      {dialog.value === 'merge' && <MergeDialog {...{ seen, at, onDone }} onClose={close} />}
      {dialog.value !== undefined && dialog.value !== 'merge' && (
        <SplitDialog {...{ seen, at, onDone }} place={dialog.value} onClose={close} />
      )}
    </section>
  );
}

export type ShardPanelProps = {
  readonly seen: SeenStream;
  readonly at: number;
  readonly onChoose: (at: number) => void;
  /** After a change. */
  readonly onDone: () => void;
};

type ShardActionsProps = Pick<ShardPanelProps, 'seen' | 'at'> & {
  readonly onAction: (action: SplitPlace | 'merge') => void;
};

function ShardActions({ seen, at, onAction }: ShardActionsProps) {
  const { sight, family } = seen;
  const never = reshardingWhy(seen);
  const isAlone = Object.keys(neighbours(family, at)).length === 0;
  const splitAt = sight.Shards[at]!.SplitAt;
  const unless = (why: string | undefined, usual?: string) =>
    why === undefined ? { ...(usual === undefined ? {} : { why: usual }) } : { why, disabled: true };
  return (
    <div class="shard-actions">
      <Button
        {...unless(never ?? (splitAt === undefined ? t.unknown : undefined), t.here)}
        onPress={() => onAction('load')}
      >
        {t.split}
      </Button>
      <Button {...unless(never)} onPress={() => onAction('half')}>
        {t.splitHalf}
      </Button>
      <Button {...unless(never ?? (isAlone ? t.noNeighbour : undefined))} onPress={() => onAction('merge')}>
        {t.merge}
      </Button>
      {never !== undefined && <span class="quiet-text">{never}</span>}
      {never === undefined && splitAt === undefined && <span class="quiet-text">{t.unknown}</span>}
    </div>
  );
}

/** Why no shard of the stream can be split or merged now; undefined where they can be. */
export function reshardingWhy({ sight }: SeenStream): string | undefined {
  if (!mayChange()) return readOnlyWhy().why;
  if (sight.Stream.Mode === 'ON_DEMAND') return t.provisionedOnly;
  return sight.Stream.Status === 'ACTIVE' ? undefined : t.notActive;
}

function ShardFacts({ seen, at, onChoose }: Pick<ShardPanelProps, 'seen' | 'at' | 'onChoose'>) {
  const { family, sight, shardRates, limits } = seen;
  const shard = family.shards[at]!;
  const { CreatedAt: created, ClosedAt: closed } = sight.Shards[at]!;
  const rates = shardRates[at]!;
  const flow = (records: number, bytes: number) => `${format.short(records)}/s · ${format.bytes(bytes)}/s`;
  const relatives = (places: readonly number[]) =>
    places.length === 0 ? (
      <span class="quiet-text">{t.first}</span>
    ) : (
      places.map((place) => (
        <Button key={place} kind="quiet" onPress={() => onChoose(place)}>
          {shortId(family.shards[place]!.id)}
        </Button>
      ))
    );
  return (
    <Facts
      facts={[
        [t.in, flow(rates.recordsIn, rates.bytesIn)],
        [t.out, flow(rates.recordsOut, rates.bytesOut)],
        ...(shard.isOpen ? ([[t.use, shareText(limitUse(rates, limits))]] as const) : []),
        [t.throttled, `${format.short(rates.recordsThrottled + rates.readsThrottled)}/s`],
        [t.keys, keysText(shard)],
        [t.created, format.time(created)],
        ...(closed === undefined ? [] : ([[t.closed, format.time(closed)]] as const)),
        [t.parents, relatives(shard.parents)],
        ...(shard.isOpen ? [] : ([[t.children, relatives(shard.children)]] as const)),
      ]}
    />
  );
}
