import type { Shard, Stream } from '../../../kinesis/stream.ts';
import type { ShardKey } from '../../../log/log.ts';
import type { FunctionTarget } from '../functions/functions.ts';
import type { MappingName } from '../mappings/mapping-metrics.ts';
import type { MappingRecord } from '../state/lambda-state.ts';

/** A shard of a stream, as a mapping has it processed. None of it changes while it runs. */
export type ShardSubject = {
  readonly mapping: MappingRecord;
  readonly name: MappingName;
  /** Who runs, by whose role. */
  readonly target: FunctionTarget;
  readonly role: string;
  readonly stream: Stream;
  readonly shard: Shard;
  readonly shardId: string;
  readonly key: ShardKey;
  readonly cursorKey: string;
};
