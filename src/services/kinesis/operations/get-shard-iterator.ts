import { readRateExceeded } from '../../../stream/errors.ts';
import { boolean, required, structure, timestamp } from '../../../wire/shape.ts';
import { dryRun } from '../errors.ts';
import { operation } from '../operation.ts';
import { sealIterator } from '../parts/iterator.ts';
import { resolvePosition } from '../parts/position.ts';
import { onStream } from '../parts/prepare.ts';
import { sequenceNumber, shardId, shardIterator, shardIteratorType, target } from '../parts/shapes.ts';
import { requireReadableShard, requireShardIndex, whileThere } from '../parts/shard-target.ts';

export const getShardIterator = operation({
  name: 'GetShardIterator',
  summary: 'Answers where to begin to read a shard, as an iterator that is good for five minutes.',
  runs: 'here',
  audit: 'data',
  input: structure('GetShardIteratorInput', {
    ...target,
    ShardId: required(shardId),
    ShardIteratorType: required(shardIteratorType),
    StartingSequenceNumber: sequenceNumber,
    Timestamp: timestamp(),
    DryRun: boolean(),
  }),
  output: structure('GetShardIteratorOutput', { ShardIterator: shardIterator }),
  prepare: (world, request, caller) =>
    onStream(request, caller, async (address) => {
      const index = requireShardIndex(request.ShardId, address);
      const { stream, shard } = requireReadableShard(world, address, index);
      const now = world.clock.now();
      const key = { stream: stream.id, shard: index };
      const may = world.throttle.mayIterate(key);
      if (!(may === true || (await may))) throw readRateExceeded(index, stream);
      const { ShardIteratorType: type, StartingSequenceNumber, Timestamp } = request;
      const position = {
        operation: 'GetShardIterator',
        type,
        sequenceNumber: StartingSequenceNumber,
        timestamp: Timestamp,
      } as const;
      const offset = await whileThere(stream, index, () =>
        resolvePosition(world.log, stream, shard, position, now),
      );
      if (request.DryRun) throw dryRun();
      return { ShardIterator: sealIterator(world.tokens, stream, shard, offset, now) };
    }),
});
