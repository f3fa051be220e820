import {
  accountKeyOf,
  type CatalogState,
  channelsIn,
  channelsOf,
  streamsOf,
} from '../../../catalog/state.ts';
import type { Millis } from '../../../env/clock.ts';
import type { Channel } from '../../../kinesis/channel.ts';
import { limits } from '../../../kinesis/limits.ts';
import { type CountedOperation, isHidden, openShards, type Stream } from '../../../kinesis/stream.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { invalidArgument, limitExceeded } from '../errors.ts';
import { isCommitted, type Scope } from './commitment.ts';

/** AWS's quotas of streams, shards and consumers. LimitExceededException for what exceeds one. */
export interface Quotas {
  requireStreamRoom(state: CatalogState, created: Stream): void;
  requireShardRoom(state: CatalogState, stream: Stream, more: number): void;
  /** For a change of the number of open shards. */
  requireStep(state: CatalogState, stream: Stream, count: number): void;
  requireConsumerRoom(state: CatalogState, stream: Stream, now: Millis): void;
  requireChannelRoom(state: CatalogState, created: Channel): void;
  /** InvalidArgumentException for how long a channel may not let records wait. */
  requireFreshness(seconds: number): void;
  /** For an operation that has succeeded so often in the last 24 hours. */
  requireRare(stream: Stream, operation: CountedOperation, successes: number): void;
}

export const awsQuotas: Quotas = {
  requireStreamRoom,
  requireShardRoom,
  requireStep,
  requireConsumerRoom,
  requireChannelRoom,
  requireFreshness: (seconds) => requireFreshness(seconds, limits.freshnessSecondsMin),
  requireRare,
};

/** `--limits none`. */
export const noQuotas: Quotas = {
  requireStreamRoom() {},
  requireShardRoom() {},
  requireStep() {},
  requireConsumerRoom() {},
  requireChannelRoom() {},
  requireFreshness: (seconds) => requireFreshness(seconds, 1),
  requireRare() {},
};

function requireStreamRoom(state: CatalogState, stream: Stream): void {
  const { account } = stream;
  const streams = streamsOf(state, stream);
  const shardCount = keptShardsOf(stream);
  if (stream.mode === 'PROVISIONED') requireShardRoom(state, stream, shardCount);
  else requireAccountRoom(state, stream, shardCount);
  const moving = streams.filter(({ status }) => status === 'CREATING' || status === 'DELETING').length;
  if (moving >= limits.streamsInTransitionMax) {
    throw limitExceeded(
      'This request would have exceed the limit on the number  of streams that can simultaneously be in ' +
        `CREATING or DELETING for the account ${account}. Limit: ${limits.streamsInTransitionMax}.`,
    );
  }
  const onDemand = streams.filter(({ mode }) => mode === 'ON_DEMAND').length;
  if (stream.mode === 'ON_DEMAND' && onDemand >= limits.onDemandStreamsMax) {
    throw limitExceeded(
      `This request would exceed the on-demand stream limit for the account ${account}. Limit: ${limits.onDemandStreamsMax}.`,
    );
  }
}

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
 * The shards of an account on this server, in all regions together: where --region names none, callers can
 * make up regions, each with quotas of its own.
 */
function requireAccountRoom(state: CatalogState, { account, region }: Scope, more: number): void {
  const own = [...state.streams.values()].filter((stream) => stream.account === account && !isHidden(stream));
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

function requireShardRoom(state: CatalogState, stream: Stream, more: number): void {
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

/** At most double, at least half, within the quotas. */
function requireStep(state: CatalogState, stream: Stream, count: number): void {
  const current = openShards(stream).length;
  const counts = `Current open shard count: ${current} Target shard count: ${count}`;
  if (count > 2 * current) {
    throw limitExceeded(
      `UpdateShardCount cannot scale up over double your current open shard count. ${counts}`,
    );
  }
  if (2 * count < current) {
    throw limitExceeded(
      `UpdateShardCount cannot scale down below half your current open shard count. ${counts}`,
    );
  }
  if (count > limits.updateShardCountMax && count > current) {
    throw limitExceeded(`UpdateShardCount cannot scale over ${limits.updateShardCountMax} shards. ${counts}`);
  }
  if (count > current) requireShardRoom(state, stream, count - current);
}

function requireConsumerRoom(state: CatalogState, stream: Stream, now: Millis): void {
  const max = isCommitted(state, stream, now) ? limits.consumersCommittedMax : limits.consumersMax;
  const creating = stream.consumers.filter(({ status }) => status === 'CREATING').length;
  if (stream.consumers.length < max && creating < limits.consumersCreatingMax) return;
  throw limitExceeded(
    `This request would exceed the limit on the number of consumers of stream ${stream.name} under account ` +
      `${stream.account}. Limit: ${max}, of which ${limits.consumersCreatingMax} may be in CREATING.`,
  );
}

/** One channel to a bucket and one into a table for each stream. */
function requireChannelRoom(state: CatalogState, channel: Channel): void {
  const { account, region, destination, streamId, stream } = channel;
  const count = channelsIn(state, { account, region }).length;
  if (count >= limits.channelsMax) {
    throw limitExceeded(
      `This request would exceed the channel limit for the account ${account}. Limit: ${limits.channelsMax}.`,
    );
  }
  const own = channelsOf(state, { id: streamId });
  if (!own.some((other) => other.destination.kind === destination.kind)) return;
  throw limitExceeded(
    `Stream ${stream.name} under account ${account} has a channel with a destination of type ${destination.kind} ` +
      'already. Limit: 1.',
  );
}

function requireFreshness(seconds: number, min: number): void {
  const max = limits.freshnessSecondsMax;
  if (seconds >= min && seconds <= max) return;
  throw invalidArgument(
    `DataFreshnessInSeconds must be between ${min} and ${max}. Specified value was ${seconds}.`,
  );
}

function requireRare({ name, account }: Stream, operation: CountedOperation, successes: number): void {
  const max = limits.perDay[operation];
  if (successes < max) return;
  throw limitExceeded(
    `${described[operation]} can be changed at most ${max} times in 24 hours for stream ${name} under ` +
      `account ${account}.`,
  );
}

const described: Readonly<Record<CountedOperation, string>> = {
  UpdateShardCount: 'The shard count',
  UpdateStreamMode: 'The stream mode',
  StreamEncryption: 'The encryption',
};

/** Whichever quotas apply, an account has settings in so many regions at most: they are kept for good. */
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
