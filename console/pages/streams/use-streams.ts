import { useRef } from 'preact/hooks';
import type { ListStreamSightsAnswer, StreamSight } from '../../../src/services/millrace/sights.ts';
import { type Asked, useAsked } from '../../api/asked.ts';
import { call } from '../../api/call.ts';
import { rowsAfter, type StreamRow } from './stream-row.ts';

/** All streams, read again every two seconds, each with its rates and how they were lately. */
export function useStreams(): Asked<readonly StreamRow[]> {
  const rows = useRef<ReadonlyMap<string, StreamRow>>(new Map());
  return useAsked(
    async (signal) => {
      const { at, streams } = await listAll(signal);
      rows.current = rowsAfter(rows.current, at, streams);
      return [...rows.current.values()];
    },
    [],
    { everyMs },
  );
}

const everyMs = 2_000;

/** The most that one call answers. */
const limitMax = 1_000;

async function listAll(signal: AbortSignal): Promise<{ at: number; streams: StreamSight[] }> {
  const streams: StreamSight[] = [];
  let at = 0;
  let token: string | undefined;
  do {
    const page: ListStreamSightsAnswer = await call(
      'millrace',
      'ListStreamSights',
      { Limit: limitMax, ...(token !== undefined && { NextToken: token }) },
      { signal },
    );
    streams.push(...page.Streams);
    at = page.At;
    token = page.NextToken;
  } while (token !== undefined);
  return { at, streams };
}
