import type { Caller } from '../../../access/caller.ts';
import type { Clock, Millis } from '../../../env/clock.ts';
import type { Offset } from '../../../kinesis/record.ts';
import type { Shard, Stream } from '../../../kinesis/stream.ts';
import type { Tokens } from '../../../stream/token.ts';
import { invalidArgument, kinesisError } from '../errors.ts';

/** A position in a shard, as clients carry it. The id tells its stream from a later one of the same name. */
export type Iterator = {
  readonly issuedAt: Millis;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly streamId: string;
  readonly shard: number;
  readonly offset: Offset;
};

/** A fresh iterator string, issued `now`. */
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
 * Takes an iterator string apart; undefined when it is not one for the caller's region. AWS accepts the
 * quotes of the JSON that it came in. The dispatcher checks the account.
 */
export function readIterator(tokens: Tokens, text: string, caller: Caller): Iterator | undefined {
  const value = tokens.unseal(purpose, text.replace(/^"(.*)"$/, '$1'));
  const [issuedAt, account, region, name, streamId, shard, offset] = value ?? [];
  if (region !== caller.region) return undefined;
  return {
    issuedAt: Number(issuedAt),
    account: String(account),
    region: String(region),
    name: String(name),
    streamId: String(streamId),
    shard: Number(shard),
    offset: Number(offset),
  };
}

/** The same iterator, if there is one and it is no older than it may be: 300 seconds at AWS. */
export function requireIterator(
  iterator: Iterator | undefined,
  { clock, iteratorLifeMs }: { readonly clock: Pick<Clock, 'now'>; readonly iteratorLifeMs: Millis },
): Iterator {
  if (iterator === undefined) throw invalidArgument('Invalid ShardIterator.');
  const { issuedAt } = iterator;
  const now = clock.now();
  if (now - issuedAt <= iteratorLifeMs) return iterator;
  throw kinesisError(
    'ExpiredIteratorException',
    `Iterator expired. The iterator was created at time ${javaDate(issuedAt)} while right now it is ` +
      `${javaDate(now)} which is further in the future than the tolerated delay of ${iteratorLifeMs} milliseconds.`,
  );
}

const purpose = 'iterator';

/** As `java.util.Date` prints a time: `Thu Jan 22 01:22:02 UTC 2015`. */
function javaDate(time: Millis): string {
  const [weekday, day, month, year, clock] = new Date(time).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day} ${clock} UTC ${year}`;
}
