import { useEffect, useRef } from 'preact/hooks';
import { theme } from '../shell/theme.ts';
import { language } from '../text/text.ts';
import type { Plot } from './plot.ts';

/** Curves over time, with an axis of each kind; what is under the pointer is said below. */
export function Chart({ label, times, lines, format = String, heightPixels = 180 }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<Promise<Plot> | undefined>(undefined);
  const latest = useRef({ times, lines });
  latest.current = { times, lines };
  const names = lines.map((line) => line.label).join('\n');
  useEffect(() => {
    const drawn = startPlot(frame.current!, { lines, format, heightPixels }, () => latest.current);
    plot.current = drawn;
    return () => {
      plot.current = undefined;
      drawn.then((started) => started.end()).catch(() => {});
    };
    // Colours and words are of the plot's making.
  }, [names, theme.value, language.value, heightPixels]);
  useEffect(() => {
    plot.current?.then((started) => started.show(times, lines)).catch(() => {});
  }, [times, lines]);
  return <div class="chart" ref={frame} role="img" aria-label={label} />;
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
  /** In seconds since 1970, growing. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** How a value is written at the axis and under the pointer: `format.bytes`. */
  readonly format?: (value: number) => string;
  readonly heightPixels?: number;
};

/** What draws is fetched with the first chart. */
async function startPlot(
  frame: HTMLElement,
  look: Pick<ChartProps, 'lines' | 'format'> & { readonly heightPixels: number },
  latest: () => Pick<ChartProps, 'times' | 'lines'>,
): Promise<Plot> {
  const { Plot } = await import('./plot.ts');
  const { times, lines } = latest();
  return new Plot(frame, look, times, lines);
}
