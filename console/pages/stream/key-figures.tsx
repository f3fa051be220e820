import type { ComponentChildren } from 'preact';
import { format } from '../../text/format.ts';
import { noRates, type Rates } from '../streams/rates.ts';
import { Curve, Lag } from '../streams/stream-columns.tsx';
import { t } from './text.ts';
import type { SeenStream } from './use-stream-sight.ts';

/** What one wants to know of a stream at a glance. */
export function KeyFigures({ seen }: { readonly seen: SeenStream }) {
  const { sight, history } = seen;
  const rates = history.rates ?? noRates;
  const flow = (name: keyof Rates, label: string, text: (value: number) => string) => (
    <Figure label={label} value={t.perSecond(text(rates[name]))}>
      <Curve values={history.series(name).slice(-sparkReadings)} label={t.lately(label)} />
    </Figure>
  );
  const throttled = rates.recordsThrottled + rates.readsThrottled;
  return (
    <dl class="key-figures">
      {flow('recordsIn', t.recordsIn, format.short)}
      {flow('bytesIn', t.bytesIn, format.bytes)}
      {flow('recordsOut', t.recordsOut, format.short)}
      {flow('bytesOut', t.bytesOut, format.bytes)}
      <Figure label={t.throttled} value={t.perSecond(format.short(throttled))} isAlarming={throttled > 0} />
      <Figure label={t.lag} value={sight.Stream.LagMillis === undefined ? '–' : <Lag sight={sight.Stream} />}>
        <span class="quiet-text">{sight.Stream.LaggingReader ?? t.noReader}</span>
      </Figure>
      <Figure label={t.openShards} value={format.number(sight.Stream.OpenShards)}>
        <span class="quiet-text">{t.takes(format.short(sight.Stream.OpenShards * seen.limits.records))}</span>
      </Figure>
    </dl>
  );
}

/** Two minutes of seconds. */
const sparkReadings = 120;

function Figure({ label, value, isAlarming = false, children }: FigureProps) {
  return (
    <div class={isAlarming ? 'figure alarming' : 'figure'}>
      <dt>{label}</dt>
      <dd>
        <span class="figure-value">{value}</span>
        {children}
      </dd>
    </div>
  );
}

type FigureProps = {
  readonly label: string;
  readonly value: ComponentChildren;
  readonly isAlarming?: boolean;
  readonly children?: ComponentChildren;
};
