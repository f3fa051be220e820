import assert from 'node:assert/strict';
import { isAscii } from 'node:buffer';
import { formParameters } from '../../src/wire/query/form.ts';
import { queryCodec } from '../../src/wire/query/query-codec.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { seedsOf, type Target } from '../target.ts';
import { sampleNames, sampleShape } from './sample-shape.ts';

/** Forms, against the platform's `URLSearchParams`, and values in them. */
export const queryTarget: Target = {
  name: 'query',
  seeds: seedsOf(
    'Action=A&Text=a+b%C3%A9&Count=3&Data=aGk%3D&Tags.entry.1.key=a&Tags.entry.1.value=b&Entries.member.2.Key=k',
    'Entries.member.1.Data=aGk=&Entries.member.10.Key=&Time=2020-01-01T00:00:00Z&Unknown.x.y=z',
  ),
  words: [
    ...sampleNames.map((name) => `${name}=`),
    ...[
      '&',
      '=',
      '.',
      '+',
      '%',
      '%2',
      '%2B',
      '%zz',
      '%00',
      '%ff',
      '.member.',
      '.entry.',
      '.1',
      '.0',
      '.01',
      '.-1',
    ],
    ...['.999999999', '.key=', '.value=', '__proto__', 'constructor', 'a.a.a.a.a.a.', 'é'],
  ],
  run: (body) => {
    // Beside an escape that is no UTF-8, the platform keeps but the low byte of what is not ASCII.
    if (isAscii(body) && body[0] !== question) {
      const ours = formParameters(body).map((pair) =>
        pair.map((text) => Buffer.from(text, 'latin1').toString()),
      );
      const theirs = [...new URLSearchParams(body.toString())];
      // What has no name and no value is no parameter to the platform.
      assert.deepEqual(
        ours.filter(([name, value]) => name !== '' || value !== ''),
        theirs.filter(([name, value]) => name !== '' || value !== ''),
      );
    }
    try {
      return `read: ${Object.keys(queryCodec.decode(body, sampleShape)).sort()}`;
    } catch (error) {
      assert(error instanceof ServiceError && error.type === 'SerializationException');
      return `refused: ${error.message.replace(/[^A-Za-z ].*/s, '')}`;
    }
  },
};

const question = 0x3f;
