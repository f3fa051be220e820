import { codec } from '../codec.ts';
import { CborReader } from './cbor-reader.ts';
import { CborWriter } from './cbor-writer.ts';
import { fastCbor } from './fast-cbor-reader.ts';

/** What Java's SDKs speak by default. */
export const cbor = codec({
  contentType: 'application/x-amz-cbor-1.1',
  reader: (body) => new CborReader(body, 'milliseconds'),
  writer: () => new CborWriter('milliseconds'),
  fast: fastCbor,
});
