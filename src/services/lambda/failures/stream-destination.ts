import type { Caller } from '../../../access/caller.ts';
import type { Authorizer, ResourceFacts } from '../../../access/policy/access.ts';
import type { Peer } from '../../../env/network.ts';
import { formatStreamArn } from '../../../kinesis/arn.ts';
import { hashKeyOf, hashKeyWords, writeHashKey } from '../../../kinesis/hash-key.ts';
import { type NewRecords, sizeOf, writeRecord } from '../../../kinesis/record.ts';
import { formatShardId } from '../../../kinesis/shard-id.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import { rateExceeded } from '../../../stream/errors.ts';
import { type PutWorld, putRecords, servingStream } from '../../../stream/put.ts';
import { RoutedPut } from '../../../stream/routed-put.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import type { DestinationRecord, StreamDestination } from './destinations-world.ts';

/** What putting into streams takes, as the operations of Kinesis have it. */
export type StreamDestinationParts = {
  readonly put: PutWorld;
  readonly authorizer: Authorizer;
  /** A session of a role; undefined where there is no such role. */
  readonly callerOf: (role: string) => Caller | undefined;
  /** The policy and the tags of a stream. */
  readonly factsOf: (arn: string, action: string) => ResourceFacts | undefined;
  /** Whether a caller may have records encrypted with the stream's key. */
  readonly requireToWrite: (caller: Caller, stream: Stream, put: RoutedPut) => Promise<void> | undefined;
};

/** Streams of this server: a record is put as by a PutRecord that the role itself had called. */
export function streamDestination(parts: StreamDestinationParts): StreamDestination {
  return {
    async put(role, address, record) {
      const caller = parts.callerOf(role);
      if (caller === undefined) {
        throw new ServiceError('AccessDeniedException', `The role ${role} cannot be assumed.`);
      }
      const resource = formatStreamArn(address);
      const facts = parts.authorizer.needsFacts(caller) ? parts.factsOf(resource, action) : undefined;
      parts.authorizer.authorize({ caller, action, resource, peer: nowhere, facts });
      const stream = servingStream(parts.put.catalog, address);
      const put = RoutedPut.of(stream, new OneRecord(record, stream.distribution === 'AUTO'))!;
      await parts.requireToWrite(caller, stream, put);
      await putRecords(parts.put, stream, put);
      requireStored(put, stream);
    },
  };
}

const action = 'kinesis:PutRecord';

/** It is the service that calls. */
const nowhere: Peer = { address: '', secure: true, listener: '' };

function requireStored(put: RoutedPut, stream: Stream): void {
  const { outcome, shard } = put.parts[put.partOf[0]!]!;
  if (outcome.kind === 'stored') return;
  if (outcome.kind === 'failed') throw outcome.cause;
  const text = rateExceeded(formatShardId(shard.index), stream);
  throw new ServiceError('ProvisionedThroughputExceededException', text);
}

class OneRecord implements NewRecords {
  readonly count = 1;
  readonly hashKeys: Uint32Array | undefined;
  readonly #record: DestinationRecord;

  constructor(record: DestinationRecord, isAnywhere: boolean) {
    this.#record = record;
    if (isAnywhere) return;
    this.hashKeys = new Uint32Array(hashKeyWords);
    writeHashKey(this.hashKeys, 0, hashKeyOf(record.partitionKey));
  }

  sizeOf(): number {
    return sizeOf(this.#record);
  }

  keyOf(): string {
    return this.#record.partitionKey;
  }

  encode(_index: number, bytes: Buffer, at: number): boolean {
    writeRecord(bytes, at, this.#record);
    return true;
  }
}
