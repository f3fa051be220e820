import { useMemo } from 'preact/hooks';
import type { SeenStream } from '../use-stream-sight.ts';
import { kin } from './genealogy.ts';
import { fractionOf, type HashRange, holds, overlaps, shareOf, wholeRange } from './hash-range.ts';
import type { Heat } from './heat.ts';
import { firstRow, type MapCell } from './map-cells.ts';
import { recordsIn } from './map-heat.ts';
import { placeText, shareText, shortId, t } from './shard-text.ts';

/** The drawing alone. Pointer and keyboard are whose it is. */
export function MapDrawing(drawing: MapDrawingProps) {
  const { seen, cells, width, onPoint, onPress } = drawing;
  const rows = seen.family.rows - firstRow(seen.family);
  const rowHeight = Math.max(rowHeightMin, Math.min(rowHeightMax, Math.floor(heightWanted / rows)));
  const cellAt = (event: Event): MapCell | undefined => {
    const drawn = event.target instanceof Element ? event.target.closest('[data-cell]') : null;
    return cells[Number(drawn?.getAttribute('data-cell') ?? -1)];
  };
  return (
    <svg
      class="map-drawing"
      width={width}
      height={rows * rowHeight + lanesHeight}
      aria-hidden="true"
      onPointerOver={(event) => onPoint(cellAt(event))}
      onPointerLeave={() => onPoint(undefined)}
      onClick={(event) => {
        const cell = cellAt(event);
        if (cell !== undefined) onPress(cell);
      }}
    >
      <Cells {...drawing} rowHeight={rowHeight} />
      <HotKeyLane {...drawing} top={rows * rowHeight} />
      <Axis view={drawing.view} width={width} top={rows * rowHeight + hotLaneHeight} />
    </svg>
  );
}

export type MapDrawingProps = {
  readonly seen: SeenStream;
  readonly cells: readonly MapCell[];
  /** Of each cell. */
  readonly heats: readonly Heat[];
  readonly view: HashRange;
  readonly width: number;
  readonly chosen: number | undefined;
  readonly onPoint: (cell: MapCell | undefined) => void;
  readonly onPress: (cell: MapCell) => void;
};

const heightWanted = 260;
const rowHeightMin = 20;
const rowHeightMax = 56;
const hotLaneHeight = 22;
const axisHeight = 22;
const lanesHeight = hotLaneHeight + axisHeight;

function Cells({ rowHeight, ...drawing }: MapDrawingProps & { readonly rowHeight: number }) {
  const { seen, cells, heats, chosen, view, width } = drawing;
  const { family } = seen;
  const related = useMemo(
    () =>
      chosen === undefined
        ? new Set<number>()
        : kin(family, chosen, 'parents').union(kin(family, chosen, 'children')),
    [family, chosen],
  );
  const all = recordsIn(seen);
  const from = firstRow(family);
  const splitAt = chosen === undefined ? undefined : seen.sight.Shards[chosen]?.SplitAt;
  return (
    <g>
      {cells.map((cell, index) => {
        const heat = heats[index]!;
        const y = (cell.top - from) * rowHeight;
        const height = (cell.bottom - cell.top) * rowHeight - 2;
        const drawn = Math.max(1, cell.width - (cell.width > 3 ? 1 : 0));
        return (
          <g key={`${cell.shards[0]}/${cell.shards.length}`} data-cell={index}>
            <rect
              class={classOf(cell, heat, { family, chosen, related })}
              {...{ x: cell.x, y, width: drawn, height }}
              rx={drawn > 8 ? 2 : 0}
            />
            {cell.width >= labelWidthMin && (
              <text
                class={isOpenCell(family, cell) ? 'map-label' : 'map-label of-closed'}
                x={cell.x + 6}
                y={y + 14}
              >
                {labelOf(seen, cell, all)}
              </text>
            )}
          </g>
        );
      })}
      {splitAt !== undefined && holds(view, BigInt(splitAt)) && (
        <line
          class="map-split"
          x1={fractionOf(view, BigInt(splitAt)) * width}
          x2={fractionOf(view, BigInt(splitAt)) * width}
          y1={Math.max(0, family.shards[chosen!]!.top - from) * rowHeight}
          y2={(family.shards[chosen!]!.bottom - from) * rowHeight}
        />
      )}
    </g>
  );
}

