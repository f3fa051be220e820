import { schemaOfSamples } from '../../delivery/schema/sampled-schema.ts';
import { SchemaError } from '../../delivery/schema/schema-error.ts';
import { StartError } from '../../env/start-error.ts';
import type { TableSchema } from '../../iceberg/table-schema.ts';
import { parseArn, type StreamAddress } from '../../kinesis/arn.ts';
import { KinesisRefusal } from '../copy/kinesis-end.ts';
import type { From, Source } from '../copy/source.ts';
import type { DeliveredShard } from './deliver-state.ts';

export type FoundStream = {
  readonly address: StreamAddress;
  readonly arn: string;
  /** Seconds since 1970. A stream that was made anew is another one. */
  readonly created: number;
};

/** Rejects with `StartError` where there is no such stream, and as calls do. */
export async function findSource({ end, name }: Source): Promise<FoundStream> {
  try {
    const { StreamDescriptionSummary: summary } = await end.call<Answer>('DescribeStreamSummary', {
      StreamName: name,
    });
    const { StreamARN: arn, StreamCreationTimestamp: created } = summary;
    const { account = '', region = '' } = parseArn(arn) ?? {};
    return { address: { account, region, name }, arn, created };
  } catch (error) {
    if (!(error instanceof KinesisRefusal) || error.code !== 'ResourceNotFoundException') throw error;
    throw new StartError(`there is no stream ${name} at ${end.endpoint}`, { cause: error });
  }
}

type Answer = {
  readonly StreamDescriptionSummary: {
    readonly StreamARN: string;
    readonly StreamCreationTimestamp: number;
  };
};

/** The columns of the first records that there are. Rejects with `StartError` where they have none. */
export async function sampledSchema(
  source: Source,
  shards: readonly DeliveredShard[],
  start: From,
): Promise<TableSchema> {
  for (const { shardId } of shards) {
    for await (const { records, behindMs } of source.pages(shardId, start)) {
      if (records.length === 0 && behindMs > 0) continue;
      if (records.length === 0) break;
      return schemaOf(records.map(({ Data }) => Buffer.from(Data, 'base64')));
    }
  }
  throw new StartError(`${source.name} has no records to tell columns by: --columns says them`);
}

function schemaOf(records: readonly Buffer[]): TableSchema {
  try {
    return schemaOfSamples(records);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new StartError(`${error.message} --columns says what columns there are`, { cause: error });
  }
}
