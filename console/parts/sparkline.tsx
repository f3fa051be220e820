import { polylineOf } from './polyline.ts';

const width = 96;
const height = 20;

/** A small curve of the last values, oldest first; `label` says in words what it shows. */
export function Sparkline({ values, label, most }: SparklineProps) {
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img">
      <title>{label}</title>
      <polyline points={polylineOf(values, { width, height, most })} />
    </svg>
  );
}

export type SparklineProps = {
  readonly values: readonly number[];
  readonly label: string;
  /** The value at the top; the greatest of `values` where it is absent. */
  readonly most?: number | undefined;
};
