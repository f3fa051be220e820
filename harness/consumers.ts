import type { Setting, StreamModel } from './model.ts';
import { set } from './settings.ts';
import { complain, type Work } from './workload.ts';

type Described = {
  readonly ConsumerARN: string;
  readonly ConsumerStatus: 'CREATING' | 'ACTIVE' | 'DELETING';
};
type Listed = { readonly Consumers: readonly (Described & { readonly ConsumerName: string })[] };

/** Whether a consumer is there is a setting like any other. */
function presence(stream: StreamModel, name: string): Setting {
  return stream.setting(`consumer ${name}`, 'absent');
}

export function streamArn({ name }: StreamModel): string {
  return `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
}

/** Registers a consumer, and answers its ARN once it is ACTIVE; undefined when that does not come to pass. */
export async function register(work: Work, stream: StreamModel, name: string): Promise<string | undefined> {
  await set(work, presence(stream, name), 'present', 'RegisterStreamConsumer', {
    StreamARN: streamArn(stream),
    ConsumerName: name,
  });
  for (let looks = 0; looks < 3; looks++) {
    await work.world.scheduler.sleep(60);
    const arn = await consumerArn(work, stream, name);
    if (arn !== undefined) return arn;
  }
  return undefined;
}

export async function deregister(work: Work, stream: StreamModel, name: string): Promise<void> {
  await set(work, presence(stream, name), 'absent', 'DeregisterStreamConsumer', {
    StreamARN: streamArn(stream),
    ConsumerName: name,
  });
}

/** The ARN of a consumer that is ACTIVE. */
export async function consumerArn(
  work: Work,
  stream: StreamModel,
  name: string,
): Promise<string | undefined> {
  const setting = stream.settings.get(`consumer ${name}`);
  if (setting === undefined) return undefined;
  const consumers = await readConsumers(work, stream, [setting]);
  return consumers?.find(
    ({ ConsumerName, ConsumerStatus }) => ConsumerName === name && ConsumerStatus === 'ACTIVE',
  )?.ConsumerARN;
}

/** Notes which consumers are there, for those settings that this client alone changes. */
export async function readConsumers(
  work: Work,
  stream: StreamModel,
  settings: Iterable<Setting> = stream.settings.values(),
): Promise<Listed['Consumers'] | undefined> {
  const sent = work.model.moment();
  const answer = await work.client.call<Listed>('ListStreamConsumers', { StreamARN: streamArn(stream) });
  complain(work, answer);
  if (answer.kind !== 'output' || stream.doomed !== undefined) return undefined;
  const there = answer.output.Consumers.filter(({ ConsumerStatus }) => ConsumerStatus !== 'DELETING');
  const names = new Set(there.map(({ ConsumerName }) => `consumer ${ConsumerName}`));
  for (const { name, reads } of settings)
    if (name.startsWith('consumer ')) reads.push({ value: names.has(name) ? 'present' : 'absent', sent });
  return there;
}
