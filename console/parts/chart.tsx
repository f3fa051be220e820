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
