import type { Edit } from '../../../catalog/edit.ts';
import { streamKeyOf } from '../../../catalog/state.ts';
import type { Millis } from '../../../env/clock.ts';
import { limits } from '../../../kinesis/limits.ts';
import type { CountedOperation, Stream, StreamSettings } from '../../../kinesis/stream.ts';
import type { Quotas } from './quota.ts';

/** The edit that begins a change of settings: the stream is UPDATING until it is made. */
export function beginSettings(stream: Stream, settings: Partial<StreamSettings>, now: Millis): Edit {
  return { kind: 'change-begun', key: streamKeyOf(stream), change: { kind: 'set', since: now, settings } };
}

/** The times to remember when an operation succeeds now, if it is not one too many in 24 hours. */
export function countSuccess(
  stream: Stream,
  operation: CountedOperation,
  now: Millis,
  quotas: Quotas,
): StreamSettings['recent'] {
  const times = stream.recent[operation].filter((time) => now - time < dayMs);
  quotas.requireRare(stream, operation, times.length);
  return { ...stream.recent, [operation]: [...times, now].slice(-limits.perDay[operation]) };
}

const dayMs: Millis = 24 * 3_600_000;
