import assert from 'node:assert/strict';
import { type Caller, shownName } from '../../../access/caller.ts';
import { streamKeyOf } from '../../../catalog/state.ts';
import type { Millis } from '../../../env/clock.ts';
import { formatStreamArn } from '../../../kinesis/arn.ts';
import { limits } from '../../../kinesis/limits.ts';
import type { Offset } from '../../../kinesis/record.ts';
import { childrenOf, type Shard, type Stream, trimHorizon } from '../../../kinesis/stream.ts';
import type { AskedBy } from '../../../rpc/operation.ts';
import { readRateExceeded } from '../../../stream/errors.ts';
import type { Patience } from '../../../stream/polls.ts';
import { countsOf, keyArnsOf, readPage } from '../../../stream/read.ts';
import type { Codec } from '../../../wire/codec.ts';
import { boolean, list, type OutputOf, required, structure, type TypeOf } from '../../../wire/shape.ts';
import { dryRun, invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { type Iterator, readIterator, requireIterator, sealIterator } from '../parts/iterator.ts';
import { resourceNamed } from '../parts/prepare.ts';
import {
  childShard,
  millisBehindLatest,
  pageLimit,
  record,
  shardIterator,
  streamArn,
} from '../parts/shapes.ts';
import { requireReadableShard, shardMissing, whileThere } from '../parts/shard-target.ts';
import { viewChild } from '../parts/shard-view.ts';
import { addressOf } from '../parts/target.ts';
import type { KinesisWorld } from '../world.ts';

const input = structure('GetRecordsInput', {
  ShardIterator: required(shardIterator),
  Limit: pageLimit,
  StreamARN: streamArn,
  DryRun: boolean(),
});

const output = structure('GetRecordsOutput', {
  Records: required(list(record)),
  NextShardIterator: shardIterator,
  MillisBehindLatest: millisBehindLatest,
  ChildShards: list(childShard),
});

export const getRecords = operation({
  name: 'GetRecords',
  summary:
    'Reads records of a shard from an iterator on, up to 10,000 or 10 MiB, and answers the next iterator.',
  runs: 'here',
  audit: 'data',
  input,
  output,
  prepare(world, request, caller, codec, asked) {
    const iterator = readIterator(world.tokens, request.ShardIterator, caller);
    const stream = iterator && formatStreamArn(iterator);
    const since = world.calls?.start() ?? 0;
    return {
      resource: resourceNamed([stream, request.StreamARN], caller),
      run: () => readFrom(world, requireIterator(iterator, world), request, { caller, codec, asked, since }),
    };
  },
});

/** Who asks, for an answer in which form. */
type Asking = {
  readonly caller: Caller;
  readonly codec: Codec;
  readonly asked: AskedBy;
  /** When, for how long it takes. */
  readonly since: Millis;
};

async function readFrom(
  world: KinesisWorld,
  iterator: Iterator,
  request: TypeOf<typeof input>,
  { asked, ...reader }: Asking,
): Promise<OutputOf<typeof output>> {
  const { caller, since } = reader;
  const waitMs = waitMsOf(asked.headers);
  requireSameStream(iterator, request.StreamARN, caller);
  const { stream, shard } = requireShardOf(world, iterator);
  const key = { stream: stream.id, shard: shard.index };
  const may = world.throttle.mayRead(key);
  if (!(may === true || (await may))) {
    world.calls?.didGet(stream, shard.index, undefined, since);
    world.meter.readThrottled(stream, shard);
    throw readRateExceeded(shard.index, stream);
  }
  if (request.DryRun) throw dryRun();
  const first = await readOnce(world, iterator, request, reader, waitMs > 0);
  if (typeof first !== 'number') return first;
  const patience = { until: world.clock.monotonic() + waitMs, gone: asked.departure?.signal };
  return await readLater(world, { ...iterator, offset: first }, request, reader, patience);
}

/** Waits for records, and reads them: of the calls that a shard may be asked, it counts once. */
async function readLater(
  world: KinesisWorld,
  iterator: Iterator,
  request: TypeOf<typeof input>,
  reader: Omit<Asking, 'asked'>,
  patience: Patience,
): Promise<OutputOf<typeof output>> {
  const key = { stream: iterator.streamId, shard: iterator.shard };
  let from = iterator.offset;
  while (await world.polls.grown(key, from, patience)) {
    const read = await readOnce(world, { ...iterator, offset: from }, request, reader, true);
    if (typeof read !== 'number') return read;
    from = read;
    await world.polls.pause(patience);
  }
  const last = await readOnce(world, { ...iterator, offset: from }, request, reader, false);
  assert(typeof last !== 'number');
  return last;
}

/** The answer; only where the next record is to be, when there is none and the caller waits for some. */
async function readOnce(
  world: KinesisWorld,
  iterator: Iterator,
  request: TypeOf<typeof input>,
  { caller, codec, since }: Omit<Asking, 'asked'>,
  isWaiting: boolean,
): Promise<OutputOf<typeof output> | Offset> {
  const now = world.clock.now();
  const { stream, shard } = requireShardOf(world, iterator);
  const key = { stream: stream.id, shard: shard.index };
  return world.pages.use(async (bytesMax) => {
    const pageRequest = {
      from: iterator.offset,
      recordsMax: request.Limit ?? limits.getRecordsMax,
      bytesMax,
      horizon: trimHorizon(stream, now),
      now,
    };
    const page = await whileThere(stream, shard.index, () => readPage(world.log, key, shard, pageRequest));
    if (isWaiting && !page.finished && page.batches.length === 0) return page.next;
    world.keyUse.requireToRead(caller, stream, keyArnsOf(page.batches));
    world.throttle.didRead(key, page.bytes);
    const turn = () => world.clock.turn();
    const end = page.finished
      ? { ChildShards: childrenOf(stream, shard).map(viewChild) }
      : { NextShardIterator: sealIterator(world.tokens, stream, shard, page.next, now) };
    const records = await world.encoded.writeInTurns(turn, codec.itemWriter(), stream, shard, page.batches);
    const counts = countsOf(page.batches);
    world.meter.didRead(stream, shard, { ...page, ...counts }, shownName(caller));
    const got = { records: counts.records, bytes: counts.content, age: page.behind };
    world.calls?.didGet(stream, shard.index, got, since);
    return {
      Records: records,
      MillisBehindLatest: page.behind,
      ...end,
    };
  });
}

/** What a caller says of how long it may take: see `waitSecondsMax`. Absent from AWS's requests. */
function waitMsOf(headers: AskedBy['headers']): Millis {
  const text = headers.get('x-millrace-wait');
  if (text === undefined) return 0;
  const seconds = /^\d{1,2}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= waitSecondsMax) return seconds * 1000;
  throw invalidArgument(`x-millrace-wait is a number of seconds from 0 to ${waitSecondsMax}.`);
}

/** As long as a queue of Amazon SQS lets wait (SQS API reference, ReceiveMessage, WaitTimeSeconds). */
const waitSecondsMax = 20;

function requireSameStream(iterator: Iterator, arn: string | undefined, caller: Caller): void {
  if (arn === undefined || streamKeyOf(addressOf({ StreamARN: arn }, caller)) === streamKeyOf(iterator))
    return;
  throw invalidArgument(
    `StreamARN ${arn} does not match the stream of the ShardIterator, ${formatStreamArn(iterator)}.`,
  );
}

/** A stream that was deleted and created again under the same name has other shards. */
function requireShardOf(world: KinesisWorld, iterator: Iterator): { stream: Stream; shard: Shard } {
  const found = requireReadableShard(world, iterator, iterator.shard);
  if (found.stream.id !== iterator.streamId) throw shardMissing(iterator.shard, iterator);
  return found;
}
