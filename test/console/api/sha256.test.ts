import assert from 'node:assert/strict';
import { createHmac, hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { hex, hmac, ofHex, sha256, utf8 } from '../../../console/api/sha256.ts';

test('the hash of a text is that of the platform, at every length around the ends of blocks', () => {
  const bytes = Buffer.alloc(300, 'a sentence of no length in particular, ');
  for (let length = 0; length <= bytes.length; length++) {
    const text = bytes.subarray(0, length);
    assert.equal(hex(sha256(text)), hash('sha256', text), `${length} bytes`);
  }
  const large = Buffer.alloc(1_000_003, 'x');
  assert.equal(hex(sha256(large)), hash('sha256', large));
});

test('the code of a message is that of the platform, with keys of any length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 150 }), fc.uint8Array({ maxLength: 200 }), (key, message) => {
      const expected = createHmac('sha256', key).update(message).digest('hex');
      assert.equal(hex(hmac(key, message)), expected);
    }),
  );
});

test('hex is read as it was written', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      assert.deepEqual([...ofHex(hex(bytes))], [...bytes]);
    }),
  );
  assert.deepEqual([...utf8('ñ')], [0xc3, 0xb1]);
});
