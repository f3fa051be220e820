import type { SigningCredentials } from '../../../access/sigv4/sign.ts';
import type { Clock } from '../../../env/clock.ts';
import type { HttpClient } from '../../../env/http-client.ts';
import type { ObjectStore } from '../../../env/object-store.ts';
import type { Random } from '../../../env/random.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';

/** What sending to destinations takes. */
export type DestinationsWorld = {
  readonly clock: Clock;
  readonly random: Random;
  readonly client: HttpClient;
  readonly endpoints: DestinationEndpoints;
  /** As whom other services are asked; undefined without credentials. */
  readonly credentials: SigningCredentials | undefined;
  /** A store of objects, asked as one of a region, once each; undefined where it is not said where it is. */
  readonly objectsIn: (region: string) => ObjectStore | undefined;
  readonly streams: StreamDestination;
};

/** URLs of the services, `http:` or `https:`. Undefined for what is nowhere. */
export type DestinationEndpoints = {
  readonly sqs?: string | undefined;
  readonly sns?: string | undefined;
};

/** Streams of this server as destinations. */
export interface StreamDestination {
  /**
   * Puts a record as a role, which its policies, or those of the stream, must allow. Rejects with what a
   * PutRecord is refused with.
   */
  put(role: string, stream: StreamAddress, record: DestinationRecord): Promise<void>;
}

export type DestinationRecord = { readonly partitionKey: string; readonly data: Buffer };
