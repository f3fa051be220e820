import { uuid } from '../../../env/random.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { type DestinationAddress, parseDestination } from './destination-arn.ts';
import type { Destinations, FailureDestination, GivenUp } from './destinations.ts';
import type { DestinationsWorld } from './destinations-world.ts';
import { keyOf, objectOf } from './object-destination.ts';
import { sendMessage } from './queue-destination.ts';
import { publish } from './topic-destination.ts';
import { DestinationError, trySeveralTimes } from './tries.ts';

/** Destinations of all kinds: what goes out is signed, and tried a few times. */
export function openDestinations(world: DestinationsWorld): Destinations {
  return {
    send: async (destination, failure, signal) => {
      const address = parseDestination(destination.arn);
      if (address === undefined) {
        throw new DestinationError(`${destination.arn} is no queue, topic, bucket or stream`);
      }
      const send = senderOf(world, destination, address, failure);
      await trySeveralTimes(world, send, signal);
    },
  };
}

/** One try. What is decided once, as an object's name is, stays the same in all of them. */
type Sender = (signal: AbortSignal) => Promise<void>;

function senderOf(
  world: DestinationsWorld,
  destination: FailureDestination,
  address: DestinationAddress,
  failure: GivenUp,
): Sender {
  const record = JSON.stringify(failure.record);
  switch (address.kind) {
    case 'queue':
      return (signal) => sendMessage(world, address, record, signal);
    case 'topic':
      return (signal) => publish(world, destination.arn, address, record, signal);
    case 'bucket':
      return bucketSender(world, destination, address.name, failure);
    case 'stream':
      return () => putInStream(world, destination, address, failure);
  }
}

function bucketSender(
  { objectsIn, random }: DestinationsWorld,
  { mapping, region }: FailureDestination,
  bucket: string,
  failure: GivenUp,
): Sender {
  const key = keyOf(mapping, failure.record, uuid(random));
  const object = objectOf(failure);
  return async (signal) => {
    const objects = objectsIn(region);
    if (objects === undefined) throw new DestinationError('There is no s3: --s3 says where it is');
    await objects.put({ bucket, key }, [object], { contentType: 'application/json' }, signal);
  };
}

/** The record alone, as queues get it. Those of one shard and mapping stay in order. */
async function putInStream(
  { streams }: DestinationsWorld,
  { mapping, role }: FailureDestination,
  { stream }: Extract<DestinationAddress, { kind: 'stream' }>,
  { record }: GivenUp,
): Promise<void> {
  const partitionKey = `${mapping}/${record.KinesisBatchInfo.shardId}`;
  try {
    await streams.put(role, stream, { partitionKey, data: Buffer.from(JSON.stringify(record)) });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new DestinationError(`${error.type}: ${error.message}`, passing.has(error.type));
  }
}

/** What a put is refused with for a moment. */
const passing: ReadonlySet<string> = new Set([
  'InternalFailure',
  'KMSThrottlingException',
  'ProvisionedThroughputExceededException',
  'ServiceUnavailable',
]);
