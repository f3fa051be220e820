import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Facts } from '../../parts/facts.tsx';
import { Notice } from '../../parts/notice.tsx';
import { format } from '../../text/format.ts';
import type { PutProgress } from './put-all.ts';
import { w } from './text-work.ts';

/** How far puts have come: counts that add up, and why some were not. */
export function ProgressView({ progress, seconds, share, state, children }: ProgressViewProps) {
  const { read, put, bytes, retried, refused, unusable, reasons } = progress;
  const numbers: readonly (readonly [string, number])[] = [
    ['read', read],
    ['put', put],
    ['retried', retried],
    ['refused', refused],
    ['unusable', unusable],
  ];
  const view = useRef<HTMLDivElement>(null);
  useEffect(() => view.current?.scrollIntoView({ block: 'nearest' }), [state]);
  return (
    <div ref={view} class="put-progress" data-state={state}>
      <progress
        max={1}
        aria-label={w.counts['put']}
        {...(state === 'working' ? (share === undefined ? {} : { value: share }) : { value: 1 })}
      />
      <div role="status" aria-live="polite">
        <strong>{state === 'working' ? w.working : state === 'done' ? w.done : w.cancelled}</strong>
      </div>
      <Facts
        facts={[
          ...numbers
            .filter(([id, count]) => count > 0 || id === 'put' || id === 'read')
            .map(([id, count]) => [w.counts[id]!, format.number(count)] as const),
          [w.counts['bytes']!, format.bytes(bytes)],
          [w.counts['rate']!, seconds > 0 ? format.number(put / seconds) : '–'],
        ]}
      />
      {children}
      {reasons.size > 0 && (
        <Notice kind={refused > 0 ? 'bad' : 'warning'}>
          <ul class="reasons">
            {[...reasons].map(([reason, count]) => (
              <li key={reason}>
                {format.number(count)} × {w.reasons[reason] ?? reason}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}

export type ProgressViewProps = {
  readonly progress: PutProgress;
  readonly seconds: number;
  /** From 0 to 1; undefined where it is not known how much there is. */
  readonly share: number | undefined;
  readonly state: 'working' | 'done' | 'cancelled';
  readonly children?: ComponentChildren;
};
