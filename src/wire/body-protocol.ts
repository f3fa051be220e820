import type { HttpResponse } from '../env/network.ts';
import type { Codec } from './codec.ts';
import type { AnswerShape, Protocol } from './protocol.ts';
import type { ServiceError } from './service-error.ts';
import { type OutputOf, required, type StructureShape, string, structure } from './shape.ts';

/** The headers of answers, by what the body is. */
type AnswerHeaders = Readonly<Record<'value' | 'nothing' | 'events', Readonly<Record<string, string>>>>;

/** The half that protocols share in which all input and all output is in bodies. */
export function inBodies(
  codec: Codec,
  headers: AnswerHeaders,
): Pick<Protocol, 'codec' | 'decode' | 'answer' | 'written'> {
  return {
    codec,
    decode: (body, _, shape) => codec.decode(body, shape),
    answer: (value, { output }) => answerOf(codec, headers, value, output),
    written: (body) => ({ status: 200, headers: headers.value, body }),
  };
}

function answerOf(codec: Codec, headers: AnswerHeaders, value: unknown, output: AnswerShape): HttpResponse {
  if (output === undefined) return { status: 200, headers: headers.nothing, body: '' };
  if (output.kind === 'event-stream') {
    return { status: 200, headers: headers.events, body: value as AsyncIterable<Uint8Array> };
  }
  const pieces = codec.encodePieces(value as OutputOf<StructureShape>, output);
  return { status: 200, headers: headers.value, body: pieces.length === 1 ? pieces[0]! : pieces };
}

/** The body of an error, its type as the protocol writes it. An empty message is left out. */
export function errorBody(codec: Codec, type: string, { message, details }: ServiceError): Buffer {
  const value = { __type: type, ...(message !== '' && { message }) };
  if (details === undefined) return codec.encode(value, errorShape);
  const shape = structure('Error', { ...errorShape.members, ...details.shape.members });
  return codec.encode({ ...value, ...details.value }, shape);
}

/** The same as Coral writes it: for this one exception, it spells the member in its own way. */
export function coralErrorBody(codec: Codec, type: string, error: ServiceError): Buffer {
  const { message } = error;
  if (error.type !== 'SerializationException' || message === '') return errorBody(codec, type, error);
  return codec.encode({ __type: type, Message: message }, errorShape);
}

const errorShape = structure('Error', { __type: required(string()), message: string(), Message: string() });
