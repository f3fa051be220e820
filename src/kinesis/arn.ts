/** Where a stream lives: its ARN, taken apart. */
export type StreamAddress = { readonly account: string; readonly region: string; readonly name: string };

/** The ARN of a stream in the standard partition. */
export function formatStreamArn({ region, account, name }: StreamAddress): string {
  return `arn:aws:kinesis:${region}:${account}:stream/${name}`;
}

/** Takes a stream ARN, of any partition, apart; undefined when it is none. What follows the stream's name is ignored. */
export function parseStreamArn(arn: string): StreamAddress | undefined {
  const [scheme, partition, service, region, account, ...rest] = arn.split(':');
  const [kind, name] = rest.join(':').split('/');
  if (scheme !== 'arn' || !partition?.startsWith('aws') || service !== 'kinesis') return undefined;
  if (!region || !account || kind !== 'stream' || !name) return undefined;
  return { account, region, name };
}
