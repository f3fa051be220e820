import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DamagedError } from '../../../../src/log/log.ts';
import { ByteWriter } from '../../../../src/services/dynamodb/tables/byte-text.ts';
import {
  decodeItem,
  decodeKey,
  encodeItem,
  encodeKey,
  keyOfEncoded,
  pick,
  sizeOfEncoded,
} from '../../../../src/services/dynamodb/tables/encoded-item.ts';
import { copyOf } from '../../../../src/services/dynamodb/values/attribute-value.ts';
import { sizeOf } from '../../../../src/services/dynamodb/values/size.ts';
import { arbitraryItem, arbitraryKey } from './arbitrary-item.ts';

const schema = { hash: { name: 'h', type: 'S' }, range: { name: 'r', type: 'B' } } as const;

test('an item comes out of its bytes as it went in, and parts of it do without the rest', () => {
  const writer = new ByteWriter();
  fc.assert(
    fc.property(arbitraryItem, arbitraryKey.S, arbitraryKey.B, (more, h, r) => {
      const item = copyOf({ ...copyOf(more), h, r });
      const encoded = encodeItem(writer, schema, item);
      assert.deepEqual(decodeItem(encoded), item);
      assert.equal(Object.getPrototypeOf(decodeItem(encoded)), null);
      assert.equal(sizeOfEncoded(encoded), sizeOf(item));
      assert.deepEqual(keyOfEncoded(encoded), [h, r]);
      assert.deepEqual(decodeKey(encodeKey(writer, [h, r])), [h, r]);
      assert.deepEqual(decodeKey(encodeKey(writer, [h])), [h]);
      for (const name in item) {
        assert.deepEqual(pick(encoded, new Set([name, 'not there'])), copyOf({ [name]: item[name]! }));
      }
    }),
    { numRuns: 60 },
  );
});

test('bytes that were cut off are damage', () => {
  const encoded = encodeItem(new ByteWriter(), schema, copyOf({ h: { S: 'a' }, r: { B: Buffer.from('b') } }));
  for (let length = 0; length < encoded.length; length++) {
    assert.throws(() => decodeItem(encoded.slice(0, length)), DamagedError);
  }
});
