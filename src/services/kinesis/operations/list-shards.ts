import type { Caller } from '../../../access/caller.ts';
import type { Millis } from '../../../env/clock.ts';
import { formatStreamArn, type StreamAddress } from '../../../kinesis/arn.ts';
import { limits } from '../../../kinesis/limits.ts';
import { isServing, type Shard, type Stream } from '../../../kinesis/stream.ts';
import {
  list,
  type OutputOf,
  required,
  string,
  structure,
  type TypeOf,
  timestamp,
} from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { openPageToken, sealPageToken } from '../parts/page-token.ts';
import { streamNamed } from '../parts/prepare.ts';
import { nextToken, pageLimit, shard, shardId, target } from '../parts/shapes.ts';
import { type Filter, filterKinds, filterShards, isFilterKind } from '../parts/shard-filter.ts';
import { startAfter } from '../parts/shard-target.ts';
import { viewShard } from '../parts/shard-view.ts';
import { addressOf, requireActive, requireCreatedAt, requireStreamAt } from '../parts/target.ts';
import type { KinesisWorld } from '../world.ts';

const input = structure('ListShardsInput', {
  ...target,
  NextToken: nextToken,
  ExclusiveStartShardId: shardId,
  MaxResults: pageLimit,
  StreamCreationTimestamp: timestamp(),
  ShardFilter: structure('ShardFilter', {
    Type: required(string({ values: filterKinds })),
    ShardId: shardId,
    Timestamp: timestamp(),
  }),
});

const output = structure('ListShardsOutput', { Shards: list(shard), NextToken: nextToken });

export const listShards = operation({
  name: 'ListShards',
  summary: 'Lists the shards of a stream by id, up to 1,000 at a time, all or those open at some time.',
  runs: 'owner',
  rate: { perSecond: 1000, per: 'stream' },
  input,
  output,
  prepare(world, request, caller) {
    const { NextToken, MaxResults } = request;
    const excluded = NextToken && excludedByToken.find((member) => request[member] !== undefined);
    const next = NextToken === undefined || excluded ? undefined : openQuery(world, NextToken, caller);
    return {
      resource: next === undefined ? streamNamed(request, caller) : formatStreamArn(next.address),
      async run() {
        if (excluded) throw invalidArgument(`NextToken and ${excluded} cannot be provided together.`);
        return listed(world, next ?? firstQuery(request, caller), caller, MaxResults);
      },
    };
  },
});

function listed(world: KinesisWorld, query: Query, caller: Caller, max = Infinity): OutputOf<typeof output> {
  const stream = requireReadable(world, query);
  const size = Math.min(max, limits.listShardsMax);
  const { filter, after } = query;
  // One more than a page, to know whether another page follows.
  const found = filterShards(stream, filter, world.clock.now(), { after, max: size + 1 });
  const page = found.slice(0, size);
  const last = page.length < found.length ? page.at(-1) : undefined;
  return {
    Shards: page.map(viewShard),
    NextToken: last === undefined ? undefined : sealQuery(world, caller, stream, filter, last),
  };
}

/** What to list. `created` excludes other streams of the same name. */
type Query = {
  readonly address: StreamAddress;
  readonly filter: Filter;
  readonly after: number;
  readonly created?: Millis;
};

function firstQuery(request: TypeOf<typeof input>, caller: Caller): Query {
  const { StreamName, StreamARN, ShardFilter, StreamCreationTimestamp: created } = request;
  if (StreamName === undefined && StreamARN === undefined) {
    throw invalidArgument('Either NextToken or StreamName should be provided.');
  }
  const address = addressOf(request, caller);
  const filter = filterOf(ShardFilter, address);
  const after = startAfter(request.ExclusiveStartShardId, address);
  return { address, filter, after, ...(created !== undefined && { created }) };
}

function filterOf(filter: TypeOf<typeof input>['ShardFilter'], address: StreamAddress): Filter {
  const { Type: kind = 'FROM_TRIM_HORIZON', ShardId, Timestamp } = filter ?? {};
  const isAfterShard = kind === 'AFTER_SHARD_ID';
  const isAtTime = kind === 'AT_TIMESTAMP' || kind === 'FROM_TIMESTAMP';
  const check = (member: string, isThere: boolean, isNeeded: boolean) => {
    if (isThere === isNeeded) return;
    const must = isNeeded ? 'must' : 'cannot';
    throw invalidArgument(`${member} ${must} be provided for a ShardFilter of type ${kind}.`);
  };
  check('ShardId', ShardId !== undefined, isAfterShard);
  if (isAfterShard) return { kind, argument: startAfter(ShardId, address) };
  check('Timestamp', Timestamp !== undefined, isAtTime);
  return { kind, argument: Timestamp ?? 0 };
}

function openQuery(world: KinesisWorld, token: string, caller: Caller): Query {
  const [account, region, name, created, kind, argument, after] = openPageToken(
    world,
    'ListShards',
    caller,
    token,
  );
  const address = { account: String(account), region: String(region), name: String(name) };
  if (!isFilterKind(kind)) throw invalidArgument('Invalid NextToken.');
  return {
    address,
    created: Number(created),
    filter: { kind, argument: Number(argument) },
    after: Number(after),
  };
}

/** AWS was seen to refuse each with this text, except StreamCreationTimestamp. */
const excludedByToken = [
  'StreamName',
  'StreamARN',
  'ExclusiveStartShardId',
  'StreamCreationTimestamp',
  'ShardFilter',
] as const;

function sealQuery(
  world: KinesisWorld,
  caller: Caller,
  stream: Stream,
  { kind, argument }: Filter,
  last: Shard,
): string {
  const { account, region, name, createdAt } = stream;
  return sealPageToken(world, 'ListShards', caller, [
    account,
    region,
    name,
    createdAt,
    kind,
    argument,
    last.index,
  ]);
}

/** A stream that is CREATING or DELETING is in use; clients wait and try again. */
function requireReadable({ catalog }: KinesisWorld, { address, created }: Query): Stream {
  const stream = requireStreamAt(catalog.state, address);
  requireCreatedAt(stream, created);
  if (!isServing(stream)) requireActive(stream);
  return stream;
}
