import { codec } from '../codec.ts';
import { eventStreamType } from '../event-stream.ts';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import { fastCbor } from './fast-cbor-reader.ts';

/** The value of `Smithy-Protocol`, on requests and on answers. */
export const rpcProtocol = 'rpc-v2-cbor';

const protocol = { 'smithy-protocol': rpcProtocol };
const contentType = 'application/cbor';

/**
 * The Smithy RPC v2 CBOR protocol (smithy.io, additional specifications), which SDKs prefer where a service
 * has it.
 */
export const rpcCbor = codec({
  contentType,
  reader: (body) => new CborReader(body.length === 0 ? emptyMap : body, 'seconds'),
  writer: () => new CborWriter('seconds'),
  fast: fastCbor,
  headers: {
    value: { ...protocol, 'Content-Type': contentType },
    nothing: protocol,
    events: { ...protocol, 'Content-Type': eventStreamType },
  },
  // Absolute, as the protocol wants it. Errors that the model does not have are named as if it had them.
  errorMembers: ({ type, message }) => ({
    __type: `com.amazonaws.kinesis#${type}`,
    ...(message === '' ? undefined : { message }),
  }),
  // The body alone says which error it is: `X-Amzn-ErrorType` should not be there.
  errorHeaders: () => ({ ...protocol, 'Content-Type': contentType }),
});

/** An operation without input may be called without a body. */
const emptyMap = Buffer.of(0xa0);
