import type { FastPath } from '../../rpc/operation.ts';
import { cbor } from '../../wire/cbor/cbor.ts';
import { rpcProtocol } from '../../wire/cbor/rpc-protocol.ts';
import type { Codec } from '../../wire/codec.ts';
import { json } from '../../wire/json/json.ts';
import { targetProtocol } from '../../wire/target-protocol.ts';
import type { KinesisWorld } from './world.ts';

/** The name of the service's shape in AWS's model. */
const shape = 'Kinesis_20131202';

export const protocols = [
  targetProtocol('awsJson1_1', json, shape),
  targetProtocol('awsCbor', cbor, shape),
  rpcProtocol(shape, 'com.amazonaws.kinesis'),
] as const;

/** A fast path for each of the codecs. */
export function fastPaths(
  wayOf: (codec: Codec) => FastPath<KinesisWorld>,
): ReadonlyMap<Codec, FastPath<KinesisWorld>> {
  return new Map(protocols.map(({ codec }) => [codec, wayOf(codec)]));
}
