import { useMemo } from 'preact/hooks';
import { Tabs } from '../../../parts/tabs.tsx';
import { queryParameter } from '../../../shell/router.ts';
import type { SeenStream } from '../use-stream-sight.ts';
import { ShardMap } from './shard-map.tsx';
import { ShardPanel } from './shard-panel.tsx';
import { ShardTable } from './shard-table.tsx';
import { t } from './shard-text.ts';

const shardId = queryParameter('shard');
const shown = queryParameter('shards', 'map');

/** The shards of a stream, as a map or a table, and the one that is chosen. */
export function ShardsSection({ seen, onDone }: { readonly seen: SeenStream; readonly onDone: () => void }) {
  const { family } = seen;
  const places = useMemo(() => new Map(family.shards.map(({ id, at }) => [id, at])), [family]);
  const chosen = places.get(shardId.value);
  const choose = (at: number) => {
    shardId.value = family.shards[at]!.id;
  };
  const openCount = family.open.length;
  return (
    <section class="stream-section">
      <header class="section-head">
        <h2>{t.shards}</h2>
        <span class="quiet-text">{t.of(openCount, family.shards.length - openCount)}</span>
        <Tabs
          label={t.show}
          tabs={[
            { id: 'map', title: t.map },
            { id: 'table', title: t.table },
          ]}
          chosen={shown.value === 'table' ? 'table' : 'map'}
          onChoose={(id) => {
            shown.value = id;
          }}
        />
      </header>
      {shown.value === 'table' ? (
        <ShardTable seen={seen} onChoose={choose} />
      ) : (
        <ShardMap seen={seen} chosen={chosen} onChoose={choose} />
      )}
      {chosen !== undefined && (
        <ShardPanel key={shardId.value} seen={seen} at={chosen} onChoose={choose} onDone={onDone} />
      )}
    </section>
  );
}
