import type { Edit } from '../../../catalog/edit.ts';
import { streamKeyOf } from '../../../catalog/state.ts';
import type { Millis } from '../../../env/clock.ts';
import { limits } from '../../../kinesis/limits.ts';
import type { CountedOperation, Stream, StreamSettings } from '../../../kinesis/stream.ts';
import { limitExceeded } from '../errors.ts';

/** The edit that begins a change of settings: the stream is UPDATING until it is made. */
export function beginSettings(stream: Stream, settings: Partial<StreamSettings>, now: Millis): Edit {
  return { kind: 'change-begun', key: streamKeyOf(stream), change: { kind: 'set', since: now, settings } };
}

/**
 * The times to remember when an operation succeeds now; LimitExceededException after too many in 24 hours.
 */
export function countSuccess(
  stream: Stream,
  operation: CountedOperation,
  now: Millis,
  limited: boolean,
): StreamSettings['recent'] {
  const times = stream.recent[operation].filter((time) => now - time < dayMs);
  const max = limits.perDay[operation];
  if (limited && times.length >= max) {
    throw limitExceeded(
      `${described[operation]} can be changed at most ${max} times in 24 hours for stream ${stream.name} under ` +
        `account ${stream.account}.`,
    );
  }
  return { ...stream.recent, [operation]: [...times, now].slice(-max) };
}

const dayMs: Millis = 24 * 3_600_000;

const described: Readonly<Record<CountedOperation, string>> = {
  UpdateShardCount: 'The shard count',
  UpdateStreamMode: 'The stream mode',
  StreamEncryption: 'The encryption',
};
