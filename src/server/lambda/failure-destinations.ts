import type { SigningCredentials } from '../../access/sigv4/sign.ts';
import type { Disk } from '../../env/disk.ts';
import type { Env } from '../../env/env.ts';
import { environmentVariable } from '../../env/environment.ts';
import type { Service } from '../../rpc/service.ts';
import type { KinesisWorld } from '../../services/kinesis/world.ts';
import type { Destinations } from '../../services/lambda/failures/destinations.ts';
import type { DestinationEndpoints } from '../../services/lambda/failures/destinations-world.ts';
import { openDestinations } from '../../services/lambda/failures/open-destinations.ts';
import {
  type StreamDestinationParts,
  streamDestination,
} from '../../services/lambda/failures/stream-destination.ts';
import type { LambdaOptions } from '../lambda-options.ts';

type DestinationsParts = Pick<StreamDestinationParts, 'authorizer' | 'callerOf'> & {
  readonly streams: Service<KinesisWorld>;
  readonly diskAt: (folder: string) => Disk;
};

/** Where failed batches of mappings go, as the options and the environment of the server say. */
export function failureDestinations(
  options: LambdaOptions,
  { clock, random, client }: Pick<Env, 'clock' | 'random' | 'client'>,
  { streams, authorizer, callerOf, diskAt }: DestinationsParts,
): Destinations {
  const { world, factsOf } = streams;
  return openDestinations({
    ...{ clock, random, client, diskAt },
    endpoints: endpointsOf(options),
    credentials: credentialsInVariables(),
    streams: streamDestination({
      ...{ authorizer, callerOf, put: world },
      factsOf: (arn, action) => factsOf?.(world, arn, action),
      requireToWrite: (caller, stream, put) => world.keyUse.requireToWrite(caller, stream, put),
    }),
  });
}

/** As AWS's SDKs find them (AWS SDKs and Tools reference guide, "Service-specific endpoints"). */
function endpointsOf({ sqs, sns, s3 }: LambdaOptions): DestinationEndpoints {
  return {
    sqs: sqs ?? endpointVariable('SQS'),
    sns: sns ?? endpointVariable('SNS'),
    s3: s3 ?? endpointVariable('S3'),
  };
}

/** One that is empty says nothing. */
function endpointVariable(service: string): string | undefined {
  return environmentVariable(`AWS_ENDPOINT_URL_${service}`) || undefined;
}

/** Who other services of AWS's kind are called by. */
export function credentialsInVariables(): SigningCredentials | undefined {
  const accessKeyId = environmentVariable('AWS_ACCESS_KEY_ID');
  const secretAccessKey = environmentVariable('AWS_SECRET_ACCESS_KEY');
  if (!accessKeyId || !secretAccessKey) return undefined;
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: environmentVariable('AWS_SESSION_TOKEN') || undefined,
  };
}
