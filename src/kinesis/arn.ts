import type { Millis } from '../env/clock.ts';

/** Where a stream lives: its ARN, taken apart. */
export type StreamAddress = { readonly account: string; readonly region: string; readonly name: string };

/** The ARN of a stream in the standard partition. */
export function formatStreamArn({ region, account, name }: StreamAddress): string {
  return `arn:aws:kinesis:${region}:${account}:stream/${name}`;
}

/** The ARN of a consumer: its stream's, its name, and the second in which it was registered. */
export function formatConsumerArn(
  stream: StreamAddress,
  consumer: { name: string; createdAt: Millis },
): string {
  return `${formatStreamArn(stream)}/consumer/${consumer.name}:${Math.floor(consumer.createdAt / 1000)}`;
}

/** What a consumer ARN names; undefined when it is none. */
export type ConsumerAddress = {
  readonly stream: StreamAddress;
  readonly name: string;
  readonly createdSecond: number;
};

export function parseConsumerArn(arn: string): ConsumerAddress | undefined {
  const stream = parseStreamArn(arn);
  const match = /\/consumer\/([a-zA-Z0-9_.-]+):(\d+)$/.exec(arn);
  return stream === undefined || match === null
    ? undefined
    : { stream, name: match[1]!, createdSecond: Number(match[2]) };
}

/** Takes a stream ARN, of any partition, apart; undefined when it is none. What follows the stream's name is ignored. */
export function parseStreamArn(arn: string): StreamAddress | undefined {
  const [scheme, partition, service, region, account, ...rest] = arn.split(':');
  const [kind, name] = rest.join(':').split('/');
  if (scheme !== 'arn' || !partition?.startsWith('aws') || service !== 'kinesis') return undefined;
  if (!region || !account || kind !== 'stream' || !name) return undefined;
  return { account, region, name };
}
