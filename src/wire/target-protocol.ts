import { coralErrorBody, inBodies } from './body-protocol.ts';
import { rpcProtocolName } from './cbor/rpc-protocol.ts';
import type { Codec } from './codec.ts';
import { eventStreamType } from './event-stream.ts';
import { type Protocol, seemsWellFormed } from './protocol.ts';
import { ServiceError } from './service-error.ts';

/**
 * A protocol in which `X-Amz-Target` is `SERVICE.OPERATION`, and the content type names the encoding:
 * awsJson1_1 (smithy.io, "AWS JSON 1.1 protocol"), and the CBOR that Java's SDKs speak.
 */
export function targetProtocol(name: string, codec: Codec, service: string): Protocol {
  const { contentType } = codec;
  const value = { 'Content-Type': contentType };
  return {
    ...inBodies(codec, { value, nothing: value, events: { 'Content-Type': eventStreamType } }),
    name,
    isSpokenIn: ({ method }, headers) =>
      method === 'POST' &&
      headers.mediaType === contentType &&
      headers.get('smithy-protocol') !== rpcProtocolName,
    callOf: (_, headers) => {
      const [named, operation] = (headers.get('x-amz-target') ?? '').split('.', 2);
      return named === service && operation ? { operation } : undefined;
    },
    misformOf: ({ body }, _, operation) => {
      const isInForm =
        operation === undefined
          ? body.length === 0 || seemsWellFormed(body, codec)
          : // The decoder checks the form of a call's body, after the signature is verified.
            body.length > 0;
      return isInForm ? undefined : new ServiceError('SerializationException');
    },
    refuse: (error) => ({
      status: error.status,
      headers: { 'x-amzn-ErrorType': error.type, 'Content-Type': contentType },
      body: coralErrorBody(codec, error.type, error),
    }),
  };
}
