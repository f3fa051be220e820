import type { Caller } from '../../../access/caller.ts';
import { type CatalogState, findStream, streamKeyOf } from '../../../catalog/state.ts';
import { formatConsumerArn, parseConsumerArn, type StreamAddress } from '../../../kinesis/arn.ts';
import type { Consumer, Stream } from '../../../kinesis/stream.ts';
import type { ServiceError } from '../../../wire/service-error.ts';
import { type OutputOf, required, structure, timestamp } from '../../../wire/shape.ts';
import { invalidArgument, resourceNotFound } from '../errors.ts';
import { consumerArn, consumerName, consumerStatus, streamArn } from './shapes.ts';
import { addressOf, reachableBy } from './target.ts';

/** A request's two ways to name a consumer. */
export const consumerTarget = { StreamARN: streamArn, ConsumerName: consumerName, ConsumerARN: consumerArn };

export type ConsumerTarget = { readonly [Member in keyof typeof consumerTarget]?: string };

/** A consumer, and the stream that it belongs to. */
export type Registered = { readonly stream: Stream; readonly consumer: Consumer };

/** Finds a consumer by its ARN, or by its stream's ARN and its name; all three may be given if they agree. */
export function requireConsumer(state: CatalogState, target: ConsumerTarget, caller: Caller): Registered {
  const { ConsumerARN, ConsumerName, StreamARN } = target;
  const parsed = ConsumerARN === undefined ? undefined : parseConsumerArn(ConsumerARN);
  if (ConsumerARN === undefined && (ConsumerName === undefined || StreamARN === undefined)) {
    throw invalidArgument('Either ConsumerARN, or both StreamARN and ConsumerName must be provided.');
  }
  if (ConsumerARN !== undefined && parsed === undefined) {
    throw invalidArgument(`ConsumerARN ${ConsumerARN} is not the ARN of a consumer.`);
  }
  const address =
    parsed === undefined ? addressOf({ StreamARN: StreamARN! }, caller) : reachableBy(caller, parsed.stream);
  const name = parsed?.name ?? ConsumerName!;
  if (ConsumerName !== undefined && ConsumerName !== name) throw disagreement();
  if (StreamARN !== undefined && streamKeyOf(addressOf({ StreamARN }, caller)) !== streamKeyOf(address)) {
    throw disagreement();
  }
  const found = findConsumer(state, address, name);
  const created = Math.floor((found?.consumer.createdAt ?? 0) / 1000);
  if (found !== undefined && (parsed === undefined || parsed.createdSecond === created)) return found;
  throw consumerNotFound(ConsumerARN ?? name, address);
}

/** The consumer that now has the name in the stream. */
export function findConsumer(
  state: CatalogState,
  address: StreamAddress,
  name: string,
): Registered | undefined {
  const stream = findStream(state, address);
  const consumer = stream?.consumers.find((candidate) => candidate.name === name);
  return stream === undefined || consumer === undefined ? undefined : { stream, consumer };
}

function consumerNotFound(named: string, { account }: StreamAddress): ServiceError {
  return resourceNotFound(`Consumer ${named}, account ${account} not found.`);
}

/** A consumer as it is listed. */
export const consumerShape = structure('Consumer', {
  ConsumerName: required(consumerName),
  ConsumerARN: required(consumerArn),
  ConsumerStatus: required(consumerStatus),
  ConsumerCreationTimestamp: required(timestamp()),
});

export function viewConsumer({ stream, consumer }: Registered): OutputOf<typeof consumerShape> {
  return {
    ConsumerName: consumer.name,
    ConsumerARN: formatConsumerArn(stream, consumer),
    ConsumerStatus: consumer.status,
    ConsumerCreationTimestamp: consumer.createdAt,
  };
}

function disagreement(): ServiceError {
  return invalidArgument('ConsumerARN, StreamARN and ConsumerName do not name the same consumer.');
}
