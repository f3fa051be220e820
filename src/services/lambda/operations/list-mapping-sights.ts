import { listPage } from '../../../rpc/list-page.ts';
import { list, required, string, structure } from '../../../wire/shape.ts';
import { invalidValue } from '../errors.ts';
import { failuresOf, isPending } from '../mappings/mapping-failures.ts';
import { mappingSight } from '../mappings/mapping-shapes.ts';
import { type MappingSight, type ShardSight, withElsewhere } from '../mappings/mapping-sight.ts';
import { mappingsOf } from '../mappings/mapping-target.ts';
import { lastResult, type Seen } from '../mappings/mapping-view.ts';
import { operation } from '../operation.ts';
import { maxItems } from '../parts/shapes.ts';
import type { MappingRecord } from '../state/lambda-state.ts';

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
      const { journal, sight, sightsElsewhere } = world.opened();
      const { state } = journal;
      const page = listPage(mappingsOf(state, caller), ({ uuid }) => uuid, Marker, Math.min(MaxItems, 100));
      if (page === undefined) throw invalidValue('Invalid Marker.');
      const elsewhere = await sightsElsewhere(page.items.map(({ uuid }) => uuid));
      const whole: MappingSight = {
        shardsOf: (uuid) => withElsewhere(sight.shardsOf(uuid), elsewhere.get(uuid) ?? []),
        problemOf: (uuid) => sight.problemOf(uuid),
      };
      const seen = { state, sight: whole };
      return { NextMarker: page.next, Mappings: page.items.map((mapping) => viewMapping(mapping, seen)) };
    },
  }),
});

function viewMapping(mapping: MappingRecord, seen: Seen) {
  const { uuid, source, functionArn, state } = mapping;
  return {
    UUID: uuid,
    EventSourceArn: source,
    FunctionArn: functionArn,
    State: state,
    LastProcessingResult: lastResult(uuid, seen),
    PendingFailures: failuresOf(seen.state, uuid).filter(isPending).length,
    Shards: seen.sight.shardsOf(uuid).map(viewShard),
  };
}

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
