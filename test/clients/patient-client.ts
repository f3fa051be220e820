import { KinesisClient } from '@aws-sdk/client-kinesis';
import type { GuardedServer } from './guarded-server.ts';

/** One that tries again, for as long as a shard's limits or a server's new start may take. */
export function patientClient({ url, region, credentials }: GuardedServer): KinesisClient {
  return new KinesisClient({ endpoint: url, region, credentials, maxAttempts: 30 });
}