const labelWidthMin = 44;

type Choice = {
  readonly family: SeenStream['family'];
  readonly chosen: number | undefined;
  readonly related: ReadonlySet<number>;
};

function classOf({ shards }: MapCell, heat: number, { family, chosen, related }: Choice): string {
  return [
    'map-cell',
    `heat-${heat}`,
    isOpenCell(family, { shards }) ? 'open' : 'closed',
    shards.length > 1 ? 'several' : '',
    chosen !== undefined && shards.includes(chosen) ? 'chosen' : '',
    shards.some((at) => related.has(at)) ? 'related' : '',
  ].join(' ');
}

function isOpenCell(family: SeenStream['family'], { shards }: Pick<MapCell, 'shards'>): boolean {
  return shards.some((at) => family.shards[at]!.isOpen);
}

/** A shard's number, and its share of the records where there is room. */
function labelOf({ family, shardRates }: SeenStream, { shards, width }: MapCell, all: number): string {
  const shard = family.shards[shards[0]!]!;
  if (shards.length > 1 || all === 0 || !shard.isOpen || width < 2 * labelWidthMin) return shortId(shard.id);
  return `${shortId(shard.id)} · ${shareText(shardRates[shard.at]!.recordsIn / all)}`;
}

/** Keys that come often, where they lie; the larger the more. */
function HotKeyLane({ seen, view, width, top }: MapDrawingProps & { readonly top: number }) {
  const marks = hotMarks(seen, view);
  return (
    <g>
      {marks.map(({ id, key, share, at, ofStream }) => (
        <circle
          key={id}
          class="map-hot-key"
          cx={fractionOf(view, at) * width}
          cy={top + hotLaneHeight / 2}
          r={2 + 8 * Math.sqrt(Math.min(1, ofStream))}
        >
          <title>{t.hotKey(key, shareText(share))}</title>
        </circle>
      ))}
    </g>
  );
}

/** The hottest first. */
function hotMarks({ family, sight, shardRates }: SeenStream, view: HashRange) {
  const all = recordsIn({ shardRates });
  return family.open
    .filter((place) => overlaps(family.shards[place]!, view))
    .flatMap((place) =>
      sight.Shards[place]!.HotKeys.map(({ Key: key, HashKey: hash, Share: share }) => {
        const ofStream = all === 0 ? 0 : (share * shardRates[place]!.recordsIn) / all;
        return { id: `${place}/${key}`, key, hash, share, ofStream };
      }),
    )
    .sort((a, b) => b.ofStream - a.ofStream)
    .slice(0, marksMax)
    .map((mark) => ({ ...mark, at: BigInt(mark.hash) }))
    .filter(({ at }) => holds(view, at));
}

const marksMax = 100;

function Axis({
  view,
  width,
  top,
}: {
  readonly view: HashRange;
  readonly width: number;
  readonly top: number;
}) {
  const viewShare = shareOf(view, wholeRange);
  const start = fractionOf(wholeRange, view.first);
  const ticks = width < 500 ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1];
  return (
    <g class="map-axis">
      <line x1={0} x2={width} y1={top} y2={top} />
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={tick * (width - 1)} x2={tick * (width - 1)} y1={top} y2={top + 4} />
          <text
            x={tick * width}
            y={top + 17}
            text-anchor={tick === 0 ? 'start' : tick === 1 ? 'end' : 'middle'}
          >
            {placeText(start + tick * viewShare, viewShare)}
          </text>
        </g>
      ))}
    </g>
  );
}
