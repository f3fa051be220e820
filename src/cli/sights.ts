import type { ListStreamSightsAnswer, StreamSight } from '../services/millrace/sights.ts';
import type { AwsCalls } from './aws-place.ts';
import { askMillrace } from './millrace-calls.ts';

/** All streams at a moment, and since when they are counted; in seconds since 1970. */
export type Sights = {
  readonly at: number;
  readonly countedSince: number;
  readonly streams: readonly StreamSight[];
};

/** A stream with how fast its counts grow. */
export type RatedStream = StreamSight & { readonly In?: Rate; readonly Out?: Rate };

export type Rate = { readonly RecordsPerSecond: number; readonly BytesPerSecond: number };

/** All that ListStreamSights tells; undefined where the server is not Millrace. */
export async function allSights(calls: AwsCalls): Promise<Sights | undefined> {
  const streams: StreamSight[] = [];
  let next: string | undefined;
  let [at, countedSince] = [0, 0];
  do {
    const input = next === undefined ? {} : { NextToken: next };
    const page = await askMillrace<ListStreamSightsAnswer>(calls, 'ListStreamSights', input);
    if (page === undefined) return undefined;
    streams.push(...page.Streams);
    at ||= page.At;
    countedSince ||= page.CountedSince;
    next = page.NextToken;
  } while (next !== undefined);
  return { at, countedSince, streams };
}

/** Rates are between two moments; a stream that was not there at the first has none. */
export function rated(before: Sights, now: Sights): RatedStream[] {
  const seconds = now.at - before.at;
  const earlier = new Map(before.streams.map((stream) => [stream.Arn, stream]));
  return now.streams.map((stream) => {
    const was = earlier.get(stream.Arn);
    return was === undefined || seconds <= 0 ? stream : { ...stream, ...ratesOf(was, stream, seconds) };
  });
}

function ratesOf({ Counts: was }: StreamSight, { Counts: is }: StreamSight, seconds: number) {
  const rate = (records: number, bytes: number): Rate => ({
    RecordsPerSecond: Math.max(0, records / seconds),
    BytesPerSecond: Math.max(0, bytes / seconds),
  });
  const recordsOut = is.RecordsOut + is.FanOutRecords - was.RecordsOut - was.FanOutRecords;
  const bytesOut = is.BytesOut + is.FanOutBytes - was.BytesOut - was.FanOutBytes;
  return {
    In: rate(is.RecordsIn - was.RecordsIn, is.BytesIn - was.BytesIn),
    Out: rate(recordsOut, bytesOut),
  };
}
