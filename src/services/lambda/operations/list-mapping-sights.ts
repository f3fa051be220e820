import { listPage } from '../../../rpc/list-page.ts';
import { list, required, string, structure } from '../../../wire/shape.ts';
import { invalidValue } from '../errors.ts';
import { failuresOf, isPending } from '../mappings/mapping-failures.ts';
import { mappingSight } from '../mappings/mapping-shapes.ts';
import type { ShardSight } from '../mappings/mapping-sight.ts';
import { mappingsOf } from '../mappings/mapping-target.ts';
import { lastResult } from '../mappings/mapping-view.ts';
import { operation } from '../operation.ts';
import { maxItems } from '../parts/shapes.ts';

export const listMappingSights = operation({
  name: 'ListMappingSights',
  summary: 'Tells how mappings do: how far each is behind in its shards, and what it gave up.',
  runs: 'owner',
  input: structure('ListMappingSightsRequest', { Marker: string(), MaxItems: maxItems }),
  output: structure('ListMappingSightsResponse', {
    NextMarker: string(),
    Mappings: required(list(mappingSight)),
  }),
  prepare: (world, { Marker, MaxItems = 100 }, caller) => ({
    resource: '*',
    run: async () => {
      const { journal, sight } = world.opened();
      const { state } = journal;
      const page = listPage(mappingsOf(state, caller), ({ uuid }) => uuid, Marker, Math.min(MaxItems, 100));
      if (page === undefined) throw invalidValue('Invalid Marker.');
      const Mappings = page.items.map((mapping) => ({
        UUID: mapping.uuid,
        EventSourceArn: mapping.source,
        FunctionArn: mapping.functionArn,
        State: mapping.state,
        LastProcessingResult: lastResult(mapping.uuid, { state, sight }),
        PendingFailures: failuresOf(state, mapping.uuid).filter(isPending).length,
        Shards: sight.shardsOf(mapping.uuid).map(viewShard),
      }));
      return { NextMarker: page.next, Mappings };
    },
  }),
});

function viewShard(shard: ShardSight) {
  return {
    ShardId: shard.shardId,
    LagMs: Math.round(shard.lag),
    BehindRecords: shard.behindRecords,
    DoneRecords: shard.doneRecords,
    TimeToLossMs: shard.timeToLoss === undefined ? undefined : Math.round(shard.timeToLoss),
    LastProcessingResult: shard.lastResult,
    RecordsPerSecond: Math.round(shard.recordsPerSecond),
  };
}
