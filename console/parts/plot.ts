import UPlot from 'uplot';
import { language, texts } from '../text/text.ts';
import type { ChartProps, Line } from './chart.tsx';

const t = texts({ en: { time: 'Time' }, es: { time: 'Hora' } });

/** A chart in an element, as wide as that is, until it is ended. */
export class Plot {
  readonly #plot: UPlot;
  readonly #sizes: ResizeObserver;

  constructor(frame: HTMLElement, look: PlotLook, times: ChartProps['times'], lines: readonly Line[]) {
    const { heightPixels: height } = look;
    this.#plot = new UPlot(
      { ...optionsOf(look), width: widthOf(frame), height },
      dataOf(times, lines),
      frame,
    );
    this.#sizes = new ResizeObserver(() => this.#plot.setSize({ width: widthOf(frame), height }));
    this.#sizes.observe(frame);
  }

  show(times: ChartProps['times'], lines: readonly Line[]): void {
    this.#plot.setData(dataOf(times, lines));
  }

  end(): void {
    this.#sizes.disconnect();
    this.#plot.destroy();
  }
}

export type PlotLook = Pick<ChartProps, 'lines' | 'format'> & { readonly heightPixels: number };

/** Never none: uPlot divides by it. */
function widthOf(frame: HTMLElement): number {
  return Math.max(40, frame.clientWidth);
}

function dataOf(times: ChartProps['times'], lines: readonly Line[]): UPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

function optionsOf({ lines, format = String }: PlotLook): Omit<UPlot.Options, 'width' | 'height'> {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => resolved(style.getPropertyValue(name));
  const quiet = colour('--quiet');
  const axis = { stroke: quiet, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const clock = new Intl.DateTimeFormat(language.value, { timeStyle: 'medium' });
  const short = new Intl.DateTimeFormat(language.value, { timeStyle: 'short' });
  return {
    series: [
      { label: t.time, value: (_, seconds) => (seconds === null ? '' : clock.format(seconds * 1000)) },
      ...lines.map((line, index) => ({
        label: line.label,
        stroke: colour(`--data-${line.colour ?? (index % 6) + 1}`),
        width: 1.5,
        value: (_: UPlot, value: number | null) => (value === null ? '' : format(value)),
      })),
    ],
    axes: [
      { ...axis, values: (_, seconds) => seconds.map((second) => short.format(second * 1000)) },
      { ...axis, size: 64, values: (_, values) => values.map((value) => format(value)) },
    ],
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
    cursor: { drag: { x: false, y: false } },
    legend: { live: true },
  };
}

/** A canvas knows no `light-dark()`: the colour that a style comes to. */
function resolved(colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
