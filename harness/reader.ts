import type { Answer } from './answer.ts';
import { keyCertainty, keyTroubles, stillCertain } from './keys.ts';
import { idOf, type Page, type Reader, type Sighting, type StreamModel } from './model.ts';
import { complain, repeat, usable, type Work } from './workload.ts';

export type PageAnswer = {
  readonly Records: readonly {
    readonly SequenceNumber: string;
    readonly ApproximateArrivalTimestamp: number;
    readonly PartitionKey: string;
    readonly Data: string;
  }[];
  readonly NextShardIterator?: string | undefined;
  readonly MillisBehindLatest: number;
  readonly ChildShards?: readonly { readonly ParentShards: readonly string[] }[];
};

/** Where a reader begins. */
export type Position = {
  readonly ShardIteratorType: string;
  readonly StartingSequenceNumber?: string;
  readonly Timestamp?: number;
};

/** A client that reads shards from all kinds of positions, some pages each. */
export function runReader(work: Work): Promise<void> {
  return repeat(work, 80, async () => {
    const streams = usable(work).filter(({ listings }) => listings.length > 0);
    if (streams.length === 0) return work.world.scheduler.sleep(20);
    const stream = work.random.pick(streams);
    const shard = work.random.pick(stream.listings.at(-1)!.shards).id;
    const { position, after } = drawPosition(work, stream, shard);
    const reader: Reader = { stream, shard, after, pages: [] };
    stream.readers.push(reader);
    await follow(work, reader, position, work.random.between(1, 6));
    if (work.random.chance(0.1)) await watch(work, stream, shard);
  });
}

/**
 * Reads on until the pages are used up, the shard ends or nothing is left at its tip. Answers whether all was
 * well.
 */
export async function follow(
  work: Work,
  reader: Reader,
  position: Position,
  pagesMax: number,
): Promise<boolean> {
  let iterator = await iteratorAt(work, reader, position);
  for (let count = 0; count < pagesMax && iterator !== undefined; count++) {
    const next = await readOn(work, reader, iterator);
    if (next === 'failed') return false;
    if (next === iterator) {
      await work.world.scheduler.sleep(250);
      continue;
    }
    const page = reader.pages.at(-1)!;
    if (page.isEnd || (page.isAtTip && page.records.length === 0)) return true;
    iterator = next;
  }
  return false;
}

/**
 * Reads one page. Answers the iterator to go on with: the same one when the call may be repeated, undefined
 * at the end.
 */
async function readOn(work: Work, reader: Reader, iterator: string): Promise<string | undefined | 'failed'> {
  const sent = work.model.moment();
  const input = { ShardIterator: iterator, Limit: work.random.pick(pageSizes) };
  const certain = keyCertainty(work.model, reader.stream);
  const answer = await work.client.call<PageAnswer>('GetRecords', input);
  if (answer.kind !== 'output') {
    complain(work, answer, keyTroubles(work.model, reader.stream, sent));
    return mayRepeat(answer) ? iterator : 'failed';
  }
  if (reader.stream.doomed !== undefined) return 'failed'; // The name may mean another stream by now.
  const page = pageOf(answer.output, sent, work.model.moment());
  reader.pages.push(page);
  if (stillCertain(work.model, reader.stream, certain)?.isDisabled) requireReadable(work, page);
  checkEnd(work, reader, answer.output);
  return answer.output.NextShardIterator;
}

/** Nothing is shown that is under a disabled key. */
function requireReadable({ model, world }: Work, { records }: Page): void {
  for (const record of records) {
    const id = idOf(record);
    if (model.attempts.get(id)?.isUnderOwnKey) world.violate(`key: ${id} is shown while its key is disabled`);
  }
}

/** Reads the tip of a shard over and over: a reader there sees records as early as any reader may. */
async function watch(work: Work, stream: StreamModel, shard: string): Promise<void> {
  const reader: Reader = { stream, shard, after: undefined, pages: [] };
  stream.readers.push(reader);
  let iterator = await iteratorAt(work, reader, { ShardIteratorType: 'LATEST' });
  for (let look = 0; look < 30 && iterator !== undefined && !work.isOver(); look++) {
    const next = await readOn(work, reader, iterator);
    if (next === 'failed') return;
    iterator = next;
    await work.world.scheduler.sleep(work.random.real(0, 4));
  }
}

async function iteratorAt(
  work: Work,
  { stream, shard }: Reader,
  position: Position,
): Promise<string | undefined> {
  const input = { StreamName: stream.name, ShardId: shard, ...position };
  const answer = await work.client.call<{ ShardIterator: string }>('GetShardIterator', input);
  if (answer.kind === 'output') return answer.output.ShardIterator;
  // The clock may have gone back since the time was drawn: then the time lies in the future.
  complain(work, answer, 'Timestamp' in position ? ['InvalidArgumentException'] : []);
  return undefined;
}

/** An iterator stands for the same position each time. */
function mayRepeat(answer: Answer<unknown>): boolean {
  return (
    answer.kind === 'silence' ||
    (answer.kind === 'error' && answer.type === 'ProvisionedThroughputExceededException')
  );
}

/** Consumers rely on it: no next iterator means children, and children mean no next iterator. */
export function checkEnd(work: Work, { shard }: Reader, answer: PageAnswer): void {
  const children = answer.ChildShards ?? [];
  const isEnd = answer.NextShardIterator === undefined;
  if (isEnd !== children.length > 0)
    work.world.violate(`the end of ${shard} comes with ${children.length} children`);
  if (children.some(({ ParentShards }) => !ParentShards.includes(shard))) {
    work.world.violate(`the children of ${shard} do not name it as their parent`);
  }
}

export function pageOf(answer: PageAnswer, sent: number, answered: number): Page {
  const records = answer.Records.map(
    (record): Sighting => ({
      number: BigInt(record.SequenceNumber),
      arrival: Math.round(record.ApproximateArrivalTimestamp * 1000),
      partitionKey: record.PartitionKey,
      data: Buffer.from(record.Data, 'base64').toString('latin1'),
    }),
  );
  const isEnd = answer.NextShardIterator === undefined;
  return { sent, answered, records, isAtTip: answer.MillisBehindLatest === 0, isEnd };
}

const pageSizes = [1, 7, 30, 100];

export const fromStart: Position = { ShardIteratorType: 'TRIM_HORIZON' };

export function drawPosition(
  work: Work,
  stream: StreamModel,
  shard: string,
): { position: Position; after: bigint | undefined } {
  const { random, world } = work;
  const known = stream.readers
    .filter((reader) => reader.shard === shard)
    .flatMap((reader) => reader.pages.flatMap((page) => page.records));
  const kind = random.pick(known.length > 0 ? kinds : kinds.slice(0, 3));
  if (kind === 'TRIM_HORIZON') return { position: fromStart, after: 0n };
  if (kind === 'LATEST') return { position: { ShardIteratorType: kind }, after: undefined };
  if (kind === 'AT_TIMESTAMP') {
    const Timestamp = (world.wall.now() - random.between(0, 5_000)) / 1000;
    return { position: { ShardIteratorType: kind, Timestamp }, after: undefined };
  }
  const { number } = random.pick(known);
  const after = kind === 'AT_SEQUENCE_NUMBER' ? number - 1n : number;
  return { position: { ShardIteratorType: kind, StartingSequenceNumber: String(number) }, after };
}

const kinds = [
  'TRIM_HORIZON',
  'LATEST',
  'AT_TIMESTAMP',
  'AT_SEQUENCE_NUMBER',
  'AFTER_SEQUENCE_NUMBER',
] as const;
