import type { Millis } from '../../../env/clock.ts';
import type { MappingRecord } from '../state/lambda-state.ts';
import type { PolledRecord } from './polled-record.ts';

/** Records that a function is called with together: a batch, or what is left of one. */
export type Piece = {
  readonly records: readonly PolledRecord[];
  /** Calls with it that failed, and count. */
  readonly attempts: number;
  /** Calls in all, also with batches that it was a part of. */
  readonly calls: number;
};

/** What is to be done after a call that failed; the records before these pieces are done. */
export type AfterFailure =
  /** In this order. */
  | { readonly kind: 'again'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'give up'; readonly piece: Piece };

/**
 * What becomes of a piece of which all records before `firstFailed` are done. With bisecting, what is more
 * than one record is cut, at the first that failed if that is known, else in halves, and no attempt is spent
 * for that; else the rest is tried again as a whole. A rest that begins further on than what was tried has
 * one attempt behind it.
 */
export function afterFailure(
  { records, attempts: before, calls }: Piece,
  firstFailed: number,
  { bisects, retries }: Pick<MappingRecord, 'bisects' | 'retries'>,
): AfterFailure {
  const rest = firstFailed === 0 ? records : records.slice(firstFailed);
  if (bisects && rest.length > 1) {
    if (firstFailed > 0) return { kind: 'again', pieces: [{ records: rest, attempts: 0, calls }] };
    return { kind: 'again', pieces: halvesOf({ records, attempts: 0, calls }) };
  }
  const attempts = firstFailed > 0 ? 1 : before + 1;
  const piece = { records: rest, attempts, calls };
  return retries !== -1 && attempts > retries
    ? { kind: 'give up', piece }
    : { kind: 'again', pieces: [piece] };
}

/** What is tried apart, in order: the first half has one record more when the number is odd. */
export function halvesOf({ records, attempts, calls }: Piece): readonly Piece[] {
  const middle = Math.ceil(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)].map((half) => ({
    records: half,
    attempts,
    calls,
  }));
}

/** How long to wait before the next call after so many of the same that came to nothing. */
export function backoffMs(failures: number): Millis {
  return failures === 0 ? 0 : Math.min(backoffMsMax, backoffMsMin * 2 ** (failures - 1));
}

const backoffMsMin: Millis = 100;
const backoffMsMax: Millis = 30_000;
