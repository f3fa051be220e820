import type { StreamSight } from '../../../src/services/millrace/sights.ts';
import { Badge, type Kind } from '../../parts/badge.tsx';
import { Sparkline } from '../../parts/sparkline.tsx';
import type { Column } from '../../parts/table.tsx';
import { format } from '../../text/format.ts';
import type { Rates } from './rates.ts';
import { lossDanger, type StreamRow } from './stream-row.ts';
import { modeName, t } from './text.ts';

/** The columns of the table of streams, what changes most and matters most first. */
export function streamColumns(): readonly Column<StreamRow>[] {
  return [
    {
      ...{ id: 'name', title: t.name, width: 'minmax(10rem, 2fr)' },
      sortBy: ({ sight }) => sight.Name,
      cell: ({ sight }) => <span title={sight.Name}>{sight.Name}</span>,
    },
    {
      ...{ id: 'state', title: t.state, width: '6.2rem' },
      sortBy: ({ sight }) => sight.Status,
      cell: ({ sight }) => <StreamStatus status={sight.Status} />,
    },
    curve('recordsIn', t.recordsIn),
    rate('bytesIn', t.bytesIn),
    curve('recordsOut', t.recordsOut),
    rate('bytesOut', t.bytesOut),
    {
      ...{ id: 'lag', title: t.lag, width: '10rem' },
      sortBy: ({ sight }) => sight.LagMillis ?? -1,
      cell: ({ sight }) => <Lag sight={sight} />,
    },
    ...settingColumns(),
  ];
}

function settingColumns(): readonly Column<StreamRow>[] {
  return [
    {
      ...{ id: 'shards', title: t.shards, align: 'end', width: '4.6rem' },
      sortBy: ({ sight }) => sight.OpenShards,
      cell: ({ sight }) => format.number(sight.OpenShards),
    },
    {
      ...{ id: 'throttled', title: t.throttled, align: 'end', width: '6.5rem' },
      sortBy: ({ rates }) => rates.recordsThrottled + rates.readsThrottled,
      cell: ({ rates }) => <Throttled perSecond={rates.recordsThrottled + rates.readsThrottled} />,
    },
    {
      ...{ id: 'mode', title: t.mode, width: '7.5rem' },
      sortBy: ({ sight }) => sight.Mode,
      cell: ({ sight }) => modeName(sight.Mode),
    },
    {
      ...{ id: 'readers', title: t.readers, align: 'end', width: '5.5rem' },
      sortBy: ({ sight }) => sight.Readers,
      cell: ({ sight }) => format.number(sight.Readers),
    },
    {
      ...{ id: 'retention', title: t.retention, align: 'end', width: '6rem' },
      sortBy: ({ sight }) => sight.RetentionHours,
      cell: ({ sight }) => format.duration(sight.RetentionHours * 3_600_000),
    },
    {
      ...{ id: 'encryption', title: t.encryption, width: '9rem' },
      sortBy: ({ sight }) => sight.KeyId ?? '',
      cell: ({ sight }) =>
        sight.KeyId === undefined ? (
          <span class="quiet-text">{t.none}</span>
        ) : (
          <span class="mono clipped" title={sight.KeyId}>
            {sight.KeyId}
          </span>
        ),
    },
    {
      ...{ id: 'tags', title: t.tags, width: 'minmax(10rem, 2fr)' },
      sortBy: ({ sight }) => tagTexts(sight)[0] ?? '',
      cell: ({ sight }) => <Tags sight={sight} />,
    },
  ];
}

function curve(name: keyof Rates, title: string): Column<StreamRow> {
  return {
    ...{ id: name, title, align: 'end', width: '9.5rem' },
    sortBy: ({ rates }) => rates[name],
    cell: ({ rates, history }) => (
      <span class="stream-curve">
        <Curve values={history.series(name)} label={t.lately(title)} />
        <span class="stream-rate">{format.short(rates[name])}</span>
      </span>
    ),
  };
}

/** Where nothing happened there is nothing to draw. */
export function Curve({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  return values.some((value) => value > 0) ? <Sparkline values={values} label={label} /> : null;
}

function rate(name: keyof Rates, title: string): Column<StreamRow> {
  return {
    ...{ id: name, title, align: 'end', width: '6.8rem' },
    sortBy: ({ rates }) => rates[name],
    cell: ({ rates }) => format.bytes(rates[name]),
  };
}

export function StreamStatus({ status }: { readonly status: StreamSight['Status'] }) {
  return <Badge kind={statusKinds[status]}>{status}</Badge>;
}

const statusKinds: Readonly<Record<StreamSight['Status'], Kind>> = {
  ...{ ACTIVE: 'good', CREATING: 'info', UPDATING: 'info', DELETING: 'warning' },
};

/** How far the slowest reader is behind, and when it will lose records, if that is soon. */
export function Lag({ sight }: { readonly sight: StreamSight }) {
  if (sight.LagMillis === undefined) return <span class="quiet-text">–</span>;
  const danger = lossDanger(sight);
  const left = sight.TimeToLossMillis ?? 0;
  return (
    <span
      class="stream-lag"
      title={sight.LaggingReader === undefined ? undefined : t.lagOf(sight.LaggingReader)}
    >
      {format.duration(sight.LagMillis)}
      {danger !== 'none' && (
        <Badge kind={danger === 'now' ? 'bad' : 'warning'}>
          {left <= 0 ? t.losing : t.lossIn(format.duration(left))}
        </Badge>
      )}
    </span>
  );
}

function Throttled({ perSecond }: { readonly perSecond: number }) {
  if (perSecond === 0) return <span class="quiet-text">0</span>;
  return <Badge kind="bad">{format.short(perSecond)}</Badge>;
}

function Tags({ sight }: { readonly sight: StreamSight }) {
  const tags = tagTexts(sight);
  return (
    <span class="stream-tags" title={tags.join('\n')}>
      {tags.slice(0, tagsShown).map((tag) => (
        <span key={tag} class="stream-tag">
          {tag}
        </span>
      ))}
      {tags.length > tagsShown && <span class="quiet-text">{t.more(tags.length - tagsShown)}</span>}
    </span>
  );
}

const tagsShown = 3;

function tagTexts({ Tags: tags }: StreamSight): string[] {
  return Object.entries(tags).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
}
