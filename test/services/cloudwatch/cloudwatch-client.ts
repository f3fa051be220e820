import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { AwsJson1_0Protocol, AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import type { Harness } from '../kinesis/harness.ts';
import { socketless } from '../socketless.ts';

/** The protocols that clients of CloudWatch speak. */
export const protocols = {
  'rpc-v2-cbor': AwsSmithyRpcV2CborProtocol,
  'json-1.0': AwsJson1_0Protocol,
  query: AwsQueryProtocol,
} as const;

/** The official client of a server, in one of its protocols, without a socket between them. */
export function cloudwatchClient(
  server: Pick<Harness, 'send'>,
  protocol: keyof typeof protocols = 'json-1.0',
): CloudWatchClient {
  return new CloudWatchClient({
    endpoint: 'http://localhost:4567',
    region: 'us-east-1',
    credentials: { accessKeyId: 'KEY', secretAccessKey: 'the secret of the tests' },
    maxAttempts: 1,
    protocol: protocols[protocol],
    requestHandler: socketless(server),
  });
}
