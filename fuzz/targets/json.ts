import { isUtf8 } from 'node:buffer';
import { json } from '../../src/wire/json/json.ts';
import { depthMax } from '../../src/wire/reader.ts';
import { seedsOf, type Target } from '../target.ts';
import { compareScan, scannerOf } from './put-shape.ts';
import { compareDecoding, type Seen, sampleNames } from './sample-shape.ts';

/** The reader of JSON against the platform's, which keeps no limits. */
export const jsonTarget: Target = {
  name: 'json',
  seeds: seedsOf(
    '{"Text":"a\\u00e9\\n","Count":-12,"Time":1.5e9,"Data":"aGk=","Tags":{"a":"b"},"Entries":[{"Key":"k"},null]}',
    '{"Text":"é😀","Unknown":[[{}],true,false,null,"x",0.5E-3]}',
    ' {\n"Tags" : { "__proto__": "x", "constructor":"y" } }\t',
    '{"Text":"\\ud83d\\ude00\\/\\"\\\\","Data":"\\u0041AAA"}',
  ),
  words: [
    ...sampleNames.map((name) => `"${name}":`),
    ...['{', '}', '[', ']', ',', ':', '"', '\\', '\\u00', '\\ud800', 'null', 'true', 'false', '-0', '1e400'],
    ...[
      '"aGk="',
      '"Data":"aG=="',
      '[[[[[[[[',
      '{"a":{"a":',
      '\ufeff',
      '\xff',
      '\xed\xa0\x80',
      '\x1f',
      ' \t\r\n',
    ],
  ],
  run: (body) => compareDecoding(json, body, seenIn(body)),
};

const scan = scannerOf(json);

/** The fast path of puts in JSON against the reader. */
export const fastJsonTarget: Target = {
  name: 'fast-json',
  seeds: seedsOf(
    '{"Records":[{"Data":"aGk=","Key":"k"},{"Data":"aGk=","Key":"l","Hash":"12"}],"Name":"orders"}',
    '{"Name":"a-b","Records":[{"Key":"~","Data":""}]}',
    '{ "Records" : [ {"Data" :"AAECAwQF","Key":"k" } ] }',
  ),
  words: [
    ...[
      '"Records":',
      '"Data":',
      '"Key":',
      '"Hash":',
      '"Name":',
      '[{',
      '}]',
      '},{',
      '"',
      ',',
      '\\',
      '\\u0041',
    ],
    ...[
      '"aGk="',
      '"aGl="',
      '"-_=="',
      '{"Data":"aGk=","Key":"k"}',
      '"0"',
      ' '.repeat(300),
      'null',
      '==',
      '=',
      'é',
    ],
  ],
  run: (body) => compareScan(json, scan, body),
};

function seenIn(body: Buffer): Seen | undefined {
  if (!isUtf8(body)) return undefined;
  try {
    return seen(JSON.parse(body.toString()), 0);
  } catch (error) {
    if (error instanceof SyntaxError || error === tooDeep) return undefined;
    throw error;
  }
}

const tooDeep = new Error('deeper than any request');

function seen(value: unknown, depth: number): Seen {
  if (typeof value !== 'object' || value === null) return value as Seen;
  if (depth === depthMax) throw tooDeep;
  if (Array.isArray(value)) return value.map((item) => seen(item, depth + 1));
  return new Map(Object.entries(value).map(([name, member]) => [name, seen(member, depth + 1)]));
}
