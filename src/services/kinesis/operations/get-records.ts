import { streamKeyOf } from '../../../catalog/state.ts';
import { formatStreamArn } from '../../../kinesis/arn.ts';
import { limits } from '../../../kinesis/limits.ts';
import { childrenOf, type Shard, type Stream, trimHorizon } from '../../../kinesis/stream.ts';
import { accessDenied } from '../../../rpc/authorize.ts';
import { type Caller, dryRun, operation } from '../../../rpc/operation.ts';
import { readPage } from '../../../stream/read.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { boolean, list, required, structure } from '../../../wire/shape.ts';
import { type Iterator, openIterator, sealIterator } from '../parts/iterator.ts';
import { readRateExceeded } from '../parts/put-entry.ts';
import { writeRecords } from '../parts/record-view.ts';
import {
  childShard,
  millisBehindLatest,
  pageLimit,
  record,
  shardIterator,
  streamArn,
} from '../parts/shapes.ts';
import { shardMissing } from '../parts/shard-target.ts';
import { viewChild } from '../parts/shard-view.ts';
import { addressOf } from '../parts/target.ts';
import type { Service } from '../service.ts';
import { requireReadableShard, whileThere } from './get-shard-iterator.ts';

export const getRecords = operation({
  name: 'GetRecords',
  summary:
    'Reads records of a shard from an iterator on, up to 10,000 or 10 MiB, and answers the next iterator.',
  input: structure('GetRecordsInput', {
    ShardIterator: required(shardIterator),
    Limit: pageLimit,
    StreamARN: streamArn,
    DryRun: boolean(),
  }),
  output: structure('GetRecordsOutput', {
    Records: required(list(record)),
    NextShardIterator: shardIterator,
    MillisBehindLatest: millisBehindLatest,
    ChildShards: list(childShard),
  }),
  async handle(service, request, caller, codec) {
    const now = service.clock.now();
    const iterator = openIterator(service.tokens, request.ShardIterator, caller, now);
    if (iterator.account !== caller.account)
      throw accessDenied('GetRecords', formatStreamArn(iterator), caller);
    requireSameStream(iterator, request.StreamARN, caller);
    const { stream, shard } = requireShardOf(service, iterator);
    const key = { stream: stream.id, shard: shard.index };
    if (!service.throttle.mayRead(key)) throw readRateExceeded(shard.index, stream);
    if (request.DryRun) throw dryRun();
    return service.pages.use(async (bytesMax) => {
      const pageRequest = {
        from: iterator.offset,
        recordsMax: request.Limit ?? limits.getRecordsMax,
        bytesMax,
        horizon: trimHorizon(stream, now),
        now,
      };
      const page = await whileThere(stream, shard.index, () =>
        readPage(service.log, key, shard, pageRequest),
      );
      service.throttle.didRead(key, page.bytes);
      const end = page.finished
        ? { ChildShards: childrenOf(stream, shard).map(viewChild) }
        : { NextShardIterator: sealIterator(service.tokens, stream, shard, page.next, now) };
      return {
        Records: await writeRecords(service, codec, stream, shard, page.batches),
        MillisBehindLatest: page.behind,
        ...end,
      };
    });
  },
});

function requireSameStream(iterator: Iterator, arn: string | undefined, caller: Caller): void {
  if (arn === undefined || streamKeyOf(addressOf({ StreamARN: arn }, caller)) === streamKeyOf(iterator))
    return;
  throw new ServiceError(
    'InvalidArgumentException',
    `StreamARN ${arn} does not match the stream of the ShardIterator, ${formatStreamArn(iterator)}.`,
  );
}

/** A stream that was deleted and made again under the same name has other shards. */
function requireShardOf(service: Service, iterator: Iterator): { stream: Stream; shard: Shard } {
  const found = requireReadableShard(service, iterator, iterator.shard);
  if (found.stream.id !== iterator.streamId) throw shardMissing(iterator.shard, iterator);
  return found;
}
