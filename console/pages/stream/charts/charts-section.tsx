import { Chart, type Line } from '../../../parts/chart.tsx';
import { EmptyState } from '../../../parts/empty-state.tsx';
import { Skeleton } from '../../../parts/skeleton.tsx';
import { Tabs } from '../../../parts/tabs.tsx';
import { Trouble } from '../../../parts/trouble.tsx';
import { queryParameter } from '../../../shell/router.ts';
import { format } from '../../../text/format.ts';
import { texts } from '../../../text/text.ts';
import type { SeenStream } from '../use-stream-sight.ts';
import { type HistoryRange, historyRanges, type MetricHistory } from './metric-history.ts';
import { useMetricHistory } from './use-metric-history.ts';

const t = texts({
  en: {
    title: 'Over time',
    span: 'How far back',
    live: 'Live',
    '3h': '3 hours',
    '1d': '1 day',
    '1w': '1 week',
    records: 'Records a second',
    bytes: 'Bytes a second',
    lag: 'Age of what was read',
    in: 'in',
    out: 'out',
    throttled: 'throttled',
    behind: 'the oldest',
    none: 'CloudWatch has no metrics of this stream yet',
    noneText: 'They come once a minute, when something is put or read.',
  },
  es: {
    title: 'A lo largo del tiempo',
    span: 'Desde cuándo',
    live: 'En vivo',
    '3h': '3 horas',
    '1d': '1 día',
    '1w': '1 semana',
    records: 'Registros por segundo',
    bytes: 'Bytes por segundo',
    lag: 'Antigüedad de lo leído',
    in: 'entran',
    out: 'salen',
    throttled: 'limitados',
    behind: 'el más antiguo',
    none: 'CloudWatch aún no tiene métricas de este stream',
    noneText: 'Llegan una vez por minuto, cuando se pone o se lee algo.',
  },
});

const span = queryParameter('span', 'live');
const spans = ['live', '3h', '1d', '1w'] as const;

/** How a stream did: since the page is open, or as far back as CloudWatch has metrics. */
export function ChartsSection({ seen }: { readonly seen: SeenStream }) {
  const chosen = spans.find((one) => one === span.value) ?? 'live';
  const { Name: name, Arn: arn } = seen.sight.Stream;
  return (
    <section class="stream-section" id="charts">
      <header class="section-head">
        <h2>{t.title}</h2>
        <Tabs
          label={t.span}
          tabs={spans.map((id) => ({ id, title: t[id] }))}
          chosen={chosen}
          onChoose={(id) => {
            span.value = id;
          }}
        />
      </header>
      {chosen === 'live' ? (
        <Charts history={liveHistory(seen)} />
      ) : (
        <KeptCharts {...{ name, arn }} range={historyRanges[chosen]} />
      )}
    </section>
  );
}

type KeptChartsProps = { readonly name: string; readonly arn: string; readonly range: HistoryRange };

function KeptCharts({ name, arn, range }: KeptChartsProps) {
  const asked = useMetricHistory(name, arn, range);
  if (asked.answer === undefined) return asked.error === undefined ? <Skeleton /> : <Trouble asked={asked} />;
  if (asked.answer === 'none') return <EmptyState title={t.none}>{t.noneText}</EmptyState>;
  return (
    <>
      <Trouble asked={asked} />
      <Charts history={asked.answer} />
    </>
  );
}

function Charts({ history }: { readonly history: MetricHistory }) {
  // One point is no line, and has no span of time.
  if (history.times.length < 2) return <Skeleton />;
  const records: Line[] = [
    { label: t.in, values: history.recordsIn },
    { label: t.out, values: history.recordsOut },
    { label: t.throttled, values: history.throttled, colour: 5 },
  ];
  const bytes: Line[] = [
    { label: t.in, values: history.bytesIn },
    { label: t.out, values: history.bytesOut },
  ];
  const lag: Line[] = [{ label: t.behind, values: history.lag, colour: 3 }];
  return (
    <div class="charts">
      <Titled title={t.records} times={history.times} lines={records} text={format.short} />
      <Titled title={t.bytes} times={history.times} lines={bytes} text={format.bytes} base={1024} />
      {history.lag.some((value) => value !== null) && (
        <Titled title={t.lag} times={history.times} lines={lag} text={format.duration} />
      )}
    </div>
  );
}

type TitledProps = {
  readonly title: string;
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly text: (value: number) => string;
  readonly base?: 1024;
};

function Titled({ title, text, ...drawn }: TitledProps) {
  return (
    <figure class="titled-chart">
      <figcaption>{title}</figcaption>
      <Chart label={title} {...drawn} format={text} heightPixels={160} />
    </figure>
  );
}

/** What was read since the page is open. */
function liveHistory({ history, lags }: SeenStream): MetricHistory {
  const refused = history.series('readsThrottled');
  return {
    times: history.times,
    recordsIn: history.series('recordsIn'),
    bytesIn: history.series('bytesIn'),
    recordsOut: history.series('recordsOut'),
    bytesOut: history.series('bytesOut'),
    throttled: history.series('recordsThrottled').map((records, index) => records + refused[index]!),
    lag: lags,
  };
}
