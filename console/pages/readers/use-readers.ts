import type { ListReadersAnswer } from '../../../src/services/millrace/sights.ts';
import { type Asked, useAsked } from '../../api/asked.ts';
import { call } from '../../api/call.ts';

/** All readers of all streams, read again every two seconds. */
export function useReaders(): Asked<ListReadersAnswer> {
  return useAsked((signal) => call<ListReadersAnswer>('millrace', 'ListReaders', {}, { signal }), [], {
    everyMs,
  });
}

const everyMs = 2_000;
