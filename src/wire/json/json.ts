import { type Codec, codec } from '../codec.ts';
import { type ReadRules, usualRules } from '../reader.ts';
import { fastJson } from './fast-json-reader.ts';
import { JsonReader } from './json-reader.ts';
import { JsonWriter } from './json-writer.ts';

/** awsJson1_1, which every SDK but Java's speaks. */
export const json = jsonOf('application/x-amz-json-1.1');

/** awsJson1_0. A body may be empty (smithy.io, "AWS JSON 1.0 protocol", "Empty body serialization"). */
export const json10 = json10Of(usualRules);

/** The same for a service whose inputs may be as these rules say. */
export function json10Of(rules: ReadRules): Codec {
  const bodyOf = (body: Buffer) => (body.length === 0 ? emptyObject : body);
  return jsonOf('application/x-amz-json-1.0', bodyOf, rules);
}

/** restJson1. */
export const restJson = jsonOf('application/json');

function jsonOf(contentType: string, bodyOf = (body: Buffer) => body, rules = usualRules): Codec {
  return codec({
    contentType,
    reader: (body) => new JsonReader(bodyOf(body), rules),
    writer: () => new JsonWriter(),
    fast: fastJson,
  });
}

const emptyObject = Buffer.from('{}');
