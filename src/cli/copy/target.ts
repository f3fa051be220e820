import { StartError } from '../../env/start-error.ts';
import { bytesOf, type CopiedRecord } from './copied-record.ts';
import { type KinesisEnd, KinesisRefusal } from './kinesis-end.ts';
import type { Source } from './source.ts';

/** By shard of the target, the sequence number of the last record that was put there. */
export type Positions = Readonly<Record<string, string>>;

/** A record with the hash key that keeps it among those of its shard, where its partition key would not. */
export type PlacedRecord = { readonly record: CopiedRecord; readonly hashKey: string | undefined };

/** A stream that is written to. */
export class Target {
  readonly end: KinesisEnd;
  readonly name: string;

  constructor(end: KinesisEnd, name: string) {
    this.end = end;
    this.name = name;
  }

  /** Makes the stream if it is not there, as the source's is; waits until it takes records. */
  async ensure(source: Source): Promise<void> {
    const like = await summaryOf(source.end, source.name);
    if (like === undefined)
      throw new StartError(`there is no stream ${source.name} at ${source.end.endpoint}`);
    if ((await summaryOf(this.end, this.name)) === undefined) await this.#make(source, like);
    await this.#active();
    const { RetentionPeriodHours } = (await summaryOf(this.end, this.name))!;
    if (RetentionPeriodHours >= like.RetentionPeriodHours) return;
    await this.end.call('IncreaseStreamRetentionPeriod', {
      StreamName: this.name,
      RetentionPeriodHours: like.RetentionPeriodHours,
    });
    await this.#active();
  }

  async #make(source: Source, like: Summary): Promise<void> {
    const isOnDemand = like.StreamModeDetails?.StreamMode === 'ON_DEMAND';
    const tags = await tagsOf(source);
    await this.end.call('CreateStream', {
      StreamName: this.name,
      ...(isOnDemand ? {} : { ShardCount: like.OpenShardCount }),
      StreamModeDetails: { StreamMode: isOnDemand ? 'ON_DEMAND' : 'PROVISIONED' },
      ...(like.MaxRecordSizeInKiB !== undefined && { MaxRecordSizeInKiB: like.MaxRecordSizeInKiB }),
    });
    if (Object.keys(tags).length === 0) return;
    await this.#active();
    await this.end.call('AddTagsToStream', { StreamName: this.name, Tags: tags });
  }

  async #active(): Promise<void> {
    for (let nth = 0; (await summaryOf(this.end, this.name))?.StreamStatus !== 'ACTIVE'; nth++)
      await this.end.pause(nth);
  }

  /**
   * Puts records one after the other: those of a partition key come in their order whatever is refused on the
   * way. Answers where the last ones are. Rejects with `InterruptedError` when it is not known how far it
   * came.
   */
  async put(records: readonly PlacedRecord[]): Promise<Positions> {
    const positions: Record<string, string> = {};
    let rest = records;
    for (let refusals = 0; rest.length > 0; ) {
      const count = countOf(rest);
      const answers = await this.#putOnce(rest.slice(0, count));
      for (const { ShardId, SequenceNumber } of answers)
        if (ShardId !== undefined && SequenceNumber !== undefined) positions[ShardId] = SequenceNumber;
      const refused = rest.slice(0, count).filter((_, index) => answers[index]?.SequenceNumber === undefined);
      rest = [...refused, ...rest.slice(count)];
      if (refused.length === 0) refusals = 0;
      else await this.end.pause(refusals++);
    }
    return positions;
  }

  async #putOnce(records: readonly PlacedRecord[]): Promise<readonly PutAnswer[]> {
    const entries = records.map(({ record: { Data, PartitionKey }, hashKey }) => ({
      ...{ Data, PartitionKey },
      ...(hashKey !== undefined && { ExplicitHashKey: hashKey }),
    }));
    const asked = { StreamName: this.name, Records: entries };
    return (await this.end.callOnce<{ Records: readonly PutAnswer[] }>('PutRecords', asked)).Records;
  }
}

/** How many of the records one request takes. */
function countOf(records: readonly PlacedRecord[]): number {
  const keys = new Set<string>();
  let bytes = 0;
  for (const [index, { record }] of records.entries()) {
    bytes += bytesOf(record);
    if (index > 0 && (index === recordsMax || bytes > bytesMax)) return index;
    // Of a request a record may be refused and one after it with the same key be taken.
    if (keys.has(record.PartitionKey)) return index;
    keys.add(record.PartitionKey);
  }
  return records.length;
}

/** Kinesis API reference, PutRecords; a request of 10 MiB takes one record of that size. */
const recordsMax = 500;
const bytesMax = 4 * 1024 * 1024;

type PutAnswer = { readonly ShardId?: string; readonly SequenceNumber?: string };

type Summary = {
  readonly StreamStatus: string;
  readonly OpenShardCount: number;
  readonly RetentionPeriodHours: number;
  readonly StreamModeDetails?: { readonly StreamMode: string };
  readonly MaxRecordSizeInKiB?: number;
};

async function summaryOf(end: KinesisEnd, stream: string): Promise<Summary | undefined> {
  try {
    const answer = await end.call<{ StreamDescriptionSummary: Summary }>('DescribeStreamSummary', {
      StreamName: stream,
    });
    return answer.StreamDescriptionSummary;
  } catch (error) {
    if (error instanceof KinesisRefusal && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function tagsOf(source: Source): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  let after: string | undefined;
  for (;;) {
    const page = await source.end.call<TagsAnswer>('ListTagsForStream', {
      StreamName: source.name,
      ...(after !== undefined && { ExclusiveStartTagKey: after }),
    });
    for (const { Key, Value } of page.Tags) tags[Key] = Value;
    after = page.Tags.at(-1)?.Key;
    if (!page.HasMoreTags || after === undefined) return tags;
  }
}

type TagsAnswer = {
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly HasMoreTags: boolean;
};
