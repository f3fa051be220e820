import { isUtf8 } from 'node:buffer';
import { bufferOf } from '../env/buffer-of.ts';
import { decodeBase64 } from './base64.ts';
import { malformed } from './reader.ts';
import { ServiceError } from './service-error.ts';
import type { BlobShape, BooleanShape, NumberShape, StringShape, TimestampShape } from './shape.ts';
import { typeError } from './type-error.ts';

/** Values that protocols write as one text: in a form, a path, a query, a header. */
export type ScalarShape = StringShape | NumberShape | BooleanShape | TimestampShape | BlobShape;

/** How a point in time is written (smithy.io, "timestampFormat trait"). */
type TimeFormat = 'date-time' | 'http-date';

/**
 * Reads a value from UTF-8 text with one character per byte. Invalid texts and numbers out of range are
 * SerializationExceptions, as in Smithy's protocol tests ("malformed-integer", "malformed-boolean",
 * "malformed-timestamp"); the texts are those of a wrong type in JSON.
 */
export function readScalar(
  shape: ScalarShape,
  text: string,
  timeFormat: TimeFormat,
): string | number | boolean | Buffer {
  switch (shape.kind) {
    case 'string':
      return utf8Of(text);
    case 'blob':
      return decodeBase64(text);
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      break;
    case 'timestamp':
      return readTime(text, timeFormat);
    default:
      return readNumber(shape, text);
  }
  throw typeError(shape, 'string');
}

/** Decodes UTF-8 that comes as one character per byte; SerializationException when it is invalid. */
export function utf8Of(bytes: string): string {
  if (!/[\u0080-\u00ff]/.test(bytes)) return bytes;
  const buffer = Buffer.from(bytes, 'latin1');
  if (!isUtf8(buffer)) throw malformed();
  return buffer.toString('utf8');
}

/** The text of a value. */
export function printScalar(shape: ScalarShape, value: unknown, timeFormat: TimeFormat): string {
  if (shape.kind === 'timestamp') return printTime(value as number, timeFormat);
  if (shape.kind !== 'blob') return String(value);
  return bufferOf(value as Uint8Array).toString('base64');
}

function readNumber(shape: NumberShape, text: string): number {
  const isWhole = shape.kind === 'integer' || shape.kind === 'long';
  if (!(isWhole ? wholeForm : numberForm).test(text)) throw typeError(shape, 'string');
  const value = Number(text);
  const max = shape.kind === 'integer' ? 2 ** 31 : 2 ** 63;
  // The largest long is rounded to 2^63, the next double.
  const isIn = !isWhole || (value >= -max && (shape.kind === 'integer' ? value < max : value <= max));
  if (!isIn) throw typeError(shape, 'string');
  return shape.kind === 'float' ? Math.fround(value) : value;
}

const wholeForm = /^[+-]?\d{1,40}$/;
const numberForm = /^(?:[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,9})?|NaN|-?Infinity)$/;

function readTime(text: string, format: TimeFormat): number {
  const form = format === 'date-time' ? dateTimeForm : httpDateForm;
  const time = form.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new ServiceError('SerializationException', `Expected a ${format}, not '${text.slice(0, 100)}'`);
  return time;
}

/** RFC 3339 §5.6, and RFC 9110 §5.6.7, with a fraction as Smithy has it. */
const dateTimeForm = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;
const httpDateForm =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d(?:\.\d{1,3})? GMT$/;

function printTime(milliseconds: number, format: TimeFormat): string {
  const date = new Date(milliseconds);
  return format === 'http-date' ? date.toUTCString() : date.toISOString().replace('.000Z', 'Z');
}
