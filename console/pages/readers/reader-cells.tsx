import type { ReaderSight } from '../../../src/services/millrace/sights.ts';
import { Badge, type Kind } from '../../parts/badge.tsx';
import { format } from '../../text/format.ts';
import { callerName } from './caller-name.ts';
import { dangerOf } from './reader-danger.ts';
import { t } from './text.ts';

export function durationOf(ms: number | undefined): string {
  return ms === undefined ? '–' : format.duration(ms);
}

/** Who reads or puts, or where it goes, in short; whole for whoever points at it. */
export function Name({ whole }: { readonly whole: string }) {
  return (
    <span title={whole} translate={false}>
      {callerName(whole)}
    </span>
  );
}

/** When a reader loses records if it goes on like this, with a colour if that is soon. */
export function Loss({ reader }: { readonly reader: ReaderSight }) {
  const { TimeToLossMillis: left } = reader;
  if (left === undefined) return <>–</>;
  const danger = dangerOf(reader);
  if (danger === 'none') return <>{format.duration(left)}</>;
  return (
    <Badge kind={danger === 'now' ? 'bad' : 'warning'}>{left <= 0 ? t.now : format.duration(left)}</Badge>
  );
}

/** Its state in words; why, in the words of the server, for whoever points at it. */
export function State({ reader: { State: state, Reason: reason } }: { readonly reader: ReaderSight }) {
  return (
    <span title={reason} lang={reason === undefined ? undefined : 'en'}>
      <Badge kind={kindOf(state)}>{t.states[state] ?? state}</Badge>
    </span>
  );
}

function kindOf(state: string): Kind {
  if (/^(active|enabled|running|reading)$/i.test(state)) return 'good';
  return /fail|suspended|disabled|problem/i.test(state) ? 'bad' : 'neutral';
}
