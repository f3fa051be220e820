import avsc from 'avsc';
import { ViewError } from '../../view-error.ts';
import { Undecodable } from '../undecodable.ts';
import { containerValues, isContainer } from './avro-container.ts';
import { AvroCursor } from './avro-cursor.ts';
import { type AvroRead, avroReader } from './avro-reader.ts';

/**
 * Reads Avro: an object container file by its own schema, as the list of its values, or the binary encoding
 * by the one that is given. What is read throws `Undecodable`; a given schema that is none is a `ViewError`.
 */
export function openAvro(schema: string | undefined): (data: Buffer) => unknown {
  const given = schema === undefined ? undefined : readerBy(schema, (reason) => new ViewError(reason));
  return (data) => {
    if (isContainer(data)) return containerValues(data, containerReader);
    if (given === undefined) throw new Undecodable('it says no schema, and none is given');
    const cursor = new AvroCursor(data);
    const value = given(cursor);
    if (!cursor.isAtEnd) throw new Undecodable('it does not fit the schema: something follows');
    return value;
  };
}

const containerReader = (schema: string) =>
  readerBy(schema, () => new Undecodable('the schema that it says is none'));

/**
 * The library checks a schema. It does not read by it: it takes a count of a billion for one, and rounds
 * longs.
 */
function readerBy(schema: string, failure: (reason: string) => Error): AvroRead {
  if (schema.length > schemaCharactersMax) throw failure('the schema is longer than 1 MiB');
  const text = schema.trim();
  try {
    // A name alone is a schema as well: `string`.
    const parsed: unknown = /^[{["]/.test(text) ? JSON.parse(text) : text;
    // Readings of unions do not matter here, but the library refuses some without saying so.
    avsc.Type.forSchema(parsed as avsc.Schema, { wrapUnions: 'always' });
    return avroReader(parsed);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw failure(`that is no Avro schema: ${error.message}`);
  }
}

const schemaCharactersMax = 1024 * 1024;
