/**
 * Values as the points of an SVG polyline: the oldest at the left, 0 at the bottom, `most` at the top, a
 * line's width kept free. Of one value it is a level line; of none it is empty.
 */
export function polylineOf(values: readonly number[], { width, height, most }: Area): string {
  const top = most ?? Math.max(...values, 0);
  const ofValue = (value: number) => {
    const share = top === 0 ? 0 : Math.min(1, Math.max(0, value / top));
    return (height - 1 - share * (height - 2)).toFixed(1);
  };
  if (values.length === 1) return `0,${ofValue(values[0]!)} ${width},${ofValue(values[0]!)}`;
  const step = width / (values.length - 1);
  return values.map((value, index) => `${(index * step).toFixed(1)},${ofValue(value)}`).join(' ');
}

export type Area = {
  readonly width: number;
  readonly height: number;
  readonly most?: number | undefined;
};
