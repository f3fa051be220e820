import { keyTroubles } from '../keys.ts';
import type { Moment, Reader, Sighting, StreamModel, Tail } from '../model.ts';
import { complain, expect } from '../workload.ts';
import type { OnlookerWork } from './onlooker.ts';
import type { TailAnswer } from './onlooker-client.ts';
import type { ServerSentEvent } from './server-sent-events.ts';

type RecordEvent = {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly arrival: number;
  readonly data: string;
};

export function newTail(stream: StreamModel, from: Tail['from']): Tail {
  const tail: Tail = { stream, from, lastEventId: undefined, readers: new Map(), order: [] };
  stream.tails.push(tail);
  return tail;
}

/**
 * Goes on with a tail where it was broken off, until it has had its fill or the client has no more patience.
 * Records count when the id behind them has come, as they do for every client that is to have each of them
 * once.
 */
export async function listen(work: OnlookerWork, tail: Tail, isEnough: () => boolean): Promise<void> {
  const { model, random, client } = work;
  const begun = model.moment();
  const answer = await client.tail(tail.stream.name, tail.from, tail.lastEventId);
  const troubles = () => [...keyTroubles(model, tail.stream, begun), 'RecordsLost'];
  complain(work, answer, troubles());
  if (answer.kind !== 'output') return;
  const unconfirmed: RecordEvent[] = [];
  for (;;) {
    const sent = model.moment();
    const events = await inTime(work, answer.output, random.real(50, patienceMsMax));
    // The name may mean another stream by now.
    if (events === undefined || tail.stream.doomed !== undefined) break;
    for (const event of events) note(work, tail, event, unconfirmed, { sent, troubles });
    if (isEnough() || events.some(({ name }) => name === 'end')) break;
  }
  answer.output.stop();
}

/** Longer than a status is waited for. */
const patienceMsMax = 4_000;

function inTime({ world }: OnlookerWork, answer: TailAnswer, ms: number) {
  return Promise.race([answer.next(), world.patience(ms).then(() => undefined)]);
}

function note(
  work: OnlookerWork,
  tail: Tail,
  { name, data, id }: ServerSentEvent,
  unconfirmed: RecordEvent[],
  { sent, troubles }: { readonly sent: Moment; readonly troubles: () => readonly string[] },
): void {
  const value = JSON.parse(data);
  if (name === 'record') unconfirmed.push(value);
  if (name === 'trouble') expect(work, value.type, value.message, troubles());
  if (name === 'end') work.world.violate(`ended: a tail of ${tail.stream.name} is over: ${value.reason}`);
  if (id === undefined) return;
  tail.lastEventId = id;
  const answered = work.model.moment();
  for (const record of unconfirmed) tail.order.push(record.shardId);
  for (const [shard, records] of Map.groupBy(unconfirmed.splice(0), ({ shardId }) => shardId)) {
    const page = { sent, answered, records: records.map(sightingOf), isAtTip: false, isEnd: false };
    readerOf(tail, shard).pages.push(page);
  }
}

function sightingOf({ sequenceNumber, arrival, partitionKey, data }: RecordEvent): Sighting {
  const text = Buffer.from(data, 'base64').toString('latin1');
  return { number: BigInt(sequenceNumber), arrival, partitionKey, data: text };
}

export function readerOf({ stream, from, readers }: Tail, shard: string): Reader {
  const known = readers.get(shard);
  if (known !== undefined) return known;
  const reader: Reader = { stream, shard, after: from === 'TRIM_HORIZON' ? 0n : undefined, pages: [] };
  readers.set(shard, reader);
  stream.readers.push(reader);
  return reader;
}
