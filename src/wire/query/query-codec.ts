import assert from 'node:assert/strict';
import type { Codec } from '../codec.ts';
import type { OutputOf, Shape, TypeOf } from '../shape.ts';
import { formOf, formParameters } from './form.ts';
import { formValue } from './form-value.ts';
import { xmlOf } from './xml.ts';

/** Reads forms and writes XML. Its answers are small, so they are written at once. */
export const queryCodec: Codec = {
  contentType: 'application/x-www-form-urlencoded',
  decode: (body, shape) => decodeForm(body, shape),
  encode: encodeXml,
  encodePieces: (value, shape) => [encodeXml(value, shape)],
  // Any text is a form.
  wellFormed: () => true,
  itemWriter: () => assert.fail('an answer in XML is written at once'),
  scanner: () => assert.fail('a form has no fast path'),
};

function decodeForm<S extends Shape>(body: Buffer, shape: S): TypeOf<S> {
  return formValue(shape, formOf(formParameters(body))) as TypeOf<S>;
}

function encodeXml<S extends Shape>(value: OutputOf<S>, shape: S): Buffer {
  return Buffer.from(xmlOf(shape, value));
}
