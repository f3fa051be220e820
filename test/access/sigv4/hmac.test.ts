import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { HmacKey } from '../../../src/access/sigv4/signing-key.ts';
import '../../property-seed.ts';
import { anyCharacter } from '../../any-character.ts';

test('a code is the one that the platform makes, whatever key and text, and texts in turn', () => {
  const keys = fc.uint8Array({ maxLength: 200 });
  const texts = fc.array(fc.string({ unit: anyCharacter, maxLength: 2000, size: 'max' }), { maxLength: 5 });
  fc.assert(
    fc.property(keys, texts, (key, signed) => {
      const hmacKey = new HmacKey(key);
      for (const text of signed) {
        assert.equal(hmacKey.sign(text), createHmac('sha256', key).update(text).digest('hex'));
      }
    }),
  );
});

test('keys and texts around the length of a block and of what is prepared make no difference', () => {
  for (const keyLength of [0, 1, 31, 32, 63, 64, 65, 1000]) {
    const key = Buffer.alloc(keyLength, 'k');
    const hmacKey = new HmacKey(key);
    for (const textLength of [0, 1, 55, 56, 64, 341, 342, 1024, 1025, 5000]) {
      for (const character of ['x', 'é', '€', '😀']) {
        const text = character.repeat(textLength);
        assert.equal(hmacKey.sign(text), createHmac('sha256', key).update(text).digest('hex'));
      }
    }
  }
});
