import type { Disk } from '../../env/disk.ts';
import type { Env } from '../../env/env.ts';
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
import { credentialsInVariables, endpointVariable } from '../variables.ts';

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
