import { streamArn } from '../consumers.ts';
import { StreamModel } from '../model.ts';
import { repeat, usable } from '../workload.ts';
import { type DeliveryKind, DeliveryModel } from './delivery-model.ts';
import { drawChannel, drawDestination, drawPlace } from './delivery-settings.ts';
import { complainOfDelivery, type DeliveryWork, roleArn } from './delivery-work.ts';

/** So many deliveries of one owner at a time. */
const atOnceMax = 3;

/** What there is to be first. */
const kinds: readonly DeliveryKind[] = ['put', 'stream', 'channel'];

/** A client that makes deliveries, and changes and deletes them. It alone does so with what it made. */
export function runDeliveryOwner(work: DeliveryWork): Promise<void> {
  const own: DeliveryModel[] = [];
  const order = [...kinds].sort(() => (work.random.chance(0.5) ? 1 : -1));
  return repeat(work, 100, async () => {
    const present = own.filter(({ gone }) => gone === undefined);
    if (present.length < atOnceMax && (own.length < 2 || work.random.chance(0.3))) {
      const fresh = begin(work, order[own.length] ?? work.random.pick(kinds));
      if (fresh !== undefined) own.push(fresh);
      return;
    }
    if (present.length === 0) return;
    const delivery = work.random.pick(present);
    if (delivery.doomed !== undefined) await remove(work, delivery);
    else if (delivery.active === undefined) await bringUp(work, delivery);
    else await work.random.pick(chores)(work, delivery);
  });
}

type Chore = (work: DeliveryWork, delivery: DeliveryModel) => Promise<unknown>;

/** Weighed by how often they stand here. */
const chores: readonly Chore[] = [
  ...Array<Chore>(4).fill(update),
  describe,
  (work, delivery) => (work.random.chance(0.1) ? remove(work, delivery) : update(work, delivery)),
];

function begin(work: DeliveryWork, kind: DeliveryKind): DeliveryModel | undefined {
  const { deliveries, model, random } = work;
  const name = `delivery-${deliveries.deliveries.length}`;
  const sources = usable(work);
  if (kind === 'stream' && sources.length === 0) return undefined;
  // A stream that only its channel reads is none of the world's.
  const own = kind === 'channel' ? new StreamModel(`of-${name}`) : undefined;
  const stream = kind === 'stream' ? random.pick(sources) : own;
  const isPartitioned = kind === 'put' && random.chance(0.4);
  const delivery = new DeliveryModel(name, kind, stream, { isPartitioned, sent: model.moment() });
  deliveries.deliveries.push(delivery);
  return delivery;
}

/** Asks until it is certain: a lost answer may hide a delivery. */
export async function bringUp(work: DeliveryWork, delivery: DeliveryModel): Promise<void> {
  const state = await describe(work, delivery);
  if (state !== 'GONE') return;
  if (delivery.kind === 'channel') await createChannel(work, delivery);
  else await createDeliveryStream(work, delivery);
}

async function createDeliveryStream(work: DeliveryWork, delivery: DeliveryModel): Promise<void> {
  const { kind, name, stream } = delivery;
  const source = stream && { KinesisStreamARN: streamArn(stream), RoleARN: roleArn };
  const answer = await work.firehose.call('CreateDeliveryStream', {
    DeliveryStreamName: name,
    DeliveryStreamType: kind === 'put' ? 'DirectPut' : 'KinesisStreamAsSource',
    ...(source && { KinesisStreamSourceConfiguration: source }),
    ExtendedS3DestinationConfiguration: drawDestination(delivery, work.random),
  });
  // The stream may be gone.
  complainOfDelivery(work, work.firehose, answer, ['ResourceNotFoundException']);
}

async function createChannel(work: DeliveryWork, delivery: DeliveryModel): Promise<void> {
  const { client } = work;
  const stream = delivery.stream!;
  const input = { StreamName: stream.name, StreamModeDetails: { StreamMode: 'ON_DEMAND' } };
  complainOfDelivery(work, client, await client.call('CreateStream', input));
  const answer = await client.call('CreateChannel', {
    ChannelName: delivery.name,
    ServiceExecutionRoleARN: roleArn,
    StreamConfigurationList: [
      { StreamARN: streamArn(stream), RecordConfiguration: { RecordFormatType: 'STRING' } },
    ],
    ...drawChannel(delivery, work.random),
  });
  // The stream may not be there yet. With AWS's limits a channel is not so quick.
  const early = ['ResourceNotFoundException', 'InvalidArgumentException'];
  complainOfDelivery(work, client, answer, early);
  if (answer.kind === 'error' && answer.type === 'InvalidArgumentException')
    delivery.gone = work.model.moment();
}

