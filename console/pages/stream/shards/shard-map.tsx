import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { Button } from '../../../parts/button.tsx';
import { SelectField } from '../../../parts/field.tsx';
import { queryParameter } from '../../../shell/router.ts';
import type { SeenStream } from '../use-stream-sight.ts';
import { type Direction, nextShard } from './genealogy.ts';
import { type HashRange, wholeRange, zoomed } from './hash-range.ts';
import type { HeatBy } from './heat.ts';
import { firstRow, type MapCell, mapCells, rangeOf } from './map-cells.ts';
import { MapDrawing } from './map-drawing.tsx';
import { cellHeats } from './map-heat.ts';
import { MapLegend } from './map-legend.tsx';
import { cellText } from './map-text.ts';
import { t } from './shard-text.ts';
import { useWidth } from './use-width.ts';

const heat = queryParameter('heat', 'share');

/**
 * The shards of a stream by hash key, one generation below the other: what is open reaches the lowest row.
 * Colours say how much comes, outlines what the chosen shard came from and what came from it.
 */
export function ShardMap({ seen, chosen, onChoose }: ShardMapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const view = useSignal<HashRange>(wholeRange);
  const pointed = useSignal<MapCell | undefined>(undefined);
  const { family } = seen;
  const by: HeatBy = heat.value === 'limit' ? 'limit' : 'share';
  const cells = useMemo(() => mapCells(family, view.value, width), [family, view.value, width]);
  const press = (cell: MapCell) => {
    if (cell.shards.length === 1) onChoose(cell.shards[0]!);
    else view.value = rangeOf(family, cell);
  };
  const told = pointed.value ?? cells.find(({ shards }) => chosen !== undefined && shards.includes(chosen));
  return (
    <div class="shard-map">
      <MapTools view={view} />
      <div
        ref={frame}
        class="map-frame"
        role="application"
        aria-label={t.mapLabel}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows go through the map, as through a tree.
        tabIndex={0}
        onKeyDown={(event) => {
          if (pressed(event, seen, { chosen, onChoose, view })) event.preventDefault();
        }}
      >
        {width > 0 && (
          <MapDrawing
            {...{ seen, cells, width, chosen, view: view.value, heats: cellHeats(seen, cells, by) }}
            onPoint={(cell) => {
              pointed.value = cell;
            }}
            onPress={press}
          />
        )}
      </div>
      <p class="map-told" aria-live="polite">
        {told === undefined ? t.hover : cellText(seen, told)}
        {firstRow(family) > 0 && ` ${t.older(firstRow(family))}`}
      </p>
      <MapLegend by={by} />
    </div>
  );
}

export type ShardMapProps = {
  readonly seen: SeenStream;
  /** A place in the stream's shards. */
  readonly chosen: number | undefined;
  readonly onChoose: (at: number) => void;
};

function MapTools({ view }: { readonly view: { value: HashRange } }) {
  const zoom = (direction: 'in' | 'out') => {
    view.value = zoomed(view.value, direction);
  };
  const isWhole = view.value.first === wholeRange.first && view.value.last === wholeRange.last;
  return (
    <div class="map-tools">
      <SelectField
        label={t.heat}
        value={heat as { value: HeatBy }}
        options={[
          { id: 'share', title: t.byShare },
          { id: 'limit', title: t.byLimit },
        ]}
      />
      <div class="map-zoom">
        <Button label={t.zoomIn} keys="+" onPress={() => zoom('in')}>
          <span aria-hidden="true">+</span>
        </Button>
        <Button label={t.zoomOut} keys="-" disabled={isWhole} onPress={() => zoom('out')}>
          <span aria-hidden="true">−</span>
        </Button>
        <Button
          disabled={isWhole}
          onPress={() => {
            view.value = wholeRange;
          }}
        >
          {t.whole}
        </Button>
      </div>
    </div>
  );
}

const directions: Readonly<Record<string, Direction>> = {
  ...{ ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' },
};

type MapState = Pick<ShardMapProps, 'chosen' | 'onChoose'> & { readonly view: { value: HashRange } };

/** Whether a key meant something here. */
function pressed(
  event: KeyboardEvent,
  { family }: SeenStream,
  { chosen, onChoose, view }: MapState,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const direction = directions[event.key];
  if (direction !== undefined) {
    onChoose(chosen === undefined ? family.open[0]! : nextShard(family, chosen, direction));
    return true;
  }
  if (event.key === 'Home') onChoose(family.open[0]!);
  else if (event.key === 'End') onChoose(family.open.at(-1)!);
  else if (event.key === '+') view.value = zoomed(view.value, 'in');
  else if (event.key === '-') view.value = zoomed(view.value, 'out');
  else return false;
  return true;
}
