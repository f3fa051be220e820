import { KMSClient } from '@aws-sdk/client-kms';
import type { Harness } from '../kinesis/harness.ts';
import { socketless } from '../socketless.ts';

/** The official client of a server, without a socket between them. */
export function kmsClient(
  server: Pick<Harness, 'send'>,
  region = 'eu-central-1',
  accessKeyId = 'KEY',
): KMSClient {
  return new KMSClient({
    endpoint: 'http://localhost:4567',
    region,
    credentials: { accessKeyId, secretAccessKey: 'the secret of the tests' },
    maxAttempts: 1,
    requestHandler: socketless(server),
  });
}
