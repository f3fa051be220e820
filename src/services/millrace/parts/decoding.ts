import type { Decoding } from '../../../views/view.ts';
import { string } from '../../../wire/shape.ts';

/** How a request has records understood. */
export const decodingInput = {
  Decode: string({ values: ['auto', 'json', 'text', 'hex', 'base64', 'cbor', 'avro'] }),
  /** Of Avro, as JSON. */
  Schema: string({ min: 1, max: 100_000 }),
};

type DecodingInput = {
  readonly Decode?: Decoding['decoder'] | undefined;
  readonly Schema?: string | undefined;
};

export function decodingOf({ Decode, Schema }: DecodingInput): Decoding {
  const decoder = Decode ?? (Schema === undefined ? 'auto' : 'avro');
  return { decoder, deaggregate: true, ...(Schema !== undefined && { schema: Schema }) };
}
