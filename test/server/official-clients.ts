import { IAMClient } from '@aws-sdk/client-iam';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { KMSClient } from '@aws-sdk/client-kms';
import { type Credentials, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** An access key, with its session token if it is a session's. */
export type Key = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** The official clients of one caller, which end with their connections. */
export class OfficialClients implements Disposable {
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly kinesis: KinesisClient;
  readonly kms: KMSClient;

  constructor(endpoint: string, credentials: Key, region = 'us-east-1') {
    // A connection for each request, so that every thread gets some of them.
    const requestHandler = new NodeHttpHandler({ httpAgent: { keepAlive: false } });
    const config = { endpoint, region, credentials, maxAttempts: 1, requestHandler };
    this.iam = new IAMClient(config);
    this.sts = new STSClient(config);
    this.kinesis = new KinesisClient(config);
    this.kms = new KMSClient(config);
  }

  [Symbol.dispose](): void {
    for (const client of [this.iam, this.sts, this.kinesis, this.kms]) client.destroy();
  }
}

/** The key that STS has answered. */
export function keyOf(credentials: Credentials | undefined): Key {
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials!;
  return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
}
