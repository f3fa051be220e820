import type { Answer } from './answer.ts';
import { changeEncryption, encryption } from './keys.ts';
import { listShards } from './listing.ts';
import type { Status, StreamModel } from './model.ts';
import { changeMode, merge, split, updateShardCount } from './resharding.ts';
import { changeRetention, readTags, retention, tag } from './settings.ts';
import { complain, repeat, type Work } from './workload.ts';

type Summary = {
  readonly StreamDescriptionSummary: {
    readonly StreamStatus: Status;
    readonly RetentionPeriodHours: number;
    readonly KeyId?: string;
  };
};

/** A client that owns a stream name: it alone creates, describes, changes and deletes what has that name. */
export function runOwner(work: Work, name: string): Promise<void> {
  let stream: StreamModel | undefined;
  return repeat(work, 120, async () => {
    if (stream === undefined || stream.statuses.at(-1)?.status === 'GONE')
      stream = await create(work, name, stream);
    else if (stream.doomed !== undefined) await remove(work, stream);
    else await work.random.pick(chores)(work, stream);
  });
}

type Chore = (work: Work, stream: StreamModel) => Promise<unknown>;

/** Weighed by how often they stand here. */
const chores: readonly Chore[] = [
  ...Array<Chore>(4).fill(describe),
  ...Array<Chore>(4).fill((work, stream) => listShards(work, stream)),
  ...Array<Chore>(3).fill(split),
  ...Array<Chore>(2).fill(merge),
  updateShardCount,
  ...Array<Chore>(2).fill(tag),
  readTags,
  changeRetention,
  changeMode,
  ...Array<Chore>(2).fill((work, stream) =>
    work.model.encryption ? changeEncryption(work, stream) : describe(work, stream),
  ),
  (work, stream) => (work.random.chance(0.15) ? remove(work, stream) : describe(work, stream)),
  (work, stream) => (work.random.chance(0.15) ? splitAndRemove(work, stream) : describe(work, stream)),
];

/** Asks until the answer is certain: a lost answer may hide a stream. */
async function create(
  work: Work,
  name: string,
  gone: StreamModel | undefined,
): Promise<StreamModel | undefined> {
  const size = work.random.chance(0.1)
    ? { StreamModeDetails: { StreamMode: 'ON_DEMAND' } }
    : { ShardCount: work.random.between(1, 4) };
  const input = { StreamName: name, ...size };
  const answer = await work.client.call('CreateStream', input);
  complain(work, answer);
  const exists =
    answer.kind === 'output' || (answer.kind === 'error' && answer.type === 'ResourceInUseException');
  if (!exists) return gone;
  const stream = work.model.stream(name);
  stream.created = work.model.moment();
  return stream;
}

async function remove(work: Work, stream: StreamModel): Promise<void> {
  stream.doomed ??= work.model.moment();
  complain(
    work,
    await work.client.call('DeleteStream', { StreamName: stream.name, EnforceConsumerDeletion: true }),
  );
  await describe(work, stream);
}

/** Asks for the end of a stream while it is being split. */
async function splitAndRemove(work: Work, stream: StreamModel): Promise<void> {
  await split(work, stream);
  await work.world.scheduler.sleep(work.random.real(90, 110));
  await remove(work, stream);
}

/**
 * Notes the stream's state, its retention, and once it is ACTIVE its key. Answers the state, or undefined
 * when none was told.
 */
export async function describe(work: Work, stream: StreamModel): Promise<Status | undefined> {
  const sent = work.model.moment();
  const answer = await work.client.call<Summary>('DescribeStreamSummary', { StreamName: stream.name });
  complain(work, answer);
  const status = statusOf(answer);
  if (status !== undefined) stream.statuses.push({ sent, answered: work.model.moment(), status });
  if (answer.kind === 'output') {
    const { RetentionPeriodHours, KeyId } = answer.output.StreamDescriptionSummary;
    retention(stream).reads.push({ value: String(RetentionPeriodHours), sent });
    if (status === 'ACTIVE' && work.model.encryption)
      encryption(work.model, stream).reads.push({ value: KeyId ?? 'NONE', sent });
  }
  return status;
}

function statusOf(answer: Answer<Summary>): Status | undefined {
  if (answer.kind === 'output') return answer.output.StreamDescriptionSummary.StreamStatus;
  return answer.kind === 'error' && answer.type === 'ResourceNotFoundException' ? 'GONE' : undefined;
}
