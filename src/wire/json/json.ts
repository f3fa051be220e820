import { codec } from '../codec.ts';
import { fastJson } from './fast-json-reader.ts';
import { outlineOf } from './json-outline.ts';
import { JsonReader } from './json-reader.ts';
import { JsonWriter } from './json-writer.ts';

/** awsJson1_1, which every SDK but Java's speaks. */
export const json = codec({
  contentType: 'application/x-amz-json-1.1',
  reader: (body) => new JsonReader(body),
  *largeReader(body) {
    return new JsonReader(body, yield* outlineOf(body));
  },
  writer: () => new JsonWriter(),
  fast: fastJson,
});
