import { type Reader, skipToken, type Token } from './reader.ts';
import { ServiceError } from './service-error.ts';
import type { Shape } from './shape.ts';
import type { Given, TypeErrors } from './type-error.ts';

/**
 * What the newer of AWS's parsers says of values of the wrong type, as DynamoDB was seen to answer (the tests
 * of dynalite, which were run against it). `namespace` is that of Java's classes.
 */
export function payloadErrors(namespace: string): TypeErrors {
  return {
    of: (shape, given, reader, isEntry) => refusal(textOf(namespace, shape, given, reader, isEntry)),
    ofText: (error, given) => refusal(textOfText(error.message, given)),
  };
}

function refusal(message: string): ServiceError {
  return new ServiceError('SerializationException', message);
}

function textOf(namespace: string, shape: Shape, given: Given, reader: Reader, isEntry: boolean): string {
  if (given === 'list' || given === 'map') {
    skipToken(reader, given);
    if (given === 'map') return 'Start of structure or map found where not expected';
    return `Unrecognized collection type ${collectionOf(namespace, shape)}`;
  }
  const name = valueName(reader, given);
  if (shape.kind === 'list' || shape.kind === 'map') return 'Unexpected field type';
  if (shape.kind === 'structure' || shape.kind === 'union') {
    return isEntry ? 'Unexpected value type in payload' : 'Unexpected field type';
  }
  if (shape.kind === 'blob') return 'only base-64-encoded strings are convertible to bytes';
  return `${name} cannot be converted to ${classOf(shape)}`;
}

/** What the parser calls a token, and the value is passed over. */
function valueName(reader: Reader, given: Exclude<Given, 'list' | 'map'>): string {
  if (given === 'boolean') return reader.boolean() ? 'TRUE_VALUE' : 'FALSE_VALUE';
  if (given === 'number') return Number.isInteger(reader.number()) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
  skipToken(reader, given);
  return 'STRING_VALUE';
}

function collectionOf(namespace: string, shape: Shape): string {
  if (shape.kind === 'blob') return 'class java.nio.ByteBuffer';
  if (shape.kind === 'map') {
    return `java.util.Map<java.lang.String, ${classIn(namespace, shape.value)}>`;
  }
  return `class ${classIn(namespace, shape)}`;
}

function classIn(namespace: string, shape: Shape): string {
  if (shape.kind === 'lazy') return classIn(namespace, shape.shape());
  if (shape.kind === 'structure' || shape.kind === 'union') return `${namespace}.${shape.name}`;
  if (shape.kind === 'list') return `java.util.List<${classIn(namespace, shape.item)}>`;
  return `java.lang.${classOf(shape)}`;
}

function classOf({ kind }: Shape): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}

/** The usual texts begin with what was given. */
function textOfText(usual: string, given: Token): string {
  if (given === 'number') return 'NUMBER_VALUE cannot be converted to Boolean';
  const at = usual.lastIndexOf(blobText);
  return at === -1 ? 'Unexpected token received from parser' : usual.slice(at + blobText.length);
}

const blobText = ' can not be converted to a Blob: ';
