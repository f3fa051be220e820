import type { Counted, CountedMetric } from './metric-port.ts';

/** Values of metrics by minutes, and how often each came. */
export class MinuteValues {
  readonly #series = new Map<string, { readonly of: Counted; readonly values: Map<number, number> }>();

  get size(): number {
    return this.#series.size;
  }

  /** Counts a value, unless there are `seriesMax` others already. */
  add(of: Counted, value: number): void {
    const key = keyOf(of);
    let series = this.#series.get(key);
    if (series === undefined) {
      if (this.#series.size >= seriesMax) return;
      series = { of, values: new Map() };
      this.#series.set(key, series);
    }
    const { values } = series;
    const kept = values.size < exactMax || values.has(value) ? value : twoDigits(value);
    values.set(kept, (values.get(kept) ?? 0) + 1);
  }

  all(): readonly CountedMetric[] {
    return Array.from(this.#series.values(), ({ of, values }) => ({
      ...of,
      values: [...values.keys()],
      counts: [...values.values()],
    }));
  }
}

/** Metrics of a minute, about 300 bytes each, and 20 for each value. */
const seriesMax = 20_000;

/** Values of a metric in a minute that are told apart exactly; beyond them, those of two digits are one. */
const exactMax = 500;

function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}

function keyOf({ account, region, name, dimensions, time }: Counted): string {
  const parts = dimensions.flatMap((dimension) => [dimension.name, dimension.value]);
  return [account, region, time, name, ...parts].join('/');
}
