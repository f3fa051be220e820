import { type Signal, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { format as written } from '../text/format.ts';
import { useExtent } from './extent.ts';
import { curveOf, daySeconds, nearestPlace, timeTicks, valueTicks } from './plot-scale.ts';

/**
 * Curves over time, with an axis of each kind. What is under the pointer is said below, where a press on a
 * line's name takes it out of the picture, and back into it.
 */
export function Chart(props: ChartProps) {
  const { label, times, heightPixels = 180 } = props;
  const frame = useRef<HTMLDivElement>(null);
  const width = useExtent(frame, 'clientWidth').value;
  const place = useSignal<number | undefined>(undefined);
  const hidden = useSignal<readonly string[]>([]);
  const seen = props.lines.map((line, index) => ({
    ...line,
    colour: line.colour ?? (index % 6) + 1,
    isHidden: hidden.value.includes(line.label),
  }));
  const scale = scaleOf(times, seen, width, heightPixels);
  const point = (event: PointerEvent) => {
    const { left } = frame.current!.getBoundingClientRect();
    place.value = nearestPlace(times, scale.timeAt(event.clientX - left));
  };
  const leave = () => {
    place.value = undefined;
  };
  const drawing = { times, lines: seen, scale, place, format: props.format ?? String, base: props.base };
  const press = (name: string) => {
    const others = hidden.value.filter((one) => one !== name);
    hidden.value = others.length < hidden.value.length ? others : [...others, name];
  };
  return (
    <div class="chart" ref={frame}>
      {width > 0 && (
        <svg
          {...{ width, height: heightPixels }}
          role="img"
          aria-label={label}
          onPointerMove={point}
          onPointerLeave={leave}
        >
          <Grid {...drawing} />
          {seen.map((line) => line.isHidden || <Curve key={line.label} {...{ line, times, scale }} />)}
          <Cursor {...drawing} />
        </svg>
      )}
      <Legend {...drawing} onPress={press} />
    </div>
  );
}

/** A line of a chart. */
export type Line = {
  readonly label: string;
  /** As many as there are times; null where there is nothing. */
  readonly values: readonly (number | null)[];
  /** Which of the theme's colours of data; its place in the list where it is absent. */
  readonly colour?: 1 | 2 | 3 | 4 | 5 | 6;
};

export type ChartProps = {
  /** What it shows, for whoever hears it. */
  readonly label: string;
  /** In seconds since 1970, growing; at least two. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** How a value is written at the axis and under the pointer: `format.bytes`. */
  readonly format?: (value: number) => string;
  /** How far the units of values are apart: 1,024 for bytes, 10 where it is absent. */
  readonly base?: 1024;
  readonly heightPixels?: number;
};

type SeenLine = Omit<Line, 'colour'> & { readonly colour: number; readonly isHidden: boolean };

type Drawing = {
  readonly times: readonly number[];
  readonly lines: readonly SeenLine[];
  readonly scale: Scale;
  readonly place: Signal<number | undefined>;
  readonly format: (value: number) => string;
  readonly base: 1024 | undefined;
};

/** Where times and values stand, in pixels, and the room of the curves. */
type Scale = {
  readonly x: (time: number) => number;
  readonly y: (value: number) => number;
  readonly timeAt: (x: number) => number;
  readonly most: number;
  readonly right: number;
  readonly bottom: number;
};

/** Room for the values at the left, and for times below. */
const left = 64;
const below = 24;
const edge = 8;

function scaleOf(times: readonly number[], lines: readonly SeenLine[], width: number, height: number): Scale {
  let greatest = 0;
  for (const { values, isHidden } of lines) {
    for (const value of isHidden ? [] : values) greatest = Math.max(greatest, value ?? 0);
  }
  const most = greatest > 0 ? greatest * 1.1 : 1;
  const right = Math.max(left + 1, width - edge);
  const bottom = height - below;
  const first = times[0]!;
  const perSecond = (right - left) / (times.at(-1)! - first);
  return {
    x: (time) => left + (time - first) * perSecond,
    y: (value) => bottom - (value / most) * (bottom - edge),
    timeAt: (x) => first + (x - left) / perSecond,
    ...{ most, right, bottom },
  };
}

function Grid({ times, scale, format, base }: Drawing) {
  const { x, y, most, right, bottom } = scale;
  const zoneSeconds = -60 * new Date(times.at(-1)! * 1000).getTimezoneOffset();
  const room = Math.max(1, Math.floor((right - left) / 90));
  const ticks = timeTicks(times[0]!, times.at(-1)!, room, zoneSeconds);
  const timeText = (time: number) =>
    ticks.step >= daySeconds ? written.day(time) : written.clock(time, ticks.step < 60 ? 'medium' : 'short');
  return (
    <g class="chart-grid">
      {valueTicks(most, Math.max(1, Math.floor(bottom / 32)), base).map((value) => (
        <g key={value}>
          <path d={`M${left} ${y(value)}H${right}`} />
          <text x={left - edge} y={y(value)} dy="0.35em" text-anchor="end">
            {format(value)}
          </text>
        </g>
      ))}
      {ticks.times.map((time) => (
        <g key={time}>
          <path d={`M${x(time)} ${edge}V${bottom}`} />
          <text x={x(time)} y={bottom + 16} text-anchor={x(time) > right - 30 ? 'end' : 'middle'}>
            {timeText(time)}
          </text>
        </g>
      ))}
    </g>
  );
}

function Curve({ line, times, scale }: Pick<Drawing, 'times' | 'scale'> & { readonly line: SeenLine }) {
  const path = curveOf(line.values, (place) => scale.x(times[place]!), scale.y);
  return <path class={`chart-line data-${line.colour}`} d={path} />;
}

function Cursor({ times, lines, scale, place }: Drawing) {
  const at = place.value;
  if (at === undefined || at >= times.length) return null;
  const x = scale.x(times[at]!);
  return (
    <g class="chart-cursor">
      <path d={`M${x} ${edge}V${scale.bottom}`} />
      {lines.map(({ label, values, colour, isHidden }) => {
        const value = isHidden ? null : values[at];
        return (
          typeof value === 'number' && (
            <circle key={label} class={`data-${colour}`} cx={x} cy={scale.y(value)} r="3.5" />
          )
        );
      })}
    </g>
  );
}

function Legend({ times, lines, place, format, onPress }: LegendProps) {
  const at = place.value;
  const time = at === undefined ? undefined : times[at];
  return (
    <div class="chart-legend">
      {lines.map(({ label, values, colour, isHidden }) => {
        const value = at === undefined ? null : values[at];
        return (
          <button key={label} type="button" aria-pressed={!isHidden} onClick={() => onPress(label)}>
            <i class={`data-${colour}`} />
            {label}
            {typeof value === 'number' && !isHidden && <b>{format(value)}</b>}
          </button>
        );
      })}
      {time !== undefined && <span>{written.clock(time, 'medium')}</span>}
    </div>
  );
}

type LegendProps = Drawing & { readonly onPress: (label: string) => void };
