import type { Setting, StreamModel, Tail } from '../model.ts';
import { set } from '../settings.ts';
import { complain, repeat, usable, type Work } from '../workload.ts';
import { lookAtCounts } from './counts-look.ts';
import type { OnlookerClient } from './onlooker-client.ts';
import { listen, newTail, readerOf } from './tailer.ts';

/** What a client works with that looks at streams. */
export type OnlookerWork = Work & {
  readonly client: OnlookerClient;
  /** Whether one process counts all there is, so that what it has counted never falls while it lives. */
  readonly countsAlone: boolean;
};

/**
 * A client that looks at what a server shows of its streams: follows them, breaks off and goes on, sees what
 * was counted, and gives them limits of their own.
 */
export function runOnlooker(work: OnlookerWork): Promise<void> {
  const { random } = work;
  return repeat(work, 100, async () => {
    const streams = usable(work);
    if (streams.length === 0) return work.world.scheduler.sleep(20);
    const stream = random.pick(streams);
    await random.pick(chores)(work, stream);
  });
}

type Chore = (work: OnlookerWork, stream: StreamModel) => Promise<unknown>;

/** Weighed by how often they stand here. */
const chores: readonly Chore[] = [
  ...Array<Chore>(4).fill(follow),
  ...Array<Chore>(3).fill((work, stream) =>
    work.countsAlone ? lookAtCounts(work, stream) : follow(work, stream),
  ),
  changeLimits,
  readLimits,
];

async function follow(work: OnlookerWork, stream: StreamModel): Promise<void> {
  const { random } = work;
  if (stream.tails.length === 0) newTail(stream, 'TRIM_HORIZON');
  else if (stream.tails.length < tailsMax && random.chance(0.1)) newTail(stream, 'LATEST');
  const tail = random.pick(stream.tails);
  let left = random.between(1, 20);
  await listen(work, tail, () => --left === 0 || work.isOver());
}

const tailsMax = 3;

/** What a stream's shards may take and give in a second. */
const drawnLimits: readonly object[] = [
  {},
  { Enforced: 'none' },
  { Enforced: 'aws' },
  { WriteRecordsPerSecond: 20 },
  { Enforced: 'none', ReadsPerSecond: 50 },
];

function changeLimits(work: OnlookerWork, stream: StreamModel): Promise<unknown> {
  const value = work.random.pick(drawnLimits);
  const input = { StreamName: stream.name, Limits: value };
  return set(work, limitsSetting(stream), JSON.stringify(value), 'PutStreamLimits', input);
}

/** Notes the limits that a stream has. Answers whether they were told. */
async function readLimits(work: OnlookerWork, stream: StreamModel): Promise<boolean> {
  const sent = work.model.moment();
  const answer = await work.client.call<{ Limits: object }>('GetStreamLimits', {
    StreamName: stream.name,
  });
  complain(work, answer);
  if (answer.kind !== 'output' || stream.doomed !== undefined) return false;
  limitsSetting(stream).reads.push({ value: JSON.stringify(answer.output.Limits), sent });
  return true;
}

function limitsSetting(stream: StreamModel): Setting {
  return stream.setting('limits', '{}');
}

/**
 * Notes what was counted of each stream before the world is looked at for the last time, by who puts, too.
 */
export async function lookBeforeAudit(work: OnlookerWork): Promise<void> {
  for (const stream of usable(work)) await lookAtCounts(work, stream);
}

/** Looks at every stream once the world has come to rest, and at what was read of it to its end. */
export async function auditOnlookers(work: OnlookerWork): Promise<void> {
  for (const stream of usable(work)) {
    if (!(await readLimits(work, stream))) work.world.violate(`the limits of ${stream.name} cannot be read`);
    if (!(await lookAtCounts(work, stream)))
      work.world.violate(`what was counted of ${stream.name} is not told`);
    if (stream.tails.length === 0) newTail(stream, 'TRIM_HORIZON');
    for (const tail of stream.tails) await followToTip(work, tail);
  }
}

/** Goes on until the last record of each open shard is there, which come after all others. */
async function followToTip(work: OnlookerWork, tail: Tail): Promise<void> {
  const { last } = tail.stream;
  if (last === undefined) return;
  const sent = work.model.moment();
  const open = last.listing.shards.filter(({ ending }) => ending === undefined);
  const wanted = open.map(({ id }) => {
    const reader = last.readers.find(({ shard }) => shard === id);
    return [id, reader?.pages.findLast(({ records }) => records.length > 0)?.records.at(-1)] as const;
  });
  const isThere = () =>
    wanted.every(([shard, record]) => {
      const shown = tail.readers.get(shard)?.pages.at(-1)?.records.at(-1);
      return record === undefined || (shown !== undefined && shown.number >= record.number);
    });
  for (let times = 0; times < connectionsMax && !isThere(); times++) await listen(work, tail, isThere);
  const answered = work.model.moment();
  for (const { id } of last.listing.shards)
    readerOf(tail, id).pages.push({ sent, answered, records: [], isAtTip: true, isEnd: false });
}

const connectionsMax = 30;
