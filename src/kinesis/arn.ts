import type { Millis } from '../env/clock.ts';

/** Where a stream lives: its ARN, taken apart. */
export type StreamAddress = { readonly account: string; readonly region: string; readonly name: string };

/** Where a channel lives: its ARN, taken apart. Ids are never used again. */
export type ChannelAddress = { readonly account: string; readonly region: string; readonly id: string };

/** What a consumer ARN names. */
type ConsumerAddress = {
  readonly stream: StreamAddress;
  readonly name: string;
  readonly createdSecond: number;
};

/**
 * An ARN, taken apart: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`. The partition follows from the
 * region.
 */
export type Arn = {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
};

/**
 * Regions become part of ARNs and of keys, so they have a form. Whether AWS has such a region is not asked.
 */
export function isRegion(text: string): boolean {
  return regionForm.test(text);
}

const regionForm = /^[a-z0-9-]{1,64}$/;

/**
 * The part of AWS that a region belongs to, as ARNs name it. A region that is not in the table belongs to
 * `aws`.
 */
export function partitionOf(region: string): string {
  return partitions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

/** How the regions of each other partition begin (the SDKs' table of endpoints, partitions.json). */
const partitions = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
] as const;

export function formatStreamArn({ region, account, name }: StreamAddress): string {
  return `arn:${partitionOf(region)}:kinesis:${region}:${account}:stream/${name}`;
}

/** The ARN of a consumer: its stream's, its name, and the second in which it was registered. */
export function formatConsumerArn(
  stream: StreamAddress,
  consumer: { name: string; createdAt: Millis },
): string {
  return `${formatStreamArn(stream)}/consumer/${consumer.name}:${Math.floor(consumer.createdAt / 1000)}`;
}

/** Takes an ARN apart; undefined when it is none, or has another partition than its region's. */
export function parseArn(text: string): Arn | undefined {
  const match = arnForm.exec(text);
  if (match === null) return undefined;
  const [, partition, service, region, account, resource] = match;
  if (!isRegion(region!) || partition !== partitionOf(region!)) return undefined;
  return { service: service!, region: region!, account: account!, resource: resource! };
}

const arnForm = /^arn:([a-z-]+):([a-z0-9-]+):([^:]+):(\d{12}):(.+)$/;

/**
 * Takes a stream's ARN apart. Only the one text that `formatStreamArn` writes is a stream's ARN; undefined
 * for others.
 */
export function parseStreamArn(arn: string): StreamAddress | undefined {
  const parsed = parseArn(arn);
  const match = parsed?.service === 'kinesis' ? streamForm.exec(parsed.resource) : null;
  return match === null ? undefined : { account: parsed!.account, region: parsed!.region, name: match[1]! };
}

const streamForm = /^stream\/([a-zA-Z0-9_.-]{1,128})$/;

/**
 * Takes a consumer's ARN apart. Only the one text that `formatConsumerArn` writes is a consumer's ARN;
 * undefined for others.
 */
export function parseConsumerArn(arn: string): ConsumerAddress | undefined {
  const at = arn.indexOf('/consumer/');
  const stream = at === -1 ? undefined : parseStreamArn(arn.slice(0, at));
  const match = stream === undefined ? null : consumerForm.exec(arn.slice(at));
  return match === null ? undefined : { stream: stream!, name: match[1]!, createdSecond: Number(match[2]) };
}

const consumerForm = /^\/consumer\/([a-zA-Z0-9_.-]{1,128}):(0|[1-9]\d{0,14})$/;

export function formatChannelArn({ region, account, id }: ChannelAddress): string {
  return `arn:${partitionOf(region)}:kinesis:${region}:${account}:channel/${id}`;
}

/**
 * Takes a channel's ARN apart. Ids are labels of DNS, as SDKs make host names of them; undefined for other
 * ARNs.
 */
export function parseChannelArn(arn: string): ChannelAddress | undefined {
  const parsed = parseArn(arn);
  const match = parsed?.service === 'kinesis' ? channelForm.exec(parsed.resource) : null;
  return match === null ? undefined : { account: parsed!.account, region: parsed!.region, id: match[1]! };
}

const channelForm = /^channel\/([a-zA-Z0-9-]{1,64})$/;

/** The stream that an ARN is about: its own, or that of one of its consumers. */
export function parseStreamOf(arn: string): StreamAddress | undefined {
  return parseStreamArn(arn) ?? parseConsumerArn(arn)?.stream;
}
