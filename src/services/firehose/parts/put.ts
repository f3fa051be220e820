import { strict as assert } from 'node:assert';
import type { Caller } from '../../../access/caller.ts';
import type { StreamAddress } from '../../../kinesis/arn.ts';
import { type NewRecords, sizeOf, writeRecord } from '../../../kinesis/record.ts';
import { sequenceNumberOf } from '../../../kinesis/sequence-number.ts';
import { isServing, type Stream } from '../../../kinesis/stream.ts';
import { AskOwner } from '../../../rpc/ask-owner.ts';
import type { Prepared } from '../../../rpc/operation.ts';
import { troubleOf } from '../../../rpc/trouble.ts';
import { RoutedPut, type ShardWrite } from '../../../stream/routed-put.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { invalidArgument, invalidKey, notFound, unavailable } from '../errors.ts';
import type { FirehoseWorld } from '../world.ts';
import { addressOf, deliveryStreamArnOf, requireDeliveryStream } from './delivery-stream.ts';
import { findHidden, ownerOfHidden } from './hidden-stream.ts';

/**
 * Names what a put is about, and has `run` carry it out on the hidden stream of a delivery stream that takes
 * puts. ResourceNotFoundException where there is none yet, InvalidArgumentException where it gets its records
 * from a stream: the words are AWS's. A worker that knows of none asks the owner.
 */
export function onPuttable<Answer>(
  world: FirehoseWorld,
  name: string,
  caller: Caller,
  run: (hidden: Stream) => Promise<Answer>,
): Prepared<Promise<Answer>> {
  const address = addressOf(name, caller);
  const resource = deliveryStreamArnOf(address);
  const hidden = findHidden(world.catalog.state, address);
  if (hidden !== undefined && isServing(hidden)) {
    return { resource, facts: { policy: null, tags: hidden.tags }, run: () => run(hidden) };
  }
  if (!world.isOwner) throw new AskOwner();
  return { resource, run: async () => run(requirePuttable(world, address)) };
}

function requirePuttable({ catalog, opened }: FirehoseWorld, address: StreamAddress): Stream {
  const { type } = requireDeliveryStream(opened().journal, address);
  if (type !== 'DirectPut') {
    throw invalidArgument(`This operation is not permitted on ${type} delivery stream type.`);
  }
  const hidden = findHidden(catalog.state, address);
  if (hidden !== undefined && isServing(hidden)) return hidden;
  throw notFound(address);
}

/**
 * Puts records, in their order, by whoever is shown as their producer; resolves when each is durable or has
 * failed, as the parts then say. Rejects with InvalidKMSResourceException when there is no key to encrypt any
 * of them with.
 */
export async function putAll(
  { put, logger }: Pick<FirehoseWorld, 'put' | 'logger'>,
  stream: Stream,
  data: readonly Buffer[],
  by: string,
): Promise<RoutedPut> {
  const routed = RoutedPut.of(stream, new PutData(data))!;
  try {
    await put(stream, routed, by);
  } catch (error) {
    throw refusalOf(error, stream);
  }
  const failure = routed.parts.map(({ outcome }) => outcome).find(({ kind }) => kind === 'failed');
  if (failure?.kind === 'failed') logger.error('records could not be stored', { error: failure.cause });
  return routed;
}

/** Data of records that have no partition key. */
class PutData implements NewRecords {
  readonly hashKeys = undefined;
  readonly #data: readonly Buffer[];

  constructor(data: readonly Buffer[]) {
    this.#data = data;
  }

  get count(): number {
    return this.#data.length;
  }

  sizeOf(index: number): number {
    return sizeOf(this.#record(index));
  }

  keyOf(): undefined {
    return undefined;
  }

  encode(index: number, bytes: Buffer, at: number): boolean {
    writeRecord(bytes, at, this.#record(index));
    return true;
  }

  #record(index: number) {
    return { partitionKey: undefined, data: this.#data[index]! };
  }
}

/** What of a record, in the order of a request, became of it. */
export type PutResult =
  | { readonly kind: 'stored'; readonly id: string; readonly isEncrypted: boolean }
  | { readonly kind: 'failed'; readonly cause: unknown };

/** Ids are unique over all records of the delivery stream. */
export function resultsOf({ parts, partOf }: RoutedPut): PutResult[] {
  const next = parts.map(() => 0);
  return Array.from(partOf, (part) => resultOf(parts[part]!, next[part]!++));
}

function resultOf({ shard, outcome }: ShardWrite, nth: number): PutResult {
  if (outcome.kind === 'failed') return { kind: 'failed', cause: outcome.cause };
  // Nothing is throttled here, and a put has settled.
  assert(outcome.kind === 'stored');
  const id = sequenceNumberOf(shard, outcome.first + nth, outcome.arrival);
  return { kind: 'stored', id, isEncrypted: outcome.keyArn !== undefined };
}

/** What to answer for a record that failed: to be retried, unless nobody foresaw why. */
export function failureOf(cause: unknown): ServiceError {
  if (cause instanceof ServiceError) return cause;
  const trouble = troubleOf(cause);
  return trouble === ''
    ? new ServiceError('InternalFailure', 'Internal Service Failure.')
    : unavailable(trouble);
}

/** What a put is refused with, in Firehose's words. */
function refusalOf(error: unknown, stream: Stream): unknown {
  if (!(error instanceof ServiceError)) return error;
  const code = kmsCode.exec(error.type)?.[1];
  if (code !== undefined) return invalidKey(code, error.message);
  if (error.type !== 'ResourceNotFoundException') return error;
  return notFound(ownerOfHidden(stream));
}

/** Kinesis's names of KMS's errors, and KMS's own in them. */
const kmsCode = /^KMS(\w+)$/;
