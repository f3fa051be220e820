import { KinesisClient } from '@aws-sdk/client-kinesis';

export const streamName = 'flights';

export type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string };

/**
 * The official SDK as it comes, but for one thing: it must not send again by itself, since we count what is
 * sent.
 */
export function connect(endpoint: string, credentials: Keys): KinesisClient {
  return new KinesisClient({ endpoint, credentials, region: 'us-east-1', maxAttempts: 1 });
}
