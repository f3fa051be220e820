import type { Millis } from '../../../env/clock.ts';
import { limits } from '../../../kinesis/limits.ts';
import type { Offset } from '../../../kinesis/record.ts';
import type { Shard, Stream } from '../../../kinesis/stream.ts';
import type { Caller } from '../../../rpc/operation.ts';
import type { Tokens } from '../../../stream/token.ts';
import { ServiceError } from '../../../wire/service-error.ts';

/**
 * A position in a shard, as a client carries it. It names the stream by its id too: a re-created one is
 * another.
 */
export type Iterator = {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly streamId: string;
  readonly shard: number;
  readonly offset: Offset;
};

/** A fresh iterator string, good for 300 seconds from `now`. */
export function sealIterator(
  tokens: Tokens,
  { account, region, name, id }: Stream,
  { index }: Shard,
  offset: Offset,
  now: Millis,
): string {
  return tokens.seal(purpose, [now, account, region, name, id, index, offset]);
}

/**
 * Takes an iterator string apart. AWS tolerates one that still has the quotes of the JSON it came in. An
 * iterator of another region than the caller's is none; whose account it is of is for the operation to ask.
 */
export function openIterator(tokens: Tokens, text: string, caller: Caller, now: Millis): Iterator {
  const value = tokens.unseal(purpose, text.replace(/^"(.*)"$/, '$1'));
  const [issuedAt, account, region, name, streamId, shard, offset] = value ?? [];
  if (region !== caller.region) throw new ServiceError('InvalidArgumentException', 'Invalid ShardIterator.');
  requireFresh(Number(issuedAt), now);
  return {
    account: String(account),
    region: String(region),
    name: String(name),
    streamId: String(streamId),
    shard: Number(shard),
    offset: Number(offset),
  };
}

const purpose = 'iterator';

function requireFresh(issuedAt: Millis, now: Millis): void {
  if (now - issuedAt <= limits.iteratorLifeMs) return;
  throw new ServiceError(
    'ExpiredIteratorException',
    `Iterator expired. The iterator was created at time ${javaDate(issuedAt)} while right now it is ` +
      `${javaDate(now)} which is further in the future than the tolerated delay of ${limits.iteratorLifeMs} milliseconds.`,
  );
}

/** As `java.util.Date` prints a time: `Thu Jan 22 01:22:02 UTC 2015`. */
function javaDate(time: Millis): string {
  const [weekday, day, month, year, clock] = new Date(time).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day} ${clock} UTC ${year}`;
}
