import type { CopiedRecord } from './copied-record.ts';
import { type KinesisEnd, KinesisRefusal } from './kinesis-end.ts';

/** A shard as ListShards answers it. */
export type ListedShard = {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly AdjacentParentShardId?: string;
  readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string };
  readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string };
};

/** Where a shard is read from. */
export type From =
  | { readonly ShardIteratorType: 'TRIM_HORIZON' | 'LATEST' }
  | { readonly ShardIteratorType: 'AFTER_SEQUENCE_NUMBER'; readonly StartingSequenceNumber: string }
  | { readonly ShardIteratorType: 'AT_TIMESTAMP'; readonly Timestamp: number };

export type CopiedPage = {
  readonly records: readonly CopiedRecord[];
  /** How far the page's end is behind the tip, in milliseconds. */
  readonly behindMs: number;
  /** Whether the shard has come to its end. */
  readonly isLast: boolean;
};

/** A stream that is read. */
export class Source {
  readonly end: KinesisEnd;
  readonly name: string;

  constructor(end: KinesisEnd, name: string) {
    this.end = end;
    this.name = name;
  }

  /** All shards that still have records, or may get some. */
  async shards(): Promise<readonly ListedShard[]> {
    const shards: ListedShard[] = [];
    let next: object = { StreamName: this.name };
    for (;;) {
      const page = await this.end.call<{ Shards: readonly ListedShard[]; NextToken?: string }>(
        'ListShards',
        next,
      );
      shards.push(...page.Shards);
      if (page.NextToken === undefined) return shards;
      next = { NextToken: page.NextToken };
    }
  }

  /** Page after page of a shard, the empty ones at its tip too; it ends when the shard does. */
  async *pages(shard: string, from: From, recordsMax = 10_000): AsyncGenerator<CopiedPage> {
    let place = from;
    let iterator = await this.#iterator(shard, place);
    while (iterator !== undefined) {
      const page = await this.#page(iterator, recordsMax);
      if (page === 'expired') {
        iterator = await this.#iterator(shard, place);
        continue;
      }
      const { Records: records, MillisBehindLatest: behindMs = 0, NextShardIterator } = page;
      const last = records.at(-1);
      if (last !== undefined)
        place = {
          ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
          StartingSequenceNumber: last.SequenceNumber,
        };
      iterator = NextShardIterator ?? undefined;
      yield { records, behindMs, isLast: iterator === undefined };
    }
  }

  async #iterator(shard: string, from: From): Promise<string | undefined> {
    const asked = { StreamName: this.name, ShardId: shard, ...from };
    return (await this.end.call<{ ShardIterator: string }>('GetShardIterator', asked)).ShardIterator;
  }

  async #page(iterator: string, recordsMax: number): Promise<PageAnswer | 'expired'> {
    try {
      return await this.end.call<PageAnswer>('GetRecords', { ShardIterator: iterator, Limit: recordsMax });
    } catch (error) {
      if (error instanceof KinesisRefusal && error.code === 'ExpiredIteratorException') return 'expired';
      throw error;
    }
  }
}

type PageAnswer = {
  readonly Records: readonly CopiedRecord[];
  readonly NextShardIterator?: string | null;
  readonly MillisBehindLatest?: number;
};

/** Whether a shard can be read now: what came before its records has been copied. */
export function isReady(
  shard: ListedShard,
  listed: ReadonlySet<string>,
  finished: ReadonlySet<string>,
): boolean {
  const { ParentShardId, AdjacentParentShardId } = shard;
  return [ParentShardId, AdjacentParentShardId].every(
    (parent) => parent === undefined || !listed.has(parent) || finished.has(parent),
  );
}
