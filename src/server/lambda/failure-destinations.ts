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

import type { ObjectOptions } from '../object-options.ts';
import { objectStores } from '../object-stores.ts';

import { credentialsInVariables, endpointVariable } from '../variables.ts';

type DestinationsParts = Pick<StreamDestinationParts, 'authorizer' | 'callerOf'> & {
  readonly streams: Service<KinesisWorld>;
  readonly diskAt: (folder: string) => Disk;
};

/** Where failed batches of mappings go, as the options and the environment of the server say. */
export function failureDestinations(
  options: LambdaOptions & ObjectOptions,
  { clock, random, client }: Pick<Env, 'clock' | 'random' | 'client'>,
  { streams, authorizer, callerOf, diskAt }: DestinationsParts,
): Destinations {
  const { world, factsOf } = streams;
  return openDestinations({
    ...{ clock, random, client },
    // What fails is tried again for all kinds of destinations alike.
    objectsIn: objectStores(options, { clock, random, client, diskAt }, { triesMax: 1 }),
    endpoints: endpointsOf(options),
    credentials: credentialsInVariables(),
    streams: streamDestination({
      ...{ authorizer, callerOf, put: world },
      factsOf: (arn, action) => factsOf?.(world, arn, action),
      requireToWrite: (caller, stream, put) => world.keyUse.requireToWrite(caller, stream, put),
    }),
  });
}

function endpointsOf({ sqs, sns }: LambdaOptions): DestinationEndpoints {
  return {
    sqs: sqs ?? endpointVariable('SQS'),
    sns: sns ?? endpointVariable('SNS'),
  };
}
