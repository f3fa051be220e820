import type { ReaderSight } from '../../../src/services/millrace/sights.ts';
import { Badge, type Kind } from '../../parts/badge.tsx';
import { format } from '../../text/format.ts';
import { t } from './text.ts';

export function durationOf(ms: number | undefined): string {
  return ms === undefined ? '–' : format.duration(ms);
}

/** When a reader loses records if it goes on like this; red within an hour, yellow in the last quarter. */
export function Loss({ reader: { TimeToLossMillis: left, LagMillis: lag = 0 } }: LossProps) {
  if (left === undefined) return <>–</>;
  if (left >= Math.max(3_600_000, (left + lag) / 4)) return <>{format.duration(left)}</>;
  return (
    <Badge kind={left < 3_600_000 ? 'bad' : 'warning'}>{left <= 0 ? t.now : format.duration(left)}</Badge>
  );
}

type LossProps = { readonly reader: ReaderSight };

export function State({ reader: { State: state, Reason: reason } }: { readonly reader: ReaderSight }) {
  return (
    <span title={reason}>
      <Badge kind={kindOf(state)}>{state}</Badge>
    </span>
  );
}

function kindOf(state: string): Kind {
  if (/^(active|enabled|running|reading)$/i.test(state)) return 'good';
  return /fail|suspended|disabled|problem/i.test(state) ? 'bad' : 'neutral';
}
