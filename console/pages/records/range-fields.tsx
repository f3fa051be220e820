import { type Signal, useSignal } from '@preact/signals';
import { serverNow } from '../../api/server-clock.ts';
import { TextField } from '../../parts/field.tsx';
import { parseEnd, parsePosition, timeOf } from './position.ts';
import { w } from './text-work.ts';

/** A range as it is typed. */
export type TypedRange = { readonly from: Signal<string>; readonly until: Signal<string> };

export function useTypedRange(from: string): TypedRange {
  return { from: useSignal(shownFrom(from)), until: useSignal('') };
}

/** Both ends of a range of time. */
export function RangeFields({ range }: { readonly range: TypedRange }) {
  const read = readRange(range);
  return (
    <div class="field-row">
      <TextField
        label={w.from}
        value={range.from}
        hint={w.fromHint}
        error={read.from === undefined ? w.unclear : undefined}
      />
      <TextField
        label={w.until}
        value={range.until}
        hint={w.untilHint}
        error={read.until === undefined ? w.unclear : undefined}
      />
    </div>
  );
}

/**
 * What the tail route is asked for, or undefined for an end that is unclear. No end is now, by the server's
 * clock.
 */
export function readRange({ from, until }: TypedRange): {
  readonly from: string | undefined;
  readonly until: string | undefined;
} {
  const now = new Date(serverNow());
  const position = parsePosition(from.value, now);
  const end = parseEnd(until.value, now);
  return {
    from: position.kind !== 'from' ? undefined : (timeOf(position.from, now)?.toISOString() ?? position.from),
    until: end === null ? undefined : (end ?? now.toISOString()),
  };
}

/** A tail that begins now is of no use as a range: an hour is. */
function shownFrom(from: string): string {
  if (from === 'TRIM_HORIZON') return 'start';
  return from === 'LATEST' ? '-1h' : from;
}
