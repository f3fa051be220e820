import type { Caller } from '../../../access/caller.ts';
import { findStream } from '../../../catalog/state.ts';
import { parseStreamArn, type StreamAddress } from '../../../kinesis/arn.ts';
import { limits } from '../../../kinesis/limits.ts';
import type { NewRecords } from '../../../kinesis/record.ts';
import { isServing, type Stream } from '../../../kinesis/stream.ts';
import { RoutedPut } from '../../../stream/routed-put.ts';
import type { FastPut } from '../../../wire/fast-put.ts';
import type { KinesisWorld } from '../world.ts';
import { inScopeOf } from './target.ts';

/**
 * The stream that a plain request puts records to, if there is one that takes them by their partition keys.
 * Undefined where anything else is to be said.
 */
export function fastStream(service: KinesisWorld, request: FastPut, caller: Caller): Stream | undefined {
  const address = plainAddress(request, caller);
  const stream = address && findStream(service.catalog.state, address);
  if (stream === undefined || !isServing(stream) || stream.distribution === 'AUTO') return undefined;
  return stream;
}

function plainAddress({ StreamName, StreamARN }: FastPut, caller: Caller): StreamAddress | undefined {
  if (StreamARN === undefined) {
    return StreamName === undefined ? undefined : { ...inScopeOf(caller), name: StreamName };
  }
  // What is taken apart is also as the model wants it.
  const address = parseStreamArn(StreamARN);
  if (address?.region !== caller.region) return undefined;
  return StreamName === undefined || StreamName === address.name ? address : undefined;
}

/**
 * Packs the records of a plain request; undefined when one is too large, all are together, or what should be
 * base64 is none.
 */
export function packFast(stream: Stream, records: NewRecords): RoutedPut | undefined {
  const max = stream.recordSizeMaxKiB * 1024;
  let bytes = 0;
  for (let index = 0; index < records.count; index++) {
    const size = records.sizeOf(index);
    if (size > max) return undefined;
    bytes += size;
  }
  return bytes > limits.putRecordsBytesMax ? undefined : RoutedPut.of(stream, records);
}
