import { call } from '../../api/call.ts';
import { CallError } from '../../api/call-error.ts';
import { canRetry, pause } from './events-world.ts';
import type { PutProgress, PutRecordsAnswer, Putting } from './put-all.ts';

/** Puts into a stream of this server. */
export function puttingInto(
  stream: string,
  options: {
    readonly signal: AbortSignal;
    readonly rate: number | undefined;
    readonly onProgress: (progress: PutProgress) => void;
  },
): Putting {
  const { signal } = options;
  return {
    ...options,
    put: (records) =>
      // A call that is under way is not given up: what was put is to be counted.
      call<PutRecordsAnswer>('kinesis', 'PutRecords', { StreamName: stream, Records: records }),
    canRetry,
    reasonOf: (error) => (error instanceof CallError ? `${error.code}: ${error.message}` : String(error)),
    pause: (ms) => pause(ms, signal),
    now: () => performance.now(),
  };
}

export const nothingPut: PutProgress = {
  ...{ read: 0, put: 0, bytes: 0, retried: 0, refused: 0, unusable: 0 },
  reasons: new Map(),
};

/** A key that is another one each time. */
export function randomKey(): string {
  const words = crypto.getRandomValues(new Uint32Array(3));
  return Array.from(words, (word) => word.toString(36)).join('');
}
