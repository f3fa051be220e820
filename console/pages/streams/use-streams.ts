import { useRef } from 'preact/hooks';
import type { ListStreamSightsAnswer, StreamSight } from '../../../src/services/millrace/sights.ts';
import { type Asked, useAsked } from '../../api/asked.ts';
import { call } from '../../api/call.ts';
import { CountsHistory, noRates } from './rates.ts';
import type { StreamRow } from './stream-row.ts';

/** All streams, read again every two seconds, each with its rates and how they were lately. */
export function useStreams(): Asked<readonly StreamRow[]> {
  const histories = useRef(new Map<string, CountsHistory>());
  return useAsked(
    async (signal) => {
      const { at, streams } = await listAll(signal);
      histories.current = kept(histories.current, at, streams);
      return streams.map((sight) => {
        const history = histories.current.get(sight.Arn)!;
        return { sight, history, rates: history.rates ?? noRates };
      });
    },
    [],
    { everyMs },
  );
}

const everyMs = 2_000;

async function listAll(signal: AbortSignal): Promise<{ at: number; streams: StreamSight[] }> {
  const streams: StreamSight[] = [];
  let at = 0;
  let token: string | undefined;
  do {
    const page: ListStreamSightsAnswer = await call(
      'millrace',
      'ListStreamSights',
      token === undefined ? {} : { NextToken: token },
      { signal },
    );
    streams.push(...page.Streams);
    at = page.At;
    token = page.NextToken;
  } while (token !== undefined);
  return { at, streams };
}

/** The histories of those that are there; a stream that was made anew under its name begins anew. */
function kept(
  histories: ReadonlyMap<string, CountsHistory>,
  at: number,
  streams: readonly StreamSight[],
): Map<string, CountsHistory> {
  const next = new Map<string, CountsHistory>();
  for (const { Arn, Counts } of streams) {
    const history = histories.get(Arn) ?? new CountsHistory();
    history.add(at, Counts);
    next.set(Arn, history);
  }
  return next;
}
