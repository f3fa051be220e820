import type { Answer } from './answer.ts';
import type { Setting, StreamModel } from './model.ts';
import { complain, type Work } from './workload.ts';

export async function tag(work: Work, stream: StreamModel): Promise<void> {
  const key = `tag-${work.random.below(3)}`;
  const setting = stream.setting(key, '');
  const isRemoval = work.random.chance(0.3);
  const value = isRemoval ? '' : `value ${work.random.below(1000)}`;
  const operation = isRemoval ? 'RemoveTagsFromStream' : 'AddTagsToStream';
  const change = isRemoval ? { TagKeys: [key] } : { Tags: { [key]: value } };
  await set(work, setting, value, operation, { StreamName: stream.name, ...change });
}

/** Notes the values of all tags that were ever set. */
export async function readTags(work: Work, stream: StreamModel): Promise<boolean> {
  const sent = work.model.moment();
  type Tags = { readonly Tags: readonly { readonly Key: string; readonly Value: string }[] };
  const answer = await work.client.call<Tags>('ListTagsForStream', { StreamName: stream.name });
  complain(work, answer);
  if (answer.kind !== 'output') return false;
  const tags = new Map(answer.output.Tags.map(({ Key, Value }) => [Key, Value]));
  for (const { name, reads } of stream.settings.values()) {
    if (name.startsWith('tag-')) reads.push({ value: tags.get(name) ?? '', sent });
  }
  return true;
}

export async function changeRetention(work: Work, stream: StreamModel): Promise<void> {
  const setting = retention(stream);
  const current = Number(setting.writes.findLast(({ outcome }) => outcome === 'done')!.value);
  const hours = work.random.pick(retentions);
  const operation = hours >= current ? 'IncreaseStreamRetentionPeriod' : 'DecreaseStreamRetentionPeriod';
  await set(work, setting, String(hours), operation, {
    StreamName: stream.name,
    RetentionPeriodHours: hours,
  });
}

/** So far apart that no jump of the clock leads from one to the next; mischief.ts leaps between them. */
const retentions = [24, 48, 72];

export function retention(stream: StreamModel): Setting {
  return stream.setting('retention', '24');
}

export async function set(
  work: Work,
  { writes }: Setting,
  value: string,
  operation: string,
  input: object,
  also: () => readonly string[] = () => ['InvalidArgumentException'],
): Promise<Answer<unknown>> {
  const write: Setting['writes'][number] = { value, sent: work.model.moment(), outcome: 'unknown' };
  writes.push(write);
  const answer = await work.client.call(operation, input);
  complain(work, answer, also());
  if (answer.kind !== 'silence') {
    write.answered = work.model.moment();
    write.outcome = answer.kind === 'output' ? 'done' : 'refused';
  }
  return answer;
}
