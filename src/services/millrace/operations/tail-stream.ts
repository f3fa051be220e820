import type { Positions, ShardPosition } from '../../../delivery/state/delivery-state.ts';
import type { Millis } from '../../../env/clock.ts';
import { parseShardId } from '../../../kinesis/shard-id.ts';
import { findShard, type Stream } from '../../../kinesis/stream.ts';
import { endable } from '../../../stream/endable.ts';
import { eventStream, integer, list, long, string, structure, type TypeOf } from '../../../wire/shape.ts';
import { resourceNotFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { decodingInput, decodingOf } from '../parts/decoding.ts';
import { readingPermissions, requireServing, resourceOf, streamTarget } from '../parts/stream-target.ts';
import { rawEncoder } from '../tail/raw-encoder.ts';
import { asNow, positionsAt, positionsFrom } from '../tail/stream-positions.ts';
import { tail } from '../tail/tail.ts';
import type { TailEncoder } from '../tail/tail-encoder.ts';
import { openPosition, sealPosition } from '../tail/tail-position.ts';
import { startOf, timeOf } from '../tail/tail-time.ts';
import type { MillraceWorld } from '../world.ts';

/** A position of all shards that a stream may have; a head has room for one of some thousands. */
const positionLengthMax = 1024 * 1024;

const input = structure('TailStreamInput', {
  ...streamTarget,
  /** `LATEST`, `TRIM_HORIZON`, a time of RFC 3339, seconds since 1970, or `-15m`. */
  From: string({ min: 1, max: 64 }),
  /** A time, as in From: records that arrived then or later are left out, and it ends. */
  Until: string({ min: 1, max: 64 }),
  ShardIds: list(string({ min: 1, max: 128 }), { min: 1, max: 1000 }),
  Limit: integer({ min: 1 }),
  /** An expression of CEL over key, time, body, text, size, shard and sequence. */
  Where: string({ min: 1, max: 10_000 }),
  ...decodingInput,
  /** The `id` of an event: it begins after that, whatever From says. */
  LastEventId: string({ min: 1, max: positionLengthMax }),
  /** The same in the query, for clients that set no headers; a browser that asks again sends the header. */
  ResumeFrom: string({ min: 1, max: positionLengthMax }),
});

const event = structure('TailStreamEvent', {
  /** Of a `record`. Times are milliseconds since 1970. */
  shardId: string(),
  sequenceNumber: string(),
  partitionKey: string(),
  arrival: long(),
  /** In base64. */
  data: string(),
  /** Of a `status` and an `end`: how many records were read since it began, and how old the last one is. */
  records: long(),
  matched: long(),
  lagMs: long(),
  /** Of an `end`: `limit`, `until`, `shards`, `deleted` or `trouble`. */
  reason: string(),
  /** Of `trouble`. */
  type: string(),
  message: string(),
});

export const tailStream = operation({
  name: 'TailStream',
  summary:
    'Sends the records of all shards of a stream as server-sent events, from a time on, for as long as a client wants them.',
  runs: 'here',
  audit: 'data',
  input,
  output: eventStream('TailStreamOutput', event),
  prepare(world, request, caller, _codec, { recheck }) {
    const resource = resourceOf(request, caller);
    return {
      resource,
      permissions: readingPermissions(resource),
      async run() {
        const stream = requireServing(world.catalog.state, request, caller);
        // Who has enough of them looks for no places in the log either.
        const end = await world.subscriptions.beginTail(caller.arn);
        const found = async () => ({
          ...(await readBy(world, stream, request)),
          stream,
          positionsAt: (time: Millis) => positionsAt(world, stream, time),
          seal: (positions: Positions) => sealPosition(world.tokens, asNow(world, stream), positions),
          requireKeys: (arns: readonly string[]) => world.keyUse.requireToRead(caller, stream, arns),
          recheck,
        });
        try {
          const subject = await found();
          const encoder = await encoderOf(world, request);
          end.signal.addEventListener('abort', () => encoder.close(), { once: true });
          return endable(tail(world, subject, encoder, end.signal), end);
        } catch (error) {
          end.abort();
          throw error;
        }
      },
    };
  },
});

/** Only what people type is computed elsewhere. */
async function encoderOf(world: MillraceWorld, request: TypeOf<typeof input>): Promise<TailEncoder> {
  const { Where, Decode } = request;
  if (Where === undefined && Decode === undefined) return rawEncoder(world.clock);
  const { viewEncoder } = await import('../tail/view-encoder.ts');
  const isDecoded = Decode !== undefined;
  const spec = { kind: 'tail', where: Where, decoding: decodingOf(request), isDecoded } as const;
  return await viewEncoder(await world.viewer(), spec);
}

/** What a request says of where to read. */
async function readBy(world: MillraceWorld, stream: Stream, request: TypeOf<typeof input>) {
  const { LastEventId, ResumeFrom, From = 'LATEST', Until, ShardIds, Limit } = request;
  const now = world.clock.now();
  const until = Until === undefined ? undefined : timeOf('until', Until, now);
  const shards = ShardIds?.map((id) => requireShard(stream, id));
  const resumed = LastEventId ?? ResumeFrom;
  const from =
    resumed === undefined
      ? await positionsFrom(world, stream, startOf(From, now), now)
      : openPosition(world.tokens, stream, resumed);
  const matchedMax = Limit ?? Number.POSITIVE_INFINITY;
  return { from: shards === undefined ? from : onlyOf(stream, from, shards), shards, until, matchedMax };
}

function requireShard(stream: Stream, id: string): number {
  const index = parseShardId(id);
  if (index !== undefined && findShard(stream, index) !== undefined) return index;
  const { name, account } = stream;
  throw resourceNotFound(`Could not find shard ${id} in stream ${name} under account ${account}.`);
}

/** Shards that are not wanted count as read: no child waits for them. */
function onlyOf(stream: Stream, from: Positions, wanted: readonly number[]): Positions {
  const others = stream.shards.filter(({ index }) => !wanted.includes(index));
  const finished = others.map(({ index }): [string, ShardPosition] => [
    String(index),
    { next: 0, isFinished: true },
  ]);
  return { ...from, ...Object.fromEntries(finished) };
}
