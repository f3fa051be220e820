import { accountKeyOf, type CatalogState, streamsOf } from '../../../catalog/state.ts';
import { limits } from '../../../kinesis/limits.ts';
import { openShards, type Stream } from '../../../kinesis/stream.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { limitExceeded } from '../errors.ts';

/** The open shards that count towards the quota: those of provisioned streams, promised ones included. */
export function countedShards(state: CatalogState, scope: Scope): number {
  return streamsOf(state, scope)
    .filter(({ mode }) => mode === 'PROVISIONED')
    .reduce((sum, stream) => sum + shardsOf(stream), 0);
}

function shardsOf(stream: Stream): number {
  return stream.change?.kind === 'create' ? stream.change.shardCount : openShards(stream).length;
}

/**
 * LimitExceededException when an account would have too many shards on this server, in all regions together:
 * where --region names none, callers can make up regions, each with quotas of its own.
 */
export function requireAccountRoom(state: CatalogState, { account, region }: Scope, more: number): void {
  const own = [...state.streams.values()].filter((stream) => stream.account === account);
  const count = own.reduce((sum, stream) => sum + keptShardsOf(stream), 0);
  if (count + more <= accountShardsMax) return;
  throw limitExceeded(
    `This request would exceed the limit of ${accountShardsMax} shards of the account ${account} in all regions of this ` +
      `server, of which ${count} are taken; ${more} more are asked for in ${region}.`,
  );
}

/** Five times AWS's quota in one of its largest regions. Closed shards count until they expire. */
const accountShardsMax = 5 * limits.openShardsMax;

function keptShardsOf(stream: Stream): number {
  return stream.change?.kind === 'create' ? stream.change.shardCount : stream.shards.length;
}

/**
 * LimitExceededException when an account would have settings in too many regions, which are kept for good.
 */
export function requireSettingsRoom({ accounts }: CatalogState, scope: Scope): void {
  if (accounts.has(accountKeyOf(scope))) return;
  const prefix = accountKeyOf({ ...scope, region: '' });
  const count = [...accounts.keys()].filter((key) => key.startsWith(prefix)).length;
  if (count < settingsMax) return;
  throw limitExceeded(
    `The account ${scope.account} has settings in ${count} regions of this server, and can have none in ${scope.region}.`,
  );
}

/** AWS has about forty regions. Tests may make up some. */
const settingsMax = 1_000;

type Scope = { readonly account: string; readonly region: string };

/** LimitExceededException when `more` shards would be too many for the stream's account in its region. */
export function requireShardRoom(state: CatalogState, stream: Stream, more: number): void {
  const count = countedShards(state, stream);
  if (count + more > limits.openShardsMax) throw shardLimit(stream, count, more);
  requireAccountRoom(state, stream, more);
}

function shardLimit({ account, region }: Scope, count: number, more: number): ServiceError {
  return limitExceeded(
    `This request would exceed the shard limit for the account ${account} in ${region}. ` +
      `Current shard count for the account: ${count}. Limit: ${limits.openShardsMax}. ` +
      `Number of additional shards that would have resulted from this request: ${more}. ` +
      'Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
      'for current limits and how to request higher limits.',
  );
}
