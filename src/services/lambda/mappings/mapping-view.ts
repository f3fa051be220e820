import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { OutputOf } from '../../../wire/shape.ts';
import { mappingArn } from '../parts/function-arn.ts';
import type { LambdaState, MappingRecord } from '../state/lambda-state.ts';
import type { mappingConfiguration } from './mapping-shapes.ts';
import type { MappingSight } from './mapping-sight.ts';

export type Seen = { readonly state: LambdaState; readonly sight: MappingSight };

/**
 * A mapping as AWS echoes it, with the defaults of what was not said. What other event sources have is left
 * out.
 */
export function viewMapping(mapping: MappingRecord, seen: Seen): OutputOf<typeof mappingConfiguration> {
  const { start, onFailure, filters } = mapping;
  return {
    UUID: mapping.uuid,
    StartingPosition: start.kind,
    StartingPositionTimestamp: start.kind === 'AT_TIMESTAMP' ? start.at : undefined,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.windowSeconds,
    ParallelizationFactor: mapping.parallelization,
    EventSourceArn: mapping.source,
    FilterCriteria:
      filters.length === 0 ? undefined : { Filters: filters.map((pattern) => ({ Pattern: pattern })) },
    KMSKeyArn: mapping.kmsKeyArn,
    MetricsConfig: mapping.countsEvents ? { Metrics: ['EventCount'] } : undefined,
    FunctionArn: mapping.functionArn,
    LastModified: mapping.modifiedAt,
    LastProcessingResult: lastResult(mapping.uuid, seen),
    State: mapping.state,
    StateTransitionReason: mapping.reason,
    DestinationConfig: { OnFailure: onFailure === undefined ? {} : { Destination: onFailure } },
    MaximumRecordAgeInSeconds: mapping.maximumAgeSeconds,
    BisectBatchOnFunctionError: mapping.bisects,
    MaximumRetryAttempts: mapping.retries,
    TumblingWindowInSeconds: mapping.tumblingSeconds,
    FunctionResponseTypes: mapping.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
    EventSourceMappingArn: mappingArn(mapping),
  };
}

/**
 * AWS has one result for a mapping, however many shards it reads: what is wrong with one of them is said
 * first. Of shards that are run here the latest is known, of others what was committed.
 */
export function lastResult(uuid: string, { state, sight }: Seen): string {
  const problem = sight.problemOf(uuid);
  if (problem !== undefined) return problem;
  const shards = sight.shardsOf(uuid);
  const here = new Set(shards.map(({ shardId }) => shardId));
  const results = shards.map((shard) => shard.lastResult);
  for (const [key, { result = nothingYet }] of state.within('cursor', `${uuid}/`)) {
    const index = Number(key.slice(key.lastIndexOf('/') + 1));
    if (!here.has(formatShardId(index))) results.push(result);
  }
  const said = results.filter((result) => result !== nothingYet);
  return said.find((result) => result.startsWith('PROBLEM')) ?? said[0] ?? nothingYet;
}

/** As recorded from AWS. */
const nothingYet = 'No records processed';
