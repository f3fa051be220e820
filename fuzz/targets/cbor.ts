import assert from 'node:assert/strict';
import { cbor } from '../../src/wire/cbor/cbor.ts';
import { seedsOf, type Target } from '../target.ts';
import { cborObjectIn } from './cbor-reference.ts';
import { compareScan, decoded, putShape, scannerOf } from './put-shape.ts';
import { compareDecoding, sampleNames, sampleShape } from './sample-shape.ts';

const text = (value: string) => String.fromCharCode(0x60 | value.length) + value;

const sample = cbor.encode(
  {
    Text: 'aé',
    Count: -12,
    Time: 1_500_000_000_123,
    Data: Buffer.from('hi'),
    Tags: { a: 'b' },
    Entries: [{ Key: 'k' }, { Data: Buffer.alloc(300) }],
  },
  sampleShape,
);

/** Heads of every type and width, and breaks. */
const heads = [
  '\x00',
  '\x18\xff',
  '\x1b',
  '\x20',
  '\x40',
  '\x5f',
  '\x60',
  '\x7f',
  '\x80',
  '\x9f',
  '\xa0',
  '\xa1',
];
const more = [
  '\xbf',
  '\xc1',
  '\xc2',
  '\xf4',
  '\xf6',
  '\xf7',
  '\xf8',
  '\xf9',
  '\xfa',
  '\xfb',
  '\xff',
  '\x9f\x9f\x9f',
];

/** The reader of CBOR against one that is written by the letter of its RFC. */
export const cborTarget: Target = {
  name: 'cbor',
  seeds: seedsOf(
    sample,
    Buffer.from('bf6454657874780361c3a9644461746142686964546167 73a0ff'.replaceAll(' ', ''), 'hex'),
  ),
  words: [...sampleNames.map(text), ...heads, ...more],
  run: (body) => {
    const answer = compareDecoding(cbor, body, cborObjectIn(body));
    if (!answer.startsWith('read')) return answer;
    // What it read it can write, and reads again. A list may not have nulls in it, which validation says.
    const value = cbor.decode(body, sampleShape);
    if (value.Entries?.includes(undefined!)) return answer;
    const again = cbor.decode(cbor.encode(value, sampleShape), sampleShape);
    if (!answer.includes('Time')) assert.deepEqual(again, value);
    return answer;
  },
};

const scan = scannerOf(cbor);

const put = cbor.encode(
  {
    Records: [
      { Data: Buffer.from('hi'), Key: 'k' },
      { Data: Buffer.alloc(30), Key: 'l', Hash: '12' },
    ],
    Name: 'o',
  },
  putShape,
);

/** The fast path of puts in CBOR against the reader. */
export const fastCborTarget: Target = {
  name: 'fast-cbor',
  seeds: [put, Buffer.from('a1675265636f72647381a2644461746142 6869634b6579616b'.replaceAll(' ', ''), 'hex')],
  words: [...['Records', 'Data', 'Key', 'Hash', 'Name'].map(text), ...heads, ...more],
  run: (body) => {
    const answer = compareScan(cbor, scan, body);
    return answer === 'general' && 'value' in decoded(cbor, body) ? 'general, and read' : answer;
  },
};
