import { consumerArn, deregister, register } from './consumers.ts';
import type { EventFrame } from './event-frames.ts';
import { keyTroubles } from './keys.ts';
import type { Reader } from './model.ts';
import { checkEnd, drawPosition, type PageAnswer, type Position, pageOf } from './reader.ts';
import type { Subscription } from './subscription.ts';
import { complain, expect, repeat, usable, type Work } from './workload.ts';

type EventAnswer = Omit<PageAnswer, 'NextShardIterator'> & { readonly ContinuationSequenceNumber?: string };

/**
 * A client that registers consumers, subscribes to shards, goes on where it was broken off, and deregisters.
 */
export function runSubscriber(work: Work): Promise<void> {
  const { random } = work;
  return repeat(work, 150, async () => {
    const streams = usable(work).filter(({ listings }) => listings.length > 0);
    if (streams.length === 0) return work.world.scheduler.sleep(20);
    const stream = random.pick(streams);
    const shard = random.pick(stream.listings.at(-1)!.shards).id;
    const { position, after } = drawPosition(work, stream, shard);
    const reader: Reader = { stream, shard, after, pages: [] };
    stream.readers.push(reader);
    let from: Position | undefined = position;
    for (let times = random.between(1, 4); times > 0 && from !== undefined && !work.isOver(); times--) {
      // One of several: a consumer has to wait before it may subscribe to a shard again. The name says which
      // stream is meant, as another one may have come in its place.
      const consumer = `consumer-${work.model.streams.indexOf(stream)}-${random.between(1, 3)}`;
      const arn = (await consumerArn(work, stream, consumer)) ?? (await register(work, stream, consumer));
      if (arn !== undefined) from = await listen(work, reader, arn, from);
      if (random.chance(0.1)) await deregister(work, stream, consumer);
      await work.world.scheduler.sleep(random.real(0, 150));
    }
  });
}

/** Subscribes once. Answers where to go on; undefined when the shard ended, or there is no more to it. */
async function listen(
  work: Work,
  reader: Reader,
  arn: string,
  from: Position,
): Promise<Position | undefined> {
  const { ShardIteratorType: Type, StartingSequenceNumber: SequenceNumber, Timestamp } = from;
  const input = {
    ConsumerARN: arn,
    ShardId: reader.shard,
    StartingPosition: { Type, SequenceNumber, Timestamp },
  };
  const begun = work.model.moment();
  const answer = await work.client.subscribe(input);
  const troubles = () => keyTroubles(work.model, reader.stream, begun);
  complain(work, answer, [...troubles(), ...(Timestamp === undefined ? [] : ['InvalidArgumentException'])]);
  if (answer.kind !== 'output') return from;
  const subscription = answer.output;
  let next: Position | undefined = from;
  for (let count = work.random.between(1, 30); count > 0 && !work.isOver(); count--) {
    const sent = subscription.isPaced ? work.model.moment() : begun;
    const frame = await inTime(work, subscription);
    if (frame === undefined || !takes(work, reader, frame, { sent, troubles })) break;
    next = positionAfter(frame);
    if (next === undefined) await checkSilence(work, reader, subscription);
    if (next === undefined) break;
  }
  subscription.stop();
  return reader.stream.doomed === undefined ? next : undefined;
}

/** A client goes away when it has waited long enough. */
function inTime(work: Work, subscription: Subscription): Promise<EventFrame | undefined> {
  const patience = work.world.patience(work.random.real(50, 6_000)).then(() => undefined);
  return Promise.race([subscription.next(), patience]);
}

/** Notes an event. False when there is nothing to note any more. */
function takes(
  work: Work,
  reader: Reader,
  { type, payload }: EventFrame,
  { sent, troubles }: { readonly sent: number; readonly troubles: () => readonly string[] },
): boolean {
  const value = JSON.parse(payload.toString());
  if (type !== 'SubscribeToShardEvent') {
    expect(work, type, value.message, troubles());
    return false;
  }
  if (reader.stream.doomed !== undefined) return false;
  const { ContinuationSequenceNumber, ...event } = value as EventAnswer;
  const answer: PageAnswer = { ...event, NextShardIterator: ContinuationSequenceNumber };
  reader.pages.push(pageOf(answer, sent, work.model.moment()));
  checkEnd(work, reader, answer);
  return true;
}

function positionAfter({ payload }: EventFrame): Position | undefined {
  const { ContinuationSequenceNumber: StartingSequenceNumber } = JSON.parse(
    payload.toString(),
  ) as EventAnswer;
  if (StartingSequenceNumber === undefined) return undefined;
  return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber };
}

/**
 * Nothing follows the end of a shard, and the answer goes on for a second: some lose what they have not taken
 * when it ends.
 */
async function checkSilence(
  work: Work,
  { shard, stream }: Reader,
  subscription: Subscription,
): Promise<void> {
  const { world } = work;
  const since = world.monotonic();
  const patience = world.patience(silenceMsMax).then(() => undefined);
  const frame = await Promise.race([subscription.next(), patience]);
  if (frame !== undefined) world.violate(`the end of ${shard} is followed by ${frame.type}`);
  // Over a real network the client cannot know how long the end of the shard was on its way.
  if (!subscription.isPaced || world.isClosing || stream.doomed !== undefined) return;
  // Times have fractions, and what is taken of one and added again is not always the same.
  const passed = Math.round(world.monotonic() - since);
  const { clockDrift = 0 } = world;
  if (subscription.state === 'over' && passed < Math.floor(silenceMsMin * (1 - clockDrift)))
    world.violate(`hasty: an answer ended ${passed} ms after the end of ${shard}`);
  if (subscription.state === 'under way')
    world.violate(`endless: an answer goes on ${passed} ms after the end of ${shard}`);
}

const silenceMsMin = 1_000;
const silenceMsMax = 1_500;
