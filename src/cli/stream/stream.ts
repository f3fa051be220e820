import { StartError } from '../../env/start-error.ts';
import { AwsError } from '../../server/lambda/aws-calls.ts';
import { jsonText } from '../answer-text.ts';
import { callsAt } from '../aws-place.ts';
import type { CommandWorld } from '../command-world.ts';
import { describedStream, openShardsOf, type StreamSummary, shardIdOf } from './described-stream.ts';
import { descriptionText } from './description-text.ts';
import { splitOf } from './split-place.ts';
import type { StreamOptions } from './stream-command.ts';
import type { StreamAction } from './stream-request.ts';
import { type StreamCalls, untilActive, untilGone } from './stream-waits.ts';

/** Carries out what is asked about a stream; answers the exit code. Rejects as calls do. */
export async function runStream(
  name: string,
  action: StreamAction,
  options: StreamOptions,
  world: CommandWorld,
): Promise<number> {
  const calls = await callsAt(options, world);
  const of: StreamCalls = { name, calls, world, waits: options.wait ?? true };
  const before = action.kind === 'create' ? undefined : await summaryOf(of);
  if (action.kind === 'delete' && !(await isConfirmed(name, action.isSure, world))) {
    await world.progress.write('Nothing was deleted.\n');
    return 1;
  }
  await act(of, action, before);
  if (action.kind === 'delete') {
    if (of.waits) await untilGone(of);
    await tell(`${name} is deleted.\n`, { StreamName: name, Deleted: true }, options, world);
    return 0;
  }
  const summary = of.waits && action.kind !== 'describe' ? await untilActive(of) : await summaryOf(of);
  const shards = await openShardsOf(calls, name);
  const answer = { ...summary, OpenShards: shards };
  await tell(descriptionText(summary, shards, world.out), answer, options, world);
  return 0;
}

async function tell(
  text: string,
  json: object,
  { json: wantsJson }: StreamOptions,
  { out }: CommandWorld,
): Promise<void> {
  await out.write((wantsJson ?? !out.isTerminal) ? `${jsonText(json, 2)}\n` : text);
}

async function act(of: StreamCalls, action: StreamAction, before: StreamSummary | undefined): Promise<void> {
  const { name, calls } = of;
  const stream = { StreamName: name };
  switch (action.kind) {
    case 'create':
      return await create(of, action);
    case 'describe':
      return;
    case 'split': {
      const place = await splitOf(calls, name, action);
      await calls.kinesis('SplitShard', { ...stream, ...place });
      return;
    }
    case 'merge': {
      const [shard, neighbour] = action.shards.map(shardIdOf);
      const shards = { ShardToMerge: shard, AdjacentShardToMerge: neighbour };
      await calls.kinesis('MergeShards', { ...stream, ...shards });
      return;
    }
    case 'scale':
      await calls.kinesis('UpdateShardCount', {
        ...{ ...stream, TargetShardCount: action.shards, ScalingType: 'UNIFORM_SCALING' },
      });
      return;
    case 'retain':
      return await retain(of, before?.RetentionPeriodHours ?? 0, action.hours);
    case 'encrypt':
      return await encrypt(of, before?.KeyId, action.key);
    case 'delete':
      await calls.kinesis('DeleteStream', { ...stream, EnforceConsumerDeletion: action.withConsumers });
      return;
  }
}

async function create(
  of: StreamCalls,
  { shards, retentionHours, key, tags }: Extract<StreamAction, { kind: 'create' }>,
): Promise<void> {
  const { name, calls } = of;
  const mode = { StreamModeDetails: { StreamMode: shards === undefined ? 'ON_DEMAND' : 'PROVISIONED' } };
  const withTags = Object.keys(tags).length > 0 ? { Tags: tags } : {};
  const count = shards === undefined ? {} : { ShardCount: shards };
  await calls.kinesis('CreateStream', { StreamName: name, ...count, ...mode, ...withTags });
  if (retentionHours === undefined && key === undefined) return;
  await untilActive(of);
  if (retentionHours !== undefined) await retain(of, 24, retentionHours);
  if (key !== undefined) {
    await untilActive(of);
    await encrypt(of, undefined, key);
  }
}

async function retain({ name, calls }: StreamCalls, before: number, hours: number): Promise<void> {
  if (hours === before) return;
  const operation = hours > before ? 'IncreaseStreamRetentionPeriod' : 'DecreaseStreamRetentionPeriod';
  await calls.kinesis(operation, { StreamName: name, RetentionPeriodHours: hours });
}

async function encrypt(
  { name, calls }: StreamCalls,
  before: string | undefined,
  key: string | undefined,
): Promise<void> {
  if (key === undefined && before === undefined) return;
  const operation = key === undefined ? 'StopStreamEncryption' : 'StartStreamEncryption';
  await calls.kinesis(operation, { StreamName: name, EncryptionType: 'KMS', KeyId: key ?? before });
}

async function summaryOf({ name, calls }: StreamCalls): Promise<StreamSummary> {
  try {
    return await describedStream(calls, name);
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== 'ResourceNotFoundException') throw error;
    throw new AwsError(error.name, `there is no stream ${name}; see millrace streams`);
  }
}

/** Whoever deletes by hand types the stream's name. Rejects with `StartError` where nobody can be asked. */
async function isConfirmed(name: string, isSure: boolean, world: CommandWorld): Promise<boolean> {
  if (isSure) return true;
  if (!world.inputIsTerminal)
    throw new StartError('nobody can be asked here: --yes deletes without a question');
  await world.progress.write(`This deletes ${name} with all its records. Type its name to go on: `);
  let typed = '';
  for await (const bytes of world.input()) {
    typed += String(bytes);
    if (typed.includes('\n')) break;
  }
  return typed.split('\n')[0]!.trim() === name;
}