/** Answers its state, or GONE; undefined when none was told. Notes when it is ACTIVE. */
export async function describe(work: DeliveryWork, delivery: DeliveryModel): Promise<string | undefined> {
  const state = delivery.kind === 'channel' ? await ofChannel(work, delivery) : await ofStream(work, delivery);
  if (state === 'ACTIVE') delivery.active ??= work.model.moment();
  const isLost = state === 'GONE' && delivery.isUsable && !work.model.hasManyClocks;
  if (isLost) work.world.violate(`unknown: ${delivery.name} is said not to be there, after it was ACTIVE`);
  return state;
}

type Described = {
  readonly DeliveryStreamDescription: {
    readonly DeliveryStreamStatus: string;
    readonly VersionId: string;
    readonly Destinations: readonly { readonly DestinationId: string }[];
  };
};

async function ofStream(work: DeliveryWork, { name }: DeliveryModel): Promise<string | undefined> {
  const answer = await work.firehose.call<Described>('DescribeDeliveryStream', { DeliveryStreamName: name });
  complainOfDelivery(work, work.firehose, answer, ['ResourceNotFoundException']);
  if (answer.kind === 'output') return answer.output.DeliveryStreamDescription.DeliveryStreamStatus;
  return answer.kind === 'error' && answer.type === 'ResourceNotFoundException' ? 'GONE' : undefined;
}

type Listed = {
  readonly ChannelSummaries: readonly {
    readonly ChannelName: string;
    readonly ChannelARN: string;
    readonly ChannelStatus: string;
  }[];
};

async function ofChannel(work: DeliveryWork, delivery: DeliveryModel): Promise<string | undefined> {
  const { client } = work;
  const answer = await client.call<Listed>('ListChannels', {});
  complainOfDelivery(work, client, answer);
  if (answer.kind !== 'output') return undefined;
  const found = answer.output.ChannelSummaries.find(({ ChannelName }) => ChannelName === delivery.name);
  delivery.arn ??= found?.ChannelARN;
  return found?.ChannelStatus ?? 'GONE';
}

async function update(work: DeliveryWork, delivery: DeliveryModel): Promise<void> {
  if (delivery.kind === 'channel') return await updateChannel(work, delivery);
  const { firehose, random } = work;
  const DeliveryStreamName = delivery.name;
  const described = await firehose.call<Described>('DescribeDeliveryStream', { DeliveryStreamName });
  complainOfDelivery(work, firehose, described, ['ResourceNotFoundException']);
  if (described.kind !== 'output') return;
  const { VersionId, Destinations } = described.output.DeliveryStreamDescription;
  const answer = await firehose.call('UpdateDestination', {
    DeliveryStreamName,
    CurrentDeliveryStreamVersionId: VersionId,
    DestinationId: Destinations[0]!.DestinationId,
    ExtendedS3DestinationUpdate: drawPlace(delivery, random),
  });
  // Another gateway may not know of it yet, and an answer that was lost may have changed it.
  const late = ['ConcurrentModificationException', 'ResourceNotFoundException'];
  complainOfDelivery(work, firehose, answer, late);
}

async function updateChannel(work: DeliveryWork, { arn }: DeliveryModel): Promise<void> {
  const S3DestinationConfiguration = { DataFreshnessInSeconds: work.random.pick([1, 2, 5]) };
  const answer = await work.client.call('UpdateChannel', { ChannelARN: arn, S3DestinationConfiguration });
  // Some gateways have AWS's limits.
  const refusals = ['ResourceNotFoundException', 'InvalidArgumentException'];
  complainOfDelivery(work, work.client, answer, refusals);
}

export async function remove(work: DeliveryWork, delivery: DeliveryModel): Promise<void> {
  const { client, firehose, model } = work;
  delivery.doomed ??= model.moment();
  const isChannel = delivery.kind === 'channel';
  const answer = isChannel
    ? await client.call('DeleteChannel', { ChannelARN: delivery.arn })
    : await firehose.call('DeleteDeliveryStream', { DeliveryStreamName: delivery.name });
  complainOfDelivery(work, isChannel ? client : firehose, answer, ['ResourceNotFoundException']);
  if ((await describe(work, delivery)) === 'GONE') delivery.gone ??= model.moment();
}
