import { isUtf8 } from 'node:buffer';
import type { Decoding } from '../view.ts';
import { isContainer } from './avro/avro-container.ts';
import { openAvro } from './avro/open-avro.ts';
import { cborValue, mayBeCbor } from './cbor-value.ts';
import { type Inflated, inflateLayers } from './inflated-layers.ts';
import { jsonValue, mayBeginJson } from './json-value.ts';
import { registryHeader } from './registry-header.ts';
import { Undecodable } from './undecodable.ts';

/** What data is. `forms` end with its form. */
export type Understood = {
  readonly forms: readonly string[];
  readonly schemaId?: string;
  readonly data: Buffer;
  readonly body: unknown;
  readonly trouble?: string;
};

type Understand = (data: Buffer) => Understood;

/** Never fails for what is in data. `ViewError` where the schema is none. */
export function openForm({ decoder, schema }: Decoding): Understand {
  switch (decoder) {
    case 'hex':
    case 'base64':
      // Whoever asks for bytes means those that were put.
      return (data) => ({ forms: [decoder], data, body: data.toString(decoder) });
    case 'text':
      return behindLayers((data) => understood('text', data, textOf(data)));
    case 'json':
      return behindLayers((data) =>
        inRegistry(data, (payload) => understood('json', payload, jsonOf(payload))),
      );
    case 'cbor':
      return behindLayers((data) => understood('cbor', data, cborValue(data)));
    case 'avro': {
      const avro = openAvro(schema);
      return behindLayers((data) =>
        inRegistry(data, (payload) => understood('avro', payload, avro(payload))),
      );
    }
    case 'auto':
      return behindLayers(openAuto(schema));
  }
}

type Read = (data: Buffer) => Understood;

/** Takes compression off first. What cannot be read is hex, with the reason. */
function behindLayers(read: Read): Understand {
  return (data) => {
    let inflated: Inflated = { layers: [], data };
    try {
      inflated = inflateLayers(data);
      const inside = read(inflated.data);
      return { ...inside, forms: [...inflated.layers, ...inside.forms] };
    } catch (error) {
      return asHex(inflated.layers, inflated.data, error);
    }
  };
}

function asHex(outer: readonly string[], data: Buffer, error: unknown): Understood {
  if (!(error instanceof Undecodable)) throw error;
  return { forms: [...outer, 'hex'], data, body: data.toString('hex'), trouble: error.message };
}

/** A payload behind the header of a registry, or without one. */
function inRegistry(data: Buffer, read: Read): Understood {
  const header = registryHeader(data);
  if (header === undefined) return read(data);
  const { schemaId } = header;
  let failure: unknown;
  try {
    const payload = read(header.payload());
    return { ...payload, schemaId, forms: [...header.forms, ...payload.forms] };
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    failure = error;
  }
  // It may begin like that by chance.
  return tried(() => read(data)) ?? { ...asHex(header.forms, data, failure), schemaId };
}

/** Finds out. Only what has a mark of its own is taken for something that people did not ask for. */
function openAuto(schema: string | undefined): Read {
  const avro = openAvro(schema);
  return (data) => {
    if (isContainer(data)) return understood('avro', data, avro(data));
    const header = registryHeader(data);
    if (header === undefined) return plain(data);
    const { forms, schemaId, registry } = header;
    const payload = header.payload();
    const inside =
      (schema === undefined ? undefined : tried(() => understood('avro', payload, avro(payload)))) ??
      plain(payload);
    if (inside.forms.at(-1) !== 'hex') return { ...inside, schemaId, forms: [...forms, ...inside.forms] };
    const trouble = `it seems to have a schema of ${registry}, ${schemaId}, which is to be given to decode it`;
    return { ...plain(data), schemaId, trouble };
  };
}

function plain(data: Buffer): Understood {
  const json =
    isUtf8(data) && mayBeginJson(data[0])
      ? tried(() => understood('json', data, jsonValue(data)))
      : undefined;
  if (json !== undefined) return json;
  if (isText(data)) return understood('text', data, data.toString());
  const cbor = mayBeCbor(data) ? tried(() => understood('cbor', data, cborValue(data))) : undefined;
  return cbor ?? understood('hex', data, data.toString('hex'));
}

function tried(read: () => Understood): Understood | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Undecodable) return undefined;
    throw error;
  }
}

function understood(form: string, data: Buffer, body: unknown): Understood {
  return { forms: [form], data, body };
}

function textOf(data: Buffer): string {
  if (!isUtf8(data)) throw new Undecodable('it is no UTF-8');
  return data.toString();
}

function jsonOf(data: Buffer): unknown {
  if (!isUtf8(data)) throw new Undecodable('it is no UTF-8');
  return jsonValue(data);
}

/**
 * UTF-8 without what no text has: control characters other than tabs, ends of lines and pages, and escape.
 */
function isText(data: Buffer): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
  return isUtf8(data) && !/[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f]/.test(data.toString());
}
