import type { ByteSink } from './byte-sink.ts';
import { type FastEncoding, type Scanner, scannerOf } from './columns.ts';
import { type FirstTypeError, type Reader, read, skip } from './reader.ts';
import { ServiceError } from './service-error.ts';
import type { OutputOf, Shape, StructureShape, TypeOf } from './shape.ts';
import { type Writer, writeValue } from './writer.ts';

/** An encoding of values as bytes: JSON, and two dialects of CBOR. */
export interface Codec {
  readonly contentType: string;
  /**
   * The value in a body, not yet validated: required members may be missing, list items may be null. Blobs
   * may be views of the body or of one shared buffer. A body that is not a well-formed object is a
   * SerializationException without a message, whatever else is wrong with it; a value of the wrong type is
   * one with AWS's text.
   */
  decode<S extends Shape>(body: Buffer, shape: S): TypeOf<S>;
  encode<S extends Shape>(value: OutputOf<S>, shape: S): Buffer;
  /** The same in pieces, of which some may be shared with other answers. */
  encodePieces<S extends Shape>(value: OutputOf<S>, shape: S): readonly Buffer[];
  /** A writer of items to be put into a list, see `OwnList`. */
  itemWriter(): Writer;
  /** Whether a body is an object, and nothing else, in this encoding. */
  wellFormed(body: Buffer): boolean;
  /** Compiles the scanner of plain bodies of a shape. */
  scanner<S extends StructureShape>(shape: S): Scanner<S>;
}

/** What codecs differ in. */
type Declaration = {
  readonly contentType: string;
  readonly reader: (body: Buffer) => Reader;
  readonly writer: () => Writer;
  /** Reads plain bodies. */
  readonly fast: FastEncoding;
};

export function codec({ contentType, reader, writer, fast }: Declaration): Codec {
  const wellFormed = (body: Buffer): boolean => isObject(body, reader);
  const write = (value: unknown, shape: Shape): ByteSink => {
    const output = writer();
    writeValue(output, shape, value);
    return output.sink;
  };
  const encode = (value: unknown, shape: Shape): Buffer => write(value, shape).bytes();
  return {
    contentType,
    scanner: (shape) => scannerOf(shape, fast),
    wellFormed,
    encode,
    itemWriter: () => writer().forItems(),
    encodePieces: (value, shape) => write(value, shape).pieces(),
    decode: <S extends Shape>(body: Buffer, shape: S) => decode(reader(body), shape) as TypeOf<S>,
  };
}

function decode(reader: Reader, shape: Shape): unknown {
  if (reader.peek() !== 'map') throw new ServiceError('SerializationException');
  const wrong: FirstTypeError = { first: undefined };
  const value = read(reader, shape, wrong);
  reader.end();
  if (wrong.first !== undefined) throw wrong.first;
  return value;
}

function isObject(body: Buffer, read: (body: Buffer) => Reader): boolean {
  try {
    const reader = read(body);
    if (reader.peek() !== 'map') return false;
    skip(reader);
    reader.end();
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.type === 'SerializationException') return false;
    throw error;
  }
}
