import { codec } from '../codec.ts';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import { fastCbor } from './fast-cbor-reader.ts';

/** The encoding of Smithy's RPC v2 CBOR protocol, which SDKs prefer where a service has it. */
export const rpcCbor = codec({
  contentType: 'application/cbor',
  reader: (body) => new CborReader(body.length === 0 ? emptyMap : body, 'seconds'),
  writer: () => new CborWriter('seconds'),
  fast: fastCbor,
});

/** An operation without input may be called without a body. */
const emptyMap = Buffer.of(0xa0);
