import { format } from '../../../text/format.ts';
import type { HeatBy } from './heat.ts';
import { t } from './shard-text.ts';

/** What the colours mean. */
export function MapLegend({ by }: { readonly by: HeatBy }) {
  const steps = by === 'share' ? shareSteps() : limitSteps();
  return (
    <ul class="map-legend" aria-label={t.heat}>
      {steps.map((text, heat) => (
        <li key={text}>
          <svg class="legend-swatch" width="12" height="12" aria-hidden="true">
            <rect class={`map-cell open heat-${heat}`} width="12" height="12" rx="2" />
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
}

function shareSteps(): string[] {
  const times = (value: number) => `${format.number(value, 1)}×`;
  return [t.nothing, t.upTo(times(0.5)), t.fair, t.upTo(times(2)), t.upTo(times(4)), t.over(times(4))];
}

function limitSteps(): string[] {
  const ends = [0.25, 0.5, 0.75, 0.9].map((end) => t.upTo(format.percent(end)));
  return [t.nothing, ...ends, `${t.over(format.percent(0.9))} ${t.throttledToo}`];
}
